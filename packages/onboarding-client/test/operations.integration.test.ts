import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ListOptions, OnboardingClient, OnboardingSummary } from '../src/index.ts';
import { definition, startRig, WORKFLOWS, type Rig } from './support/rig.ts';

let rig: Rig;
let onboarding: OnboardingClient;

beforeAll(async () => {
  rig = await startRig();
  onboarding = rig.onboarding;
});
afterAll(() => rig?.close());

/** Starts a run and waits until it is blocked. */
async function blockedRun(options: { readonly tenant?: string } = {}) {
  const group = definition('block');
  const run = await onboarding.start(group, options);
  await expect(run.result({ whenBlocked: 'throw', deadlineMs: 20_000 })).rejects.toThrow('waits for a person');
  return { group, run };
}

async function listed(options: ListOptions): Promise<OnboardingSummary[]> {
  const runs: OnboardingSummary[] = [];
  for await (const run of onboarding.list(options)) runs.push(run);
  return runs;
}

describe('a blocked run', () => {
  it('is told to who waits for its result, if asked to', async () => {
    const { run } = await blockedRun();
    await expect(run.result({ whenBlocked: 'throw' })).rejects.toMatchObject({
      name: 'OnboardingBlockedError',
      type: 'OnboardingBlocked',
      workflowId: run.workflowId,
      runId: run.runId,
      hint: 'Give the permission to the client.',
      blocked: { block: 1, step: 'create-group', type: 'Forbidden', allowed: ['retry', 'adopt', 'abort'] },
    });
    await expect(run.result({ deadlineMs: 300 })).rejects.toMatchObject({ type: 'DeadlineExceeded' });
    expect(await onboarding.status(run.workflowId)).toMatchObject({
      stage: 'blocked',
      blockedReason: 'Forbidden',
      blocked: { block: 1 },
    });
    await onboarding.cancel(run.workflowId);
  });

  it('does not hinder a result that comes', async () => {
    const run = await onboarding.start(definition());
    expect(await run.result({ whenBlocked: 'throw' })).toMatchObject({ outcome: 'created' });
    const failed = await onboarding.start(definition('block'), { onFailure: 'fail' });
    await expect(failed.result({ whenBlocked: 'throw' })).rejects.toMatchObject({ type: 'Forbidden' });
  });

  it('goes on with a corrected definition; the story tells who decided', async () => {
    const { group, run } = await blockedRun();
    const { description: _, ...amended } = group;
    const resolved = await onboarding.resolve(
      group.externalId,
      { action: 'retry', definition: amended },
      { by: 'ann' },
    );
    expect(resolved).toMatchObject({
      action: 'retry',
      block: 1,
      runId: run.runId,
      blocked: { type: 'Forbidden', step: 'create-group' },
    });
    expect(await run.result()).toMatchObject({ outcome: 'created' });
    expect((await onboarding.status(group.externalId)).resolutions).toEqual([{ block: 1, action: 'retry', by: 'ann' }]);
    const story = await onboarding.story(group.externalId);
    expect(story.decisions).toMatchObject([{ action: 'retry', block: 1, by: 'ann', amended: true }]);
    expect(story.steps).toMatchObject([
      { activityId: 'validate-group', state: 'done', attempts: 1 },
      {
        activityId: 'create-group',
        state: 'failed',
        attempts: 1,
        lastFailure: { type: 'Forbidden', status: 403, request: 'POST /groups', correlationId: 'c-1' },
      },
      { activityId: 'create-group', state: 'done' },
    ]);
  });

  it('counts once what two people decide alike at a time', async () => {
    const { group, run } = await blockedRun();
    const decide = (by: string) => onboarding.resolve(run.workflowId, { action: 'adopt', groupId: 'g7' }, { by });
    // The later of the two may find the run ended already, by the decision of the other.
    const answers = await Promise.allSettled([decide('ann'), decide('ben')]);
    const refusals = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as unknown] : []));
    expect(refusals.length).toBeLessThan(2);
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ type: expect.stringMatching(/^(?:OnboardingNotFound|NotBlocked)$/u) });
    }
    expect(await run.result()).toMatchObject({ outcome: 'adopted', groupId: 'g7' });
    expect((await onboarding.story(group.externalId)).decisions).toHaveLength(1);
  });

  it('refuses what its step does not allow, and another group', async () => {
    const { group, run } = await blockedRun();
    await expect(onboarding.resolve(group.externalId, { action: 'skip' })).rejects.toMatchObject({
      name: 'ResolutionRefusedError',
      type: 'ResolutionRefused',
      hint: 'Allowed: retry, adopt, abort.',
    });
    const other = { ...group, externalId: 'other' };
    await expect(onboarding.resolve(group.externalId, { action: 'retry', definition: other })).rejects.toMatchObject({
      type: 'InvalidGroupDefinition',
      issues: [{ path: '$.externalId' }],
    });
    await expect(
      onboarding.resolve(group.externalId, { action: 'retry', definition: { externalId: group.externalId } }),
    ).rejects.toMatchObject({ type: 'InvalidGroupDefinition' });
    await expect(onboarding.resolve(group.externalId, { action: 'retry' }, { block: 2 })).rejects.toMatchObject({
      type: 'NotBlocked',
      message: expect.stringContaining('is at block 1 now'),
    });
    await onboarding.cancel(group.externalId, { compensate: true, by: 'ann' });
    await expect(run.result()).rejects.toMatchObject({ type: 'Aborted' });
    await expect(onboarding.resolve(group.externalId, { action: 'retry' })).rejects.toMatchObject({
      type: 'OnboardingNotFound',
      message: expect.stringContaining('has ended already'),
    });
  });

  it('is what resolve needs, but for an abort', async () => {
    const group = definition('wait');
    const run = await onboarding.start(group);
    await expect(onboarding.resolve(group.externalId, { action: 'retry' })).rejects.toMatchObject({
      name: 'NotBlockedError',
      message: expect.stringContaining('is not blocked'),
    });
    expect(await onboarding.resolve(group.externalId, { action: 'abort' })).toMatchObject({
      action: 'abort',
      block: 0,
    });
    await expect(run.result()).rejects.toMatchObject({ type: 'Aborted' });
  });
});

