import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { demoSeed } from '@scim-onboarding/genesys-simulator';
import {
  cancelRoster,
  listRosters,
  planRosterRetry,
  retryRoster,
  rosterExecution,
  rosterProgress,
  setRosterPaused,
  type RosterGroup,
} from '@scim-onboarding/onboarding-client';
import {
  onboardingWorkflowId,
  rosterGroupsQuery,
  rosterPartId,
  type RosterProgress,
} from '@scim-onboarding/onboarding-contract';
import { startRig, type Rig } from './support/rig.ts';
import {
  madeOf,
  resultsOf,
  rosterResult,
  smallGroups,
  startNamed,
  summariesOf,
  untilProgress,
  untilThrough,
} from './support/rosters.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await startRig({ seed: demoSeed });
});
let stop: (() => Promise<void>) | undefined;
afterEach(async () => {
  rig.simulator.clearFaults();
  await stop?.();
});
afterAll(() => rig.close());

async function work(env: Readonly<Record<string, string>> = {}): Promise<void> {
  stop = await rig.work({ env });
}

/** Runs of the groups of a roster, as the server lists them. */
async function groupRuns(rosterId: string): Promise<string[]> {
  const ids: string[] = [];
  const query = `WorkflowType = 'onboardGroup' AND ${rosterGroupsQuery(rosterId)}`;
  for await (const { workflowId } of rig.client.workflow.list({ query })) ids.push(workflowId);
  return ids.toSorted();
}

/** All runs of a workflow id, the oldest first. */
async function chainOf(workflowId: string): Promise<string[]> {
  const runs: { readonly runId: string; readonly at: Date }[] = [];
  for await (const { runId, startTime } of rig.client.workflow.list({ query: `WorkflowId = '${workflowId}'` }))
    runs.push({ runId, at: startTime });
  return runs.toSorted((a, b) => a.at.getTime() - b.at.getTime()).map(({ runId }) => runId);
}

/** A target that does not create these groups until its faults are cleared. Gives what waits until it has refused each once. */
function refuseToCreate(...externalIds: string[]): () => Promise<void> {
  const since = rig.simulator.requests().length;
  for (const externalId of externalIds) {
    const match = { method: 'POST', bodyIncludes: `"${externalId}"`, path: '/groups' };
    rig.simulator.addFault({ kind: 'respond', status: 503, times: 'always', match });
  }
  const refused = (): number =>
    rig.simulator
      .requests()
      .slice(since)
      .filter(({ status, path }) => status === 503 && path.includes('/groups')).length;
  return () => expect.poll(refused, { timeout: 20_000 }).toBeGreaterThanOrEqual(externalIds.length);
}

