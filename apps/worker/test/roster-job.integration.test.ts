import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoSeed, type LoggedRequest, type ReceivedWebhook } from '@scim-onboarding/genesys-simulator';
import {
  createRosterSchedules,
  rosterProgress,
  type RosterSchedules,
  type ScheduledRun,
} from '@scim-onboarding/onboarding-client';
import {
  ROSTER_JOB_WORKFLOW,
  rosterWorkflowId,
  searchAttributes,
  type RosterJobInput,
} from '@scim-onboarding/onboarding-contract';
import { promote } from '@scim-onboarding/temporal-connection';
import { startRig, writes, type Rig } from './support/rig.ts';
import { GROUPS } from './support/scenario.ts';
import { startWorkerProcess } from './support/worker-process.ts';

const USERS = Array.from({ length: 30 }, (): string => randomUUID());
const MAP = 'externalId=Team ID,displayName=Team,memberId=User';
let rig: Rig;
let schedules: RosterSchedules;
let folder = '';

beforeAll(async () => {
  rig = await startRig({ seed: demoSeed });
  schedules = createRosterSchedules(rig.client);
  rig.simulator.addUsers(USERS.map((id, index) => ({ id, name: `User ${index}`, email: `u${index}@example.com` })));
  folder = join(rig.folder, 'rosters');
  await mkdir(join(folder, 'hr'), { recursive: true });
});
afterAll(() => rig.close());

const user = (index: number): string => USERS[index % USERS.length] ?? '';
const work = () => rig.work({ env: { ROSTER_FOLDER: folder } });

/** Writes a roster; each team with its users, by number. */
async function roster(path: string, teams: Readonly<Record<string, readonly number[]>>): Promise<void> {
  const rows = Object.entries(teams).flatMap(([team, users]) => users.map((at) => `${team},Team_${team},${user(at)}`));
  await writeFile(join(folder, `${path}.part`), `Team ID,Team,User\n${rows.join('\n')}\n`);
  await rename(join(folder, `${path}.part`), join(folder, path));
}

async function schedule(id: string, job: Partial<RosterJobInput> & Pick<RosterJobInput, 'roster' | 'mode'>) {
  // A time that does not come while the test runs.
  await schedules.create(id, { cron: '0 0 1 1 *', job: { tenant: 'default', map: MAP, ...job } });
}

interface Ran {
  readonly run: ScheduledRun;
  /** What the simulator saw meanwhile, without logins. */
  readonly requests: readonly LoggedRequest[];
  readonly webhooks: readonly ReceivedWebhook[];
}

/** Triggers a schedule and waits until its run, and the roster that it started, are over. */
async function trigger(id: string): Promise<Ran> {
  const since = rig.simulator.requests().length;
  const sent = rig.simulator.webhooks().length;
  const triggered = await schedules.trigger(id);
  expect(triggered?.workflowId).toMatch(new RegExp(`^roster-job:default:${id}-`, 'u'));
  let run: ScheduledRun | undefined;
  await expect
    .poll(
      async () => {
        run = (await schedules.show(id)).runs.find(({ runId }) => runId === triggered?.runId);
        return run?.execution;
      },
      { timeout: 30_000, interval: 100 },
    )
    .not.toBe('RUNNING');
  if (run === undefined) throw new Error('no run');
  const { rosterId } = run.result ?? {};
  if (rosterId !== undefined) await rig.client.workflow.getHandle(rosterId).result();
  return {
    run,
    requests: rig.simulator.requests().slice(since),
    webhooks: rig.simulator.webhooks().slice(sent),
  };
}