describe('list and count', () => {
  it('find runs by what they are', async () => {
    const tenant = `t-${randomUUID()}`.slice(0, 30);
    const { run: blocked } = await blockedRun({ tenant });
    const failed = await onboarding.start(definition('conflict'), { tenant });
    await failed.result().catch(() => undefined);
    const done = await onboarding.start(definition(), { tenant });
    await done.result();
    const ids = (options: ListOptions) =>
      expect.poll(async () => (await listed({ tenant, ...options })).map((run) => run.workflowId), { timeout: 5_000 });

    // Open ones come first.
    await ids({}).toEqual([blocked.workflowId, done.workflowId, failed.workflowId]);
    await ids({ blocked: true }).toEqual([blocked.workflowId]);
    await ids({ failed: true }).toEqual([failed.workflowId]);
    await ids({ stage: 'blocked', blockedReason: 'Forbidden' }).toEqual([blocked.workflowId]);
    await ids({ limit: 2 }).toEqual([blocked.workflowId, done.workflowId]);
    await ids({ query: "ExecutionStatus = 'Completed' OR ExecutionStatus = 'Failed'" }).toEqual([
      done.workflowId,
      failed.workflowId,
    ]);
    expect(await onboarding.count({ tenant })).toBe(3);
    expect(await listed({ tenant, blocked: true })).toMatchObject([
      { tenant, stage: 'blocked', blockedReason: 'Forbidden', execution: 'RUNNING', runId: blocked.runId },
    ]);
    await onboarding.cancel(blocked.workflowId);
  });

  it('take an externalId for nothing but a text', async () => {
    const tenant = `t-${randomUUID()}`.slice(0, 30);
    const odd = ["o'brien", "x' OR WorkflowId != 'x", '%_*', 'back\\slash', "end\\' OR WorkflowId != 'x", '"double"'];
    const starts = odd.map((externalId) => onboarding.start({ ...definition(), externalId }, { tenant }));
    const runs = await Promise.all(starts);
    await expect.poll(() => onboarding.count({ tenant })).toBe(odd.length);
    const found = await Promise.all(odd.map((externalId) => listed({ externalId, tenant })));
    const ids = found.map((each) => each.map((run) => run.workflowId));
    const expected = runs.map((run) => [run.workflowId]);
    expect(ids.slice(0, 3)).toEqual(expected.slice(0, 3));
    // The SQLite of the dev server does not find these; it must not find others either.
    for (const [index, each] of ids.entries()) expect([[], expected[index]]).toContainEqual(each);
  });

  it('say what is wrong with a query', async () => {
    await expect(listed({ query: 'Nonsense = 1' })).rejects.toMatchObject({
      type: expect.stringMatching(/Refused|Missing/u),
    });
    await expect(listed({ query: "a = '1') OR (b = '2'" })).rejects.toMatchObject({ type: 'InvalidArgument' });
  });
});