describe('a roster that continues as new', () => {
  const groups = smallGroups('long', 12);

  it('runs each group once, keeps its pause, and delivers one summary', { timeout: 120_000 }, async () => {
    await work();
    const gate = new AbortController();
    async function* gated(): AsyncGenerator<RosterGroup> {
      yield* groups.slice(0, 2);
      await new Promise((resolve) => gate.signal.addEventListener('abort', resolve));
      yield* groups.slice(2);
    }
    // The third part is not there when the roster wants to begin it: the pause comes while it waits for it.
    const starting = startNamed(rig, 'long', groups, { groupsPerPart: 1, partsAtOnce: 1, startsPerRun: 3 }, gated());
    const rosterId = `onboard-roster:default:${'long'.padEnd(16, '0')}`;
    await untilProgress(rig, rosterId, ({ settled }) => settled === 2);
    const first = (await rig.client.workflow.getHandle(rosterId).describe()).runId;
    await setRosterPaused(rig.client, rosterId, true);
    await untilProgress(rig, rosterId, ({ paused }) => paused);
    gate.abort();
    const started = await starting;
    expect(started).toMatchObject({ rosterId, runId: first, parts: 12, joined: false });

    // It begins the third part as one that is paused, and continues as new.
    const handle = rig.client.workflow.getHandle(rosterId);
    await expect.poll(async () => (await handle.describe()).runId, { timeout: 30_000 }).not.toBe(first);
    const part = rig.client.workflow.getHandle(rosterPartId(rosterId, first, 2));
    await expect
      .poll(async () =>
        (await part.fetchHistory()).events?.some((event) => event.workflowExecutionSignaledEventAttributes),
      )
      .toBe(true);
    expect(await rosterProgress(rig.client, rosterId)).toMatchObject({
      run: first,
      paused: true,
      settled: 2,
      counts: { created: 2 },
      partsDone: 2,
    });
    expect(madeOf(rig, 'long')).toEqual(['long-0', 'long-1']);
    expect((await startNamed(rig, 'long', groups)).joined).toBe(true);

    await setRosterPaused(rig.client, rosterId, false);
    const seen: RosterProgress[] = [];
    for (let last: RosterProgress | undefined; last?.endedAt === undefined;) {
      last = await rosterProgress(rig.client, rosterId);
      seen.push(last);
    }
    // No look, also none right after a continue-as-new, shows less than the one before.
    expect(seen.map(({ settled }) => settled)).toEqual(seen.map(({ settled }) => settled).toSorted((a, b) => a - b));
    expect(new Set(seen.map(({ run, startedAt }) => `${run} ${startedAt}`)).size).toBe(1);

    expect(await rosterResult(rig, rosterId)).toMatchObject({
      groups: 12,
      settled: 12,
      counts: { created: 12 },
      missingParts: [],
      webhook: { state: 'delivered', attempts: 1 },
    });
    expect(madeOf(rig, 'long')).toHaveLength(12);
    expect(new Set(madeOf(rig, 'long')).size).toBe(12);
    const ids = groups.map(({ definition }) => onboardingWorkflowId('default', definition.externalId)).toSorted();
    await expect.poll(() => groupRuns(rosterId)).toEqual(ids);
    await expect.poll(async () => (await chainOf(rosterId)).length).toBe(4);

    const summaries = summariesOf(rig, rosterId);
    expect(summaries).toHaveLength(1);
    expect(summaries[0]?.received).toMatchObject({ signatureValid: true, headers: { 'webhook-id': `msg_${first}` } });
    expect(summaries[0]?.event).toMatchObject({
      type: 'scim.roster.completed',
      data: {
        rosterId,
        runId: first,
        state: 'completed',
        name: 'long',
        groups: 12,
        counts: { created: 12 },
        unknown: 0,
      },
    });
    expect(summaries[0]?.received.rawBody).not.toMatch(/members|@/u);

    const chain = await chainOf(rosterId);
    await rig.replayOf(rosterId, chain[0], 'roster-paused-continued');
    await rig.replayOf(rosterId, chain[1]);
    await rig.replayOf(rosterId, chain[3], 'roster-continued');
    await rig.replayOf(rosterPartId(rosterId, first, 2), undefined, 'roster-part-paused');
  });

  it('loses no signal that comes while it continues', { timeout: 120_000 }, async () => {
    await work();
    const many = smallGroups('storm', 9);
    const { rosterId } = await startNamed(rig, 'storm', many, { groupsPerPart: 1, partsAtOnce: 2, startsPerRun: 1 });
    // Each pause is taken back; the last signal says what holds. With one start a run, every second event ends a run.
    for (let settled = 0; settled < 4; { settled } = await rosterProgress(rig.client, rosterId)) {
      await setRosterPaused(rig.client, rosterId, true);
      await setRosterPaused(rig.client, rosterId, false);
    }
    await setRosterPaused(rig.client, rosterId, true);
    const held = await untilProgress(rig, rosterId, ({ paused }) => paused);
    expect(held.settled).toBeLessThan(9);
    await setRosterPaused(rig.client, rosterId, false);
    await untilThrough(rig, rosterId);
    expect(await rosterResult(rig, rosterId)).toMatchObject({ counts: { created: 9 }, partsDone: 9, missingParts: [] });
    expect(madeOf(rig, 'storm')).toHaveLength(9);
    expect(summariesOf(rig, rosterId)).toHaveLength(1);
  });
});

