import { SEARCH_ATTRIBUTE_TYPES } from '@scim-onboarding/onboarding-contract';
import { DEVELOPMENT_KEYS } from '@scim-onboarding/payload-encryption';
import { startDevServer, type DevServer } from '@scim-onboarding/temporal-connection';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runHere } from './run-here.ts';
import { runOnboard, type Ended } from './run-onboard.ts';

let server: DevServer;
let connection: Connection;
let client: Client;
let env: Record<string, string>;

beforeAll(async () => {
  server = await startDevServer({ searchAttributes: SEARCH_ATTRIBUTE_TYPES });
  connection = await Connection.connect({ address: server.address });
  client = new Client({ connection, namespace: server.namespace });
  env = { TEMPORAL_ADDRESS: server.address, TEMPORAL_NAMESPACE: server.namespace, USER: 'ann' };
});
afterAll(async () => {
  await connection?.close();
  await server?.stop();
});

const schedule = (...args: string[]): Promise<Ended> => runHere(['schedule', ...args], env);

const create = (id: string, ...more: string[]): Promise<Ended> =>
  schedule('create', id, '--cron', '0 2 * * 1-5', '--roster', 'hr/roster.csv', ...more);

async function known(): Promise<string[]> {
  const ids: string[] = [];
  for await (const { scheduleId } of client.schedule.list()) ids.push(scheduleId);
  return ids;
}

/** What Temporal keeps of a schedule, as text. */
async function stored(scheduleId: string): Promise<string> {
  const answer = await client.workflowService.describeSchedule({ namespace: server.namespace, scheduleId });
  return JSON.stringify(answer).replaceAll(/"data":"([^"]+)"/gu, (_all, data: string) =>
    Buffer.from(data, 'base64').toString('latin1'),
  );
}