function groups(prefix: string): Record<string, number[]> {
  const found = rig.simulator.groups().filter(({ externalId }) => externalId?.startsWith(`${prefix}-`));
  return Object.fromEntries(
    found
      .map(({ externalId, members }): [string, number[]] => [
        externalId ?? '',
        members.map((id) => USERS.indexOf(id)).sort((a, b) => a - b),
      ])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

async function describeRun({ workflowId, runId }: ScheduledRun) {
  return rig.client.workflow.getHandle(workflowId, runId).describe();
}

describe('a scheduled roster', () => {
  it('is applied: exactly its groups are there; the second run writes nothing', { timeout: 90_000 }, async () => {
    const stop = await work();
    const teams = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [`a-${String(index).padStart(2, '0')}`, [index % 30, (index + 1) % 30]]),
    );
    await roster('hr/roster.csv', teams);
    await schedule('nightly', { roster: 'hr/roster.csv', mode: 'apply' });
    const first = await trigger('nightly');
    expect(first.run).toMatchObject({
      execution: 'COMPLETED',
      outcome: 'started',
      result: { groups: 60, started: 60, actions: { create: 60 } },
    });
    const sorted = Object.fromEntries(
      Object.entries(teams).map(([id, users]) => [id, [...users].sort((a, b) => a - b)]),
    );
    expect(groups('a')).toEqual(sorted);
    const rosterId = first.run.result?.rosterId ?? '';
    expect(rosterId).toMatch(/^onboard-roster:default:/u);
    expect(await rosterProgress(rig.client, rosterId)).toMatchObject({
      counts: { created: 60 },
      parts: 2,
      missingParts: [],
    });

    // No definition and no member is in the history of the job.
    const { json, events } = await rig.historyOf(first.run.workflowId, first.run.runId);
    expect(events).toBeLessThanOrEqual(20);
    expect(json.length).toBeLessThan(20_000);
    await rig.replayOf(first.run.workflowId, first.run.runId, 'roster-job-started');

    const second = await trigger('nightly');
    expect(second.run).toMatchObject({ outcome: 'nothing-to-do', result: { actions: { unchanged: 60 } } });
    expect(second.run.result?.rosterId).toBeUndefined();
    expect(writes(second.requests)).toEqual([]);
    expect(second.webhooks).toEqual([]);
    const found = await describeRun(second.run);
    expect(found.typedSearchAttributes.get(searchAttributes.outcome)).toBe('nothing-to-do');
    expect(found.typedSearchAttributes.get(searchAttributes.tenant)).toBe('default');
    expect(await schedules.show('nightly')).toMatchObject({ runsStarted: 2, runs: [{ outcome: 'nothing-to-do' }, {}] });
    await stop();
  });

  it('is compared: what differs is told once, and nothing is written', { timeout: 60_000 }, async () => {
    const stop = await work();
    const teams = { 'd-1': [1, 2], 'd-2': [3], 'd-3': [4, 5] };
    await roster('drift.csv', teams);
    await schedule('make-drift', { roster: 'drift.csv', mode: 'apply' });
    await trigger('make-drift');
    await schedule('compare', { roster: 'drift.csv', mode: 'drift' });
    const same = await trigger('compare');
    expect(same.run).toMatchObject({ outcome: 'in-sync', result: { differences: { count: 0, lines: [] } } });
    expect(same.webhooks).toEqual([]);
    expect(writes(same.requests)).toEqual([]);

    // Somebody else changes the directory: a member less, a member more.
    await roster('drift.csv', { 'd-1': [1], 'd-2': [3, 6], 'd-3': [4, 5], 'd-4': [7] });
    const { run, requests, webhooks } = await trigger('compare');
    expect(run).toMatchObject({ outcome: 'drift', result: { groups: 4, differences: { count: 3, groups: 3 } } });
    const lines = run.result?.differences?.lines ?? [];
    expect(lines[0]).toContain(`the target has 1 member more: ${user(2)}`);
    expect(lines[1]).toContain(`the target lacks 1 member: ${user(6)}`);
    expect(lines[2]).toContain('"Team_d-4" (d-4): is not in the target');
    expect(writes(requests)).toEqual([]);
    expect(groups('d')).toEqual(teams);
    expect(webhooks).toHaveLength(1);
    expect(webhooks[0]).toMatchObject({ signatureValid: true });
    expect(JSON.parse(webhooks[0]?.rawBody ?? '')).toMatchObject({
      type: 'scim.roster.drift',
      event: 'scim.roster.drift',
      data: {
        roster: 'drift.csv',
        schedule: 'compare',
        tenant: 'default',
        groups: 4,
        differences: 3,
        groupsThatDiffer: 3,
        externalIds: ['d-1', 'd-2', 'd-4'],
        workflowId: run.workflowId,
      },
    });
    expect(run.result?.webhook).toMatchObject({ state: 'delivered', attempts: 1 });
    await rig.replayOf(run.workflowId, run.runId, 'roster-job-drift');
    await stop();
  });

  it('does what needs no approval; the rest is held and told', { timeout: 60_000 }, async () => {
    const stop = await work();
    const many = Array.from({ length: 20 }, (_, index) => index);
    await roster('held.csv', { 'h-1': many, 'h-2': [1, 2] });
    const job = { roster: 'held.csv', mode: 'apply', conflictPolicy: 'update', allowRemovals: true } as const;
    await schedule('held', job);
    await trigger('held');
    await roster('held.csv', { 'h-1': [0, 1], 'h-2': [1, 2, 3] });
    const { run } = await trigger('held');
    expect(run).toMatchObject({
      outcome: 'started',
      result: { started: 1, actions: { held: 1, update: 1 } },
    });
    expect(run.result?.held).toEqual([
      { externalId: 'h-1', action: 'held', reason: expect.stringContaining('18 of 20 members would be removed') },
    ]);
    expect(groups('h')).toEqual({ 'h-1': many, 'h-2': [1, 2, 3] });
    expect((await describeRun(run)).typedSearchAttributes.get(searchAttributes.blockedReason)).toBe('RemovalsHeld');
    await stop();
  });

  it.each<[type: string, job: Partial<RosterJobInput> & { roster: string }, words: RegExp]>([
    ['EmptyRoster', { roster: 'empty.csv' }, /holds no group/u],
    ['EmptyRoster', { roster: 'header.csv' }, /holds no group/u],
    ['EmptyRoster', { roster: 'none.json' }, /holds no group/u],
    ['InvalidRoster', { roster: 'bad.csv' }, /row 2/u],
    ['RosterUnreadable', { roster: 'not-there.csv' }, /it is not there/u],
    ['RosterPathRefused', { roster: 'link.csv' }, /leads out of ROSTER_FOLDER/u],
  ])('holds with %s: %j', { timeout: 30_000 }, async (type, job, words) => {
    await writeFile(join(folder, 'empty.csv'), '');
    await writeFile(join(folder, 'header.csv'), 'Team ID,Team,User\n');
    await writeFile(join(folder, 'none.json'), '[]');
    await writeFile(join(folder, 'bad.csv'), `Team ID,Team,User\nx-1,Not a name!,${user(0)}\n`);
    await writeFile(join(rig.folder, 'outside.csv'), `Team ID,Team,User\nx-1,Team_x,${user(0)}\n`);
    await symlink('../outside.csv', join(folder, 'link.csv')).catch(() => undefined);
    const stop = await work();
    const id = `holds-${job.roster}`;
    await schedule(id, { mode: 'apply', conflictPolicy: 'update', allowRemovals: true, ...job });
    const { run, requests, webhooks } = await trigger(id);
    expect(run).toMatchObject({ execution: 'FAILED', outcome: 'failed', failure: { type } });
    expect(run.failure?.message).toMatch(words);
    expect(run.failure?.hint).toBeTruthy();
    expect(writes(requests)).toEqual([]);
    expect(webhooks).toEqual([]);
    const found = await describeRun(run);
    expect(found.typedSearchAttributes.get(searchAttributes.blockedReason)).toBe(type);
    if (job.roster === 'empty.csv') await rig.replayOf(run.workflowId, run.runId, 'roster-job-held');
    await stop();
  });

  it('that a foreign caller starts is checked by the worker too', { timeout: 30_000 }, async () => {
    const stop = await work();
    const start = async (job: unknown): Promise<unknown> => {
      const workflowId = `roster-job:default:foreign-${randomUUID()}`;
      const options = { workflowId, taskQueue: 'group-onboarding', args: [job] };
      const handle = await rig.client.workflow.start(ROSTER_JOB_WORKFLOW, options);
      const error: unknown = await handle.result().catch((thrown: unknown) => thrown);
      return error instanceof Error && error.cause instanceof Error ? error.cause.cause : error;
    };
    const job = { tenant: 'default', mode: 'apply', roster: '../outside.csv' };
    expect(await start(job)).toMatchObject({ type: 'RosterPathRefused' });
    expect(await start({ ...job, roster: 'a.csv', more: 1 })).toMatchObject({ type: 'InvalidJob' });
    expect(await start({ ...job, roster: 'a.csv', format: 'xls' })).toMatchObject({ type: 'InvalidJob' });
    await stop();
  });

  it('of a worker without a folder fails, and says how to set it', { timeout: 30_000 }, async () => {
    const stop = await rig.work();
    await schedule('no-folder', { roster: 'hr/roster.csv', mode: 'drift' });
    const { run } = await trigger('no-folder');
    expect(run.failure).toMatchObject({ type: 'RosterFolderNotSet', hint: expect.stringContaining('ROSTER_FOLDER') });
    await stop();
  });
});