describe('two who start the same roster at the same time', () => {
  it('are in one run, with no group twice', { timeout: 60_000 }, async () => {
    await work();
    const groups = smallGroups('twice', 6);
    const more = { groupsPerPart: 2 };
    const [one, two] = await Promise.all([
      startNamed(rig, 'twice', groups, more),
      startNamed(rig, 'twice', groups, more),
    ]);
    expect(two).toMatchObject({ rosterId: one.rosterId, runId: one.runId });
    expect(await rosterResult(rig, one.rosterId)).toMatchObject({ counts: { created: 6 }, partsDone: 3 });
    expect(madeOf(rig, 'twice')).toHaveLength(6);
    await expect.poll(async () => (await groupRuns(one.rosterId)).length).toBe(6);
    expect(summariesOf(rig, one.rosterId)).toHaveLength(1);
    await rig.replayOf(one.rosterId, undefined, 'roster-completed');
    await rig.replayOf(rosterPartId(one.rosterId, one.runId, 0), undefined, 'roster-part');
  });
});

describe('a roster that is cancelled', () => {
  it('lets begun groups finish, and runs the rest when it is tried again', { timeout: 120_000 }, async () => {
    await work();
    const groups = smallGroups('stop', 8);
    const refused = refuseToCreate('stop-0');
    const how = { groupsPerPart: 3, partsAtOnce: 1, window: 1 };
    const { rosterId, runId } = await startNamed(rig, 'stop', groups, how);
    await refused();
    await expect(planRosterRetry(rig.client, rosterId)).rejects.toMatchObject({
      type: 'RosterRuns',
      hint: expect.stringContaining(`onboard roster cancel ${rosterId}`),
    });

    await cancelRoster(rig.client, rosterId);
    await untilProgress(rig, rosterId, ({ cancel }) => cancel !== undefined);
    expect(await rosterProgress(rig.client, rosterId)).toMatchObject({ settled: 0, partsDone: 0 });
    rig.simulator.clearFaults();
    const result = await rosterResult(rig, rosterId);
    expect(result).toMatchObject({
      cancel: { withGroups: false },
      settled: 1,
      counts: { created: 1, 'not-started': 7 },
      partsDone: 3,
    });
    expect(madeOf(rig, 'stop')).toEqual(['stop-0']);
    const outcomes = (await resultsOf(rig, rosterId)).map(({ externalId, outcome }) => `${externalId} ${outcome}`);
    expect(outcomes).toEqual(['stop-0 created', ...groups.slice(1).map((_, index) => `stop-${index + 1} not-started`)]);
    expect(summariesOf(rig, rosterId).map(({ event }) => event.data)).toMatchObject([
      { state: 'cancelled', counts: { created: 1, 'not-started': 7 }, groups: 8, unknown: 0 },
    ]);
    await rig.replayOf(rosterId, undefined, 'roster-cancelled');

    const retry = await planRosterRetry(rig.client, rosterId);
    expect(retry).toMatchObject({ groups: 7, blocked: 0, unknown: 0 });
    const again = await retryRoster(rig.client, retry);
    expect(again).toMatchObject({ rosterId, joined: false });
    expect(again.runId).not.toBe(runId);
    expect(await rosterResult(rig, rosterId)).toMatchObject({ groups: 7, counts: { created: 7 }, retryOf: runId });
    expect(madeOf(rig, 'stop')).toHaveLength(8);
    expect(summariesOf(rig, rosterId).map(({ event }) => event.data)).toMatchObject([
      { state: 'cancelled' },
      { state: 'completed', groups: 7, retryOf: runId },
    ]);
    expect(await planRosterRetry(rig.client, rosterId)).toMatchObject({ groups: 0 });
  });

  it('cancels groups at work if it is told to, but none that waits for a person', { timeout: 120_000 }, async () => {
    await work();
    rig.simulator.addGroup({ displayName: 'Team_with_0', externalId: 'somebody-else' });
    const refused = refuseToCreate('with-1', 'with-2');
    const groups = smallGroups('with', 5);
    const { rosterId, runId } = await startNamed(rig, 'with', groups, { window: 2 });
    await refused();

    await cancelRoster(rig.client, rosterId, { withGroups: true });
    expect(await rosterResult(rig, rosterId)).toMatchObject({
      cancel: { withGroups: true },
      counts: { blocked: 1, cancelled: 2, 'not-started': 2 },
      problems: [{ externalId: 'with-0', outcome: 'blocked', failureType: 'NameConflict' }],
    });
    expect(madeOf(rig, 'with')).toEqual([]);
    expect(await rig.onboarding.status('with-0')).toMatchObject({ execution: 'RUNNING', stage: 'blocked' });
    await rig.replayOf(rosterPartId(rosterId, runId, 0), undefined, 'roster-part-cancelled');

    rig.simulator.clearFaults();
    const retry = await planRosterRetry(rig.client, rosterId);
    expect(retry).toMatchObject({ groups: 4, blocked: 1 });
    await retryRoster(rig.client, retry);
    expect(await rosterResult(rig, rosterId)).toMatchObject({ counts: { created: 4 } });
    expect(madeOf(rig, 'with')).toEqual(['with-1', 'with-2', 'with-3', 'with-4']);
    await rig.onboarding.resolve('with-0', { action: 'abort' });
  });

  it('ends with its result and summary also when the server is asked to cancel it', { timeout: 60_000 }, async () => {
    await work();
    const refused = refuseToCreate('ui-0');
    const { rosterId } = await startNamed(rig, 'ui', smallGroups('ui', 4), { groupsPerPart: 1, partsAtOnce: 1 });
    await refused();
    await rig.client.workflow.getHandle(rosterId).cancel();
    await untilProgress(rig, rosterId, ({ cancel }) => cancel !== undefined);
    rig.simulator.clearFaults();
    expect(await rosterResult(rig, rosterId)).toMatchObject({ counts: { created: 1, 'not-started': 3 } });
    expect(summariesOf(rig, rosterId)).toHaveLength(1);
  });
});