describe('a schedule', () => {
  it('is created, shown, listed, triggered, paused, resumed and deleted', { timeout: 60_000 }, async () => {
    const flags = ['--time-zone', 'Europe/Berlin', '--map', 'externalId=Team ID', '--note', 'asked for by HR'];
    const args = [
      '--cron',
      '0 2 * * 1-5',
      '--roster',
      'hr/roster.csv',
      '--conflict-policy',
      'update',
      '--allow-removals',
    ];
    const created = await runOnboard(['schedule', 'create', 'nightly', ...args, ...flags], { env });
    expect(created, created.stderr).toMatchObject({ code: 0, stderr: '' });
    expect(created.stdout).toContain('✓ Created the schedule nightly');
    expect(created.stdout).toContain('apply hr/roster.csv, at 0 2 * * 1-5 (Europe/Berlin)');

    const found = await client.schedule.getHandle('nightly').describe();
    expect(found.policies).toEqual({ overlap: 'SKIP', catchupWindow: 3_600_000, pauseOnFailure: false });
    expect(found.state).toMatchObject({ paused: false, note: 'asked for by HR' });
    expect(found.action).toMatchObject({
      workflowType: 'runRosterJob',
      taskQueue: 'group-onboarding',
      args: [
        {
          tenant: 'default',
          schedule: 'nightly',
          roster: 'hr/roster.csv',
          mode: 'apply',
          conflictPolicy: 'update',
          allowRemovals: true,
          map: 'externalId=Team ID',
        },
      ],
    });

    const shown = await schedule('show', 'nightly');
    expect(shown.code).toBe(0);
    expect(shown.stdout).toContain('0 2 * * 1-5 (Europe/Berlin)');
    expect(shown.stdout).toContain('update, removals allowed');
    // At two in Berlin it is 0 or 1 by UTC.
    const { next } = JSON.parse((await schedule('show', 'nightly', '--json')).stdout) as { next: string[] };
    expect(next).toHaveLength(5);
    for (const time of next) expect(time).toMatch(/T0[01]:00:00/u);

    const listed = await schedule('list', '--json');
    expect(JSON.parse(listed.stdout)).toMatchObject({
      schedules: [{ id: 'nightly', cron: '0 2 * * 1-5', paused: false }],
    });
    expect((await schedule('list')).stdout).toMatch(
      /nightly +apply +hr\/roster.csv +0 2 \* \* 1-5 +Europe\/Berlin +20/u,
    );

    const triggered = await schedule('trigger', 'nightly', '--json');
    expect(triggered, triggered.stderr).toMatchObject({ code: 0 });
    const { workflowId, runId } = JSON.parse(triggered.stdout) as { workflowId: string; runId: string };
    expect(workflowId).toMatch(/^roster-job:default:nightly-20/u);
    expect((await client.workflow.getHandle(workflowId, runId).describe()).status.name).toBe('RUNNING');
    // No worker is there: the run stays open.
    const again = await schedule('trigger', 'nightly');
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('still open: none was started') });
    expect((await schedule('show', 'nightly')).stdout).toMatch(/running +roster-job:default:nightly-20/u);
    await client.workflow.getHandle(workflowId).terminate('because');
    const ended = await schedule('show', 'nightly');
    expect(ended.stdout).toMatch(/Terminated/u);

    expect(await schedule('pause', 'nightly', '--note', 'no export')).toMatchObject({ code: 0 });
    const paused = await schedule('show', 'nightly', '--json');
    expect(JSON.parse(paused.stdout)).toMatchObject({ paused: true, note: 'no export', runsStarted: 1, skipped: 1 });
    expect((await schedule('list')).stdout).toContain('paused');
    expect(await schedule('resume', 'nightly', '--json')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('"paused":false'),
    });
    expect(JSON.parse((await schedule('show', 'nightly', '--json')).stdout)).toMatchObject({
      paused: false,
      note: 'asked for by HR',
    });

    expect(await schedule('delete', 'nightly')).toMatchObject({ code: 0 });
    await expect.poll(known).not.toContain('nightly');
    expect(await schedule('show', 'nightly')).toMatchObject({ code: 2 });
  });

  it('is left as it is when it is created again', async () => {
    expect(await create('same', '--map', 'externalId=A,displayName=B')).toMatchObject({ code: 0 });
    const again = await create('same', '--map', 'externalId=A,displayName=B');
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('with the same content') });
    expect(JSON.parse((await create('same', '--map', 'externalId=A,displayName=B', '--json')).stdout)).toMatchObject({
      created: false,
    });
    const other = await create('same', '--mode', 'drift', '--time-zone', 'Asia/Tokyo');
    expect(other.code).toBe(2);
    expect(other.stderr).toContain(
      'ScheduleExists: The schedule same exists already, with another time zone and another job',
    );
    expect(other.stderr).toContain('onboard schedule delete same');
    expect((await schedule('show', 'same')).stdout).toContain('apply hr/roster.csv');
  });

  it.each<[what: string, args: string[], words: RegExp]>([
    ['a bad cron expression', ['--cron', '0 25 * * *', '--roster', 'r.csv'], /InvalidArgument: .*25/u],
    ['words for a cron expression', ['--cron', 'every night', '--roster', 'r.csv'], /InvalidArgument: .*cron/iu],
    ['an empty cron expression', ['--cron', ' ', '--roster', 'r.csv'], /The cron expression is empty/u],
    ['an unknown time zone', ['--cron', '0 2 * * *', '--roster', 'r.csv', '--time-zone', 'Mars/Base'], /Mars\/Base/u],
    ['a path that leaves the folder', ['--cron', '0 2 * * *', '--roster', '../r.csv'], /"\.\."/u],
    ['an absolute path', ['--cron', '0 2 * * *', '--roster', '/etc/r.csv'], /absolute/u],
    ['a bad column map', ['--cron', '0 2 * * *', '--roster', 'r.csv', '--map', 'x'], /Column map/u],
    [
      'a policy for a comparison',
      ['--cron', '0 2 * * *', '--roster', 'r.csv', '--mode', 'drift', '--allow-removals'],
      /changes nothing/u,
    ],
    ['a bad tenant', ['--cron', '0 2 * * *', '--roster', 'r.csv', '--tenant', 'a:b'], /tenant/u],
    ['a missing cron expression', ['--roster', 'r.csv'], /--cron/u],
  ])('is not created with %s: exit code 2, and nothing is written', async (_what, args, words) => {
    const before = await known();
    const ended = await schedule('create', 'refused', ...args);
    expect(ended.code, ended.stderr).toBe(2);
    expect(ended.stderr).toMatch(words);
    expect(await known()).toEqual(before);
    await expect(client.schedule.getHandle('refused').describe()).rejects.toThrow(/not found/iu);
  });

  it('must have a name that can stand in ids', async () => {
    expect(await create('a/b')).toMatchObject({ code: 2, stderr: expect.stringContaining('The id of a schedule') });
  });

  it.each(['show', 'trigger', 'pause', 'resume', 'delete'])(
    '%s says that there is none: exit code 2',
    async (command) => {
      const ended = await schedule(command, 'none', '--json');
      expect(ended.code).toBe(2);
      expect(JSON.parse(ended.stdout)).toMatchObject({
        error: {
          type: 'ScheduleNotFound',
          message: 'There is no schedule none.',
          hint: expect.stringContaining('list'),
        },
      });
    },
  );

  it('is unreadable without the keys that it was created with, and says so', async () => {
    const args = ['--cron', '0 2 * * *', '--roster', 'secret/roster.csv'];
    const keys = { ...env, PAYLOAD_ENCRYPTION_KEYS: DEVELOPMENT_KEYS };
    expect(await runOnboard(['schedule', 'create', 'encrypted', ...args], { env: keys })).toMatchObject({ code: 0 });
    expect((await runOnboard(['schedule', 'show', 'encrypted'], { env: keys })).stdout).toContain('secret/roster.csv');
    expect(await schedule('show', 'encrypted')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/PayloadUnreadable: .*the schedule encrypted.*\n.*PAYLOAD_ENCRYPTION_KEYS/u),
    });
    await schedule('create', 'plain', ...args);
    expect(await stored('plain')).toContain('secret/roster.csv');
    expect(await stored('encrypted')).not.toContain('secret');
    expect((await schedule('list')).code).toBe(2);
    expect(await runOnboard(['schedule', 'delete', 'encrypted'], { env: keys })).toMatchObject({ code: 0 });
    const left = async (): Promise<(string | null | undefined)[]> => {
      const { schedules } = await client.workflowService.listSchedules({ namespace: server.namespace });
      return schedules.map(({ scheduleId }) => scheduleId);
    };
    await expect.poll(left).not.toContain('encrypted');
  });

  it('of another program is neither listed nor touched', async () => {
    const action = { type: 'startWorkflow', workflowType: 'somethingElse', taskQueue: 'q' } as const;
    await client.schedule.create({ scheduleId: 'foreign', spec: { cronExpressions: ['0 2 * * *'] }, action });
    await expect.poll(known).toContain('foreign');
    expect((await schedule('list')).stdout).not.toContain('foreign');
    for (const command of ['show', 'trigger', 'pause', 'resume', 'delete']) {
      expect(await schedule(command, 'foreign')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('it starts somethingElse'),
      });
    }
    expect(await create('foreign')).toMatchObject({ code: 2, stderr: expect.stringContaining('that is not ours') });
    expect((await client.schedule.getHandle('foreign').describe()).info.numActionsTaken).toBe(0);
  });
});

it('a server that does not answer: exit code 3', async () => {
  const ended = await runOnboard(['schedule', 'list', '--json'], { env: { ...env, TEMPORAL_ADDRESS: '127.0.0.1:1' } });
  expect(ended.code).toBe(3);
  expect(JSON.parse(ended.stdout)).toMatchObject({ error: { hint: expect.any(String) } });
});