describe('steps that wait for their next attempt', () => {
  it('begin now, and keep the number of the attempt', async () => {
    const group = definition('retry');
    const run = await onboarding.start(group);
    const pending = async () => (await onboarding.status(group.externalId)).pendingActivities;
    await expect.poll(pending).toMatchObject([{ activityId: 'create-group', attempt: 2, state: 'waiting' }]);
    expect(await onboarding.retryNow(group.externalId)).toMatchObject({
      runId: run.runId,
      activityIds: ['create-group'],
    });
    await expect.poll(pending, { timeout: 5_000 }).toMatchObject([{ attempt: 3, state: 'waiting', paused: false }]);

    await onboarding.pause(group.externalId, 'the target is down');
    await expect.poll(pending).toMatchObject([{ attempt: 3, state: 'paused', paused: true }]);
    await expect(onboarding.pause(group.externalId, 'again')).rejects.toMatchObject({ type: 'InvalidArgument' });
    await onboarding.resume(group.externalId, { activityId: 'create-group' });
    await expect.poll(pending, { timeout: 5_000 }).toMatchObject([{ attempt: 4, paused: false }]);
    await expect(onboarding.resume(group.externalId)).rejects.toThrow('is paused');
    await expect(onboarding.retryNow(group.externalId, { activityId: 'no-step' })).rejects.toThrow(
      'Pending: create-group',
    );
    await rig.temporal.client.workflow.getHandle(run.workflowId).terminate();
    await expect(onboarding.retryNow(group.externalId)).rejects.toMatchObject({ type: 'OnboardingNotFound' });
  });

  it('are not there in a blocked run', async () => {
    const { group } = await blockedRun();
    await expect(onboarding.retryNow(group.externalId)).rejects.toThrow('has no pending step');
    await onboarding.cancel(group.externalId);
  });
});

describe('reset', () => {
  it('runs a step again, without the decisions that came after it', async () => {
    const { group, run } = await blockedRun();
    const adopt = { action: 'adopt', groupId: 'g1' } as const;
    await onboarding.resolve(group.externalId, adopt);
    await run.result();
    const reset = await onboarding.reset(group.externalId, { toStep: 'create-group', reason: 'wrong group' });
    expect(reset).toMatchObject({ workflowId: run.workflowId, formerRunId: run.runId });
    expect(reset.runId).not.toBe(run.runId);
    await expect(onboarding.result(group.externalId, { whenBlocked: 'throw' })).rejects.toMatchObject({
      runId: reset.runId,
      blocked: { block: 1 },
    });
    const story = await onboarding.story(group.externalId);
    expect(story.decisions).toEqual([]);
    expect(story.resets).toMatchObject([{ fromRunId: run.runId, reason: 'wrong group' }]);
    // The same decision, under the same id, counts in the new run.
    await onboarding.resolve(group.externalId, adopt);
    expect(await onboarding.result(group.externalId)).toMatchObject({ groupId: 'g1' });
  });

  it('names the steps there are, and does not end a newer run', async () => {
    const group = definition();
    const first = await onboarding.start(group);
    await first.result();
    await expect(onboarding.reset(group.externalId, { toStep: 'sync-members' })).rejects.toMatchObject({
      type: 'InvalidArgument',
      message: expect.stringContaining('Steps: validate-group, create-group.'),
    });
    const second = await onboarding.start({ ...group, description: 'wait' });
    await expect(onboarding.reset(group.externalId, { toStep: 'create-group', runId: first.runId })).rejects.toThrow(
      second.runId,
    );
    await onboarding.cancel(group.externalId);
  });
});

describe('history', () => {
  it('is replayed, redacted or not, and redacted holds no personal data', async () => {
    const { group, run } = await blockedRun();
    const { description: _, ...amended } = group;
    await onboarding.resolve(group.externalId, { action: 'retry', definition: amended }, { by: 'Ann Example' });
    await run.result();
    const plain = await onboarding.history(group.externalId);
    const redacted = await onboarding.history(group.externalId, { redact: true });
    expect(redacted).toMatchObject({ workflowId: run.workflowId, runId: run.runId, events: plain.events });
    for (const { json } of [plain, redacted]) {
      await Worker.runReplayHistory({ workflowsPath: WORKFLOWS }, JSON.parse(json), run.workflowId);
    }
    const readable = (json: string): string =>
      json.replace(/"data":\s*"([^"]*)"/gu, (_match, data: string) => Buffer.from(data, 'base64').toString());
    const personal = [
      'u1@example.com',
      '"u1"',
      'Ann Example',
      'someone@example.com',
      'createGroup (',
      `@${hostname()}`,
    ];
    for (const text of personal.slice(0, 4)) expect(readable(plain.json)).toContain(text);
    for (const text of personal) expect(readable(redacted.json)).not.toContain(text);
    expect(readable(redacted.json)).toContain(group.externalId);
  });

  it('that is changed does not replay', async () => {
    const run = await onboarding.start(definition());
    await run.result();
    const { json } = await onboarding.history(run.workflowId, { redact: true });
    const changed: unknown = JSON.parse(json.replaceAll('create-group', 'other-step'));
    await expect(Worker.runReplayHistory({ workflowsPath: WORKFLOWS }, changed, run.workflowId)).rejects.toThrow(
      /TMPRL1100|nondeterminism/iu,
    );
  });
});