describe('a roster of which something was ended by hand', () => {
  it('ends its parts by a cancel when it was terminated, and can be tried again', { timeout: 120_000 }, async () => {
    await work();
    const refused = refuseToCreate('gone-0', 'gone-2');
    const groups = smallGroups('gone', 6);
    const { rosterId, runId } = await startNamed(rig, 'gone', groups, { groupsPerPart: 2, partsAtOnce: 2, window: 1 });
    await refused();
    await rig.client.workflow.getHandle(rosterId).terminate('a test');
    await expect(planRosterRetry(rig.client, rosterId)).rejects.toMatchObject({
      type: 'RosterRuns',
      message: expect.stringContaining('3 of its parts are open'),
    });
    expect(await cancelRoster(rig.client, rosterId, { withGroups: true })).toEqual({ parts: 3 });
    rig.simulator.clearFaults();
    for (let part = 0; part < 3; part++)
      await rig.client.workflow.getHandle(rosterPartId(rosterId, runId, part)).result();
    const retry = await planRosterRetry(rig.client, rosterId);
    await retryRoster(rig.client, retry);
    expect(await rosterResult(rig, rosterId)).toMatchObject({
      groups: retry.groups,
      counts: { created: retry.groups },
    });
    expect(madeOf(rig, 'gone')).toHaveLength(6);
    await expect(cancelRoster(rig.client, rosterId)).rejects.toMatchObject({ type: 'OnboardingNotFound' });
  });

  it('finds by a cancel that a part was terminated', { timeout: 60_000 }, async () => {
    await work();
    const refused = refuseToCreate('lost-0');
    const { rosterId, runId } = await startNamed(rig, 'lost', smallGroups('lost', 4), {
      groupsPerPart: 2,
      partsAtOnce: 1,
    });
    await refused();
    await rig.client.workflow.getHandle(rosterPartId(rosterId, runId, 0)).terminate('a test');
    await cancelRoster(rig.client, rosterId);
    expect(await rosterResult(rig, rosterId)).toMatchObject({ missingParts: [0], counts: { 'not-started': 2 } });
    expect(summariesOf(rig, rosterId).map(({ event }) => event.data)).toMatchObject([{ unknown: 2, groups: 4 }]);
  });
});