describe('a job', () => {
  it('plans again when the file is written anew before it is started', { timeout: 60_000 }, async () => {
    const stop = await work();
    await roster('anew.csv', { 'n-1': [1] });
    await schedule('anew', { roster: 'anew.csv', mode: 'apply' });
    const since = rig.simulator.requests().length;
    const match = { method: 'GET', path: GROUPS };
    rig.simulator.addFault({ kind: 'slow-body', match, times: 1, chunkBytes: 500, chunkDelayMs: 30 });
    const ran = trigger('anew');
    // The plan has its copy of the file by now, and reads the directory.
    const asked = () =>
      rig.simulator
        .requests()
        .slice(since)
        .some(({ path }) => path.startsWith(GROUPS));
    await expect.poll(asked, { timeout: 10_000, interval: 10 }).toBe(true);
    await roster('anew.csv', { 'n-1': [1], 'n-2': [2] });
    const { run } = await ran;
    rig.simulator.clearFaults();
    expect(run).toMatchObject({ outcome: 'started', result: { groups: 2, started: 2 } });
    expect(groups('n')).toEqual({ 'n-1': [1], 'n-2': [2] });
    const { json } = await rig.historyOf(run.workflowId, run.runId);
    expect(json).toContain('"plan-roster-2"');
    await rig.replayOf(run.workflowId, run.runId);
    await stop();
  });

  it('waits for a target that is down, and ends when it is cancelled', { timeout: 60_000 }, async () => {
    const stop = await work();
    await roster('down.csv', { 'c-1': [1] });
    await schedule('down', { roster: 'down.csv', mode: 'apply' });
    rig.simulator.addFault({ kind: 'respond', match: { path: GROUPS }, times: 1_000, status: 503 });
    const triggered = await schedules.trigger('down');
    const job = rig.client.workflow.getHandle(triggered?.workflowId ?? '');
    const lastFailure = async (): Promise<string | undefined> =>
      (await job.describe()).raw.pendingActivities?.[0]?.lastFailure?.applicationFailureInfo?.type ?? undefined;
    await expect.poll(lastFailure, { timeout: 20_000 }).toBe('ServerError');
    await job.cancel();
    await expect(job.result()).rejects.toThrow('cancelled');
    rig.simulator.clearFaults();
    const found = await job.describe();
    expect(found.status.name).toBe('CANCELLED');
    expect(found.typedSearchAttributes.get(searchAttributes.outcome)).toBe('cancelled');
    expect((await schedules.show('down')).runs[0]).toMatchObject({
      outcome: 'cancelled',
      failure: { type: 'Cancelled' },
    });
    // The next time finds the target up again.
    expect((await trigger('down')).run).toMatchObject({ outcome: 'started' });
    expect(groups('c')).toEqual({ 'c-1': [1] });
    await stop();
  });

  it(
    'survives a worker that is killed while it hands the roster over: one roster, each group once',
    { timeout: 120_000 },
    async () => {
      const teams = Object.fromEntries(Array.from({ length: 110 }, (_, index) => [`k-${index}`, [index % 30]]));
      await roster('kill.csv', teams);
      const first = await startWorkerProcess(rig.env({ ROSTER_FOLDER: folder }));
      await schedule('kill', { roster: 'kill.csv', mode: 'apply' });
      const triggered = await schedules.trigger('kill');
      // Killed as soon as the roster is there: its parts, or some of them, are not.
      const digest = createHash('sha256')
        .update(await readFile(join(folder, 'kill.csv')))
        .digest('hex');
      const rosterId = rosterWorkflowId('default', digest);
      const started = () =>
        rig.client.workflow
          .getHandle(rosterId)
          .describe()
          .then(
            () => true,
            () => false,
          );
      await expect.poll(started, { timeout: 30_000, interval: 5 }).toBe(true);
      expect(await first.end('SIGKILL')).toBe('SIGKILL');
      const second = await startWorkerProcess(rig.env({ ROSTER_FOLDER: folder }));
      const job = rig.client.workflow.getHandle(triggered?.workflowId ?? '');
      const result = (await job.result()) as { rosterId: string; outcome: string; started: number };
      expect(result).toMatchObject({ rosterId, outcome: 'started', started: 110 });
      expect(await rig.client.workflow.getHandle(result.rosterId).result()).toMatchObject({
        settled: 110,
        missingParts: [],
      });
      const made = rig.simulator.groups().filter(({ externalId }) => externalId?.startsWith('k-'));
      expect(made).toHaveLength(110);
      expect(new Set(made.map(({ externalId }) => externalId))).toEqual(new Set(Object.keys(teams)));
      const runs = await rig.client.workflow.count(
        `WorkflowType = "onboardRoster" AND WorkflowId = "${result.rosterId}"`,
      );
      expect(runs.count).toBe(1);
      expect(await second.end('SIGTERM')).toBe(0);
    },
  );

  it('goes to the current version of the worker', { timeout: 60_000 }, async () => {
    await roster('version.csv', { 'v-1': [1] });
    const env = rig.env({ ROSTER_FOLDER: folder, WORKER_DEPLOYMENT_NAME: 'jobs', WORKER_BUILD_ID: 'build-1' });
    const worker = await startWorkerProcess(env);
    await promote(rig.client, 'jobs', 'build-1', 15_000);
    await schedule('versioned', { roster: 'version.csv', mode: 'apply' });
    const { run } = await trigger('versioned');
    expect(run).toMatchObject({ outcome: 'started' });
    const { searchAttributes: found } = await describeRun(run);
    expect(found['TemporalWorkerDeploymentVersion']).toEqual(['jobs:build-1']);
    expect(groups('v')).toEqual({ 'v-1': [1] });
    expect(await worker.end('SIGTERM')).toBe(0);
  });
});