describe('an HRIS that is down', () => {
  const summaryOnly = { path: '/hris/', bodyIncludes: 'scim.roster.completed' };

  it('changes nothing of the outcome', { timeout: 60_000 }, async () => {
    await work({ HRIS_WEBHOOK_GIVE_UP_SECONDS: '1' });
    rig.simulator.addFault({ kind: 'respond', status: 503, times: 'always', match: summaryOnly });
    const { rosterId } = await startNamed(rig, 'down', smallGroups('down', 2));
    const result = await rosterResult(rig, rosterId);
    expect(result).toMatchObject({ counts: { created: 2 }, webhook: { state: 'undelivered' } });
    expect(result.webhook?.reason).toContain('status 503');
    expect(await rosterExecution(rig.client, rosterId)).toBe('COMPLETED');
    expect(await planRosterRetry(rig.client, rosterId)).toMatchObject({ groups: 0 });
  });

  it('can be left untold, so that the roster ends', { timeout: 60_000 }, async () => {
    await work();
    rig.simulator.addFault({ kind: 'respond', status: 503, times: 'always', match: summaryOnly });
    const { rosterId } = await startNamed(rig, 'left', smallGroups('left', 2));
    await untilProgress(rig, rosterId, ({ endedAt }) => endedAt !== undefined);
    await expect(planRosterRetry(rig.client, rosterId)).rejects.toMatchObject({ type: 'RosterTellsHris' });
    await cancelRoster(rig.client, rosterId);
    expect(await rosterResult(rig, rosterId)).toMatchObject({
      counts: { created: 2 },
      webhook: { state: 'undelivered', reason: 'Somebody gave the delivery up.' },
    });
    expect((await rosterProgress(rig.client, rosterId)).cancel).toBeUndefined();
  });

  it('is not looked for where none is set', { timeout: 60_000 }, async () => {
    await work({ HRIS_WEBHOOK_URL: '' });
    const { rosterId } = await startNamed(rig, 'none', smallGroups('none', 1));
    expect(await rosterResult(rig, rosterId)).toMatchObject({ webhook: { state: 'not-configured' } });
    expect(summariesOf(rig, rosterId)).toEqual([]);
  });
});

describe('what people see of rosters', () => {
  it('is in the current details and in the list', { timeout: 60_000 }, async () => {
    await work();
    rig.simulator.addGroup({ displayName: 'Team_seen_1', externalId: 'another' });
    const { rosterId } = await startNamed(rig, 'seen', smallGroups('seen', 3));
    await rosterResult(rig, rosterId);
    const metadata = await rig.client.workflow
      .getHandle(rosterId)
      .query<{ readonly currentDetails?: string }>('__temporal_workflow_metadata');
    expect(metadata.currentDetails).toContain('- `onboard-group:default:seen-1` NameConflict');
    expect(metadata.currentDetails).toContain('**Summary to the HRIS** delivered');
    await expect
      .poll(async () => {
        for await (const roster of listRosters(rig.client)) if (roster.rosterId === rosterId) return roster;
        return undefined;
      })
      .toMatchObject({ name: 'seen', groups: 3, execution: 'COMPLETED' });
    // One entry for a roster, however often it continued as new.
    const ids: string[] = [];
    for await (const roster of listRosters(rig.client, { limit: 100 })) ids.push(roster.rosterId);
    expect(ids.filter((id) => id.includes(':long'))).toHaveLength(1);
    await rig.onboarding.resolve('seen-1', { action: 'abort' });
  });
});
