import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { SEARCH_ATTRIBUTE_TYPES, TASK_QUEUES } from '@scim-onboarding/onboarding-contract';
import { startDevServer, type DevServer } from '@scim-onboarding/temporal-connection';
import { ApplicationFailure } from '@temporalio/common';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../src/cli.ts';
import { runHere } from './run-here.ts';
import { runOnboard, type Ended } from './run-onboard.ts';
import type { TestActivities } from './workflows/onboard-group.ts';

let server: DevServer;
let native: NativeConnection;
let worker: Worker;
let running: Promise<void>;
let env: Record<string, string>;
let folder: string;

const activities: TestActivities = {
  createGroup(description) {
    if (description === 'retry')
      return Promise.reject(ApplicationFailure.create({ message: 'POST /groups: 503', type: 'ServerError' }));
    if (description === 'block')
      return Promise.reject(ApplicationFailure.nonRetryable('POST /groups: 403', 'Forbidden'));
    return Promise.resolve();
  },
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onboard-'));
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  server = await startDevServer({ searchAttributes: SEARCH_ATTRIBUTE_TYPES });
  native = await NativeConnection.connect({ address: server.address });
  worker = await Worker.create({
    connection: native,
    taskQueue: TASK_QUEUES.onboarding,
    workflowsPath: fileURLToPath(new URL('./workflows/onboard-group.ts', import.meta.url)),
    activities,
  });
  running = worker.run();
  env = { TEMPORAL_ADDRESS: server.address, TEMPORAL_NAMESPACE: server.namespace, USER: 'ann' };
});
afterAll(async () => {
  worker?.shutdown();
  await running;
  await native?.close();
  await server?.stop();
  await rm(folder, { recursive: true });
});

/** The built command as a process; the rest runs in this process, which is faster. */
const spawned = (...args: string[]): Promise<Ended> => runOnboard(args, { env });

const onboard = (...args: string[]): Promise<Ended> => here(args);

const here = (args: readonly string[], stdin?: string): Promise<Ended> => runHere(args, env, stdin);

function definition(description?: string) {
  return {
    externalId: `g-${randomUUID()}`,
    displayName: 'Team_A',
    members: [{ id: 'u1', email: 'u1@example.com' }],
    ...(description !== undefined && { description }),
  };
}

/** Starts a run, and waits for its end or for its block. */
async function start(group: object, ...flags: string[]): Promise<Ended> {
  return here(['start', '-', '--wait', '--json', ...flags], JSON.stringify(group));
}

async function blockedRun(...flags: string[]): Promise<{ id: string; group: ReturnType<typeof definition> }> {
  const group = definition('block');
  const ended = await start(group, ...flags);
  expect(ended.code).toBe(1);
  return { id: JSON.parse(ended.stdout).error.workflowId, group };
}

describe('a run that blocks', () => {
  it('is told by start --wait, with the commands that decide about it, and they work', async () => {
    const group = definition('block');
    const ended = await runOnboard(['start', '-', '--wait'], { env, stdin: JSON.stringify(group) });
    const id = `onboard-group:default:${group.externalId}`;
    expect(ended.code).toBe(1);
    expect(ended.stdout).toContain(`Started ${id}`);
    for (const text of [
      'OnboardingBlocked',
      'POST /groups: 403',
      'Give the permission to the client.',
      `onboard resolve ${id} --retry `,
      `onboard resolve ${id} --retry --definition amended.json`,
      `onboard resolve ${id} --adopt <groupId>`,
      `onboard resolve ${id} --abort --compensate`,
    ])
      expect(ended.stderr).toContain(text);
    expect(ended.stderr).not.toContain('--skip');

    const shown = await spawned('show', id);
    expect(shown.code).toBe(0);
    expect(shown.stdout).toContain('! blocked at create-group');
    expect(shown.stdout).toMatch(/✗ create-group .* 1 attempt/u);
    expect(shown.stdout).toContain('Forbidden: POST /groups: 403');

    const amended = join(folder, 'amended.json');
    await writeFile(amended, JSON.stringify({ ...group, description: 'fine' }));
    const resolved = await spawned('resolve', id, '--retry', '--definition', amended);
    expect(resolved).toMatchObject({ code: 0, stderr: '' });
    expect(resolved.stdout).toContain(`Going to retry the blocked step of ${id}, with an amended definition`);
    expect(resolved.stdout).toContain(`✓ ${id}: took the decision: retry, create-group (block 1, Forbidden)`);

    await expect.poll(async () => (await onboard('status', id)).stdout, { timeout: 10_000 }).toContain('COMPLETED');
    const after = await onboard('show', group.externalId);
    expect(after.stdout).toMatch(/retry, block 1, by ann, with an amended definition/u);
    const json = JSON.parse((await onboard('show', id, '--json')).stdout);
    expect(json).toMatchObject({ execution: 'COMPLETED', story: { decisions: [{ action: 'retry', by: 'ann' }] } });
  });

  it('takes no decision that is refused, unclear or about another group', async () => {
    const { id } = await blockedRun();
    const refused = await onboard('resolve', id, '--skip', '--json');
    expect(refused.code).toBe(2);
    expect(JSON.parse(refused.stdout).error).toMatchObject({ type: 'ResolutionRefused', workflowId: id });
    const other = await here(['resolve', id, '--retry', '--definition', '-', '--json'], JSON.stringify(definition()));
    expect(JSON.parse(other.stdout).error).toMatchObject({ type: 'InvalidGroupDefinition' });
    for (const flags of [[], ['--retry', '--skip'], ['--skip', '--compensate'], ['--abort', '--definition', 'x']]) {
      const usage = await run(['resolve', id, ...flags], fakeProcess().parts);
      expect(usage).toBe(2);
    }
    expect(await run(['resolve', '--retry'], fakeProcess().parts)).toBe(2);
    expect(await run(['cancel', id], fakeProcess().parts)).toBe(0);
    await expect.poll(() => run(['resolve', id, '--retry'], fakeProcess().parts)).toBe(2);
  });
});

describe('many runs', () => {
  it('are shown, asked about, and changed one by one', async () => {
    const tenant = `t-${randomUUID()}`.slice(0, 20);
    const ids = (await Promise.all([1, 2].map(() => blockedRun('--tenant', tenant)))).map(({ id }) => id);
    await start(definition(), '--tenant', tenant);
    const where = ['--where', `OnboardingTenant = '${tenant}'`];
    const listed = async () => JSON.parse((await onboard('list', '--blocked', '--tenant', tenant, '--json')).stdout);
    await expect.poll(async () => (await listed()).count, { timeout: 10_000 }).toBe(2);

    const all = await spawned('list', '--tenant', tenant);
    expect(all.stdout).toMatch(/^WORKFLOW +STATE +WHY +AGE +RUN$/mu);
    expect(all.stdout.split('\n').filter((line) => / blocked +Forbidden +open /u.test(line))).toHaveLength(2);
    expect(all.stdout.split('\n').filter((line) => / created +ended .* ago /u.test(line))).toHaveLength(1);

    const dry = await spawned('resolve', ...where, '--retry', '--dry-run');
    expect(dry.code).toBe(0);
    expect(dry.stdout).toContain('Would retry the blocked step of 2 runs; nothing was done');
    for (const id of ids) expect(dry.stdout).toContain(id);

    const asked = await onboard('resolve', ...where, '--abort', '--json');
    expect(asked.code).toBe(2);
    expect(JSON.parse(asked.stdout).error).toMatchObject({ type: 'NotConfirmed' });

    const failed = await spawned('resolve', ...where, '--skip', '--yes', '--json');
    expect(failed.code).toBe(1);
    expect(JSON.parse(failed.stdout)).toMatchObject({
      done: 0,
      failed: 2,
      results: [{ ok: false, error: { type: 'ResolutionRefused' } }, { ok: false }],
    });
    expect(failed.stderr).toContain('0 done, 2 failed');

    const no = fakeProcess('no\n');
    expect(await run(['resolve', ...where, '--abort'], no.parts)).toBe(2);
    expect(no.text()).toContain('the answer was not yes');
    const ctrlC = new AbortController();
    const nobody = fakeProcess();
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    setTimeout(() => ctrlC.abort(), 500);
    const left = run(['resolve', ...where, '--abort'], { ...nobody.parts, stdin, interrupted: ctrlC.signal });
    expect(await left).toBe(2);
    expect(nobody.text()).toContain('Nothing was done');
    const yes = fakeProcess('yes\n');
    expect(await run(['resolve', ...where, '--abort'], yes.parts)).toBe(0);
    expect(yes.text()).toContain('2 done, 0 failed');
    await expect.poll(async () => (await listed()).count, { timeout: 10_000 }).toBe(0);
    const none = await onboard('cancel', ...where, '--yes');
    expect(none).toMatchObject({ code: 0, stdout: 'No run matches; nothing was done\n' });
  });
});

describe('one step', () => {
  it('is retried now, paused, resumed; the run is cancelled', async () => {
    const group = definition('retry');
    await here(['start', '-'], JSON.stringify(group));
    const id = group.externalId;
    const attempt = async () => JSON.parse((await onboard('status', id, '--json')).stdout).pendingActivities[0];
    await expect.poll(attempt, { timeout: 10_000 }).toMatchObject({ attempt: 2, state: 'waiting' });
    const retried = await onboard('retry-now', id);
    expect(retried.stdout).toContain('create-group: next attempt');
    await expect.poll(attempt, { timeout: 10_000 }).toMatchObject({ attempt: 3, state: 'waiting' });
    expect((await onboard('pause', id, '--reason', 'maintenance')).code).toBe(0);
    expect((await onboard('status', id)).stdout).toContain('create-group: attempt 3, paused');
    expect(JSON.parse((await onboard('resume', id, '--json')).stdout)).toMatchObject({ activityIds: ['create-group'] });
    expect((await onboard('cancel', id)).stdout).toContain('was asked to end');
    await expect.poll(async () => (await onboard('status', id)).code, { timeout: 10_000 }).toBe(1);
  });

  it('runs again after a reset', async () => {
    const group = definition();
    await start(group);
    const made = await onboard('reset', group.externalId, '--to-step', 'create-group', '--json');
    expect(made.code).toBe(0);
    const { runId, formerRunId } = JSON.parse(made.stdout);
    expect(runId).not.toBe(formerRunId);
    await expect
      .poll(async () => (await onboard('show', group.externalId)).stdout, { timeout: 10_000 })
      .toMatch(new RegExp(`COMPLETED[^]*from run ${formerRunId}`, 'u'));
    const wrong = await onboard('reset', group.externalId, '--to-step', 'no-step');
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('Steps: create-group.') });
  });
});

describe('history', () => {
  it('goes to stdout, or redacted to a file that only its owner reads', async () => {
    const group = definition();
    await start(group);
    const plain = await onboard('history', group.externalId);
    expect(JSON.parse(plain.stdout).events[0].eventType).toBe('EVENT_TYPE_WORKFLOW_EXECUTION_STARTED');
    const file = join(folder, 'history.json');
    const saved = await spawned('history', group.externalId, '--redact', '--out', file, '--json');
    expect(JSON.parse(saved.stdout)).toMatchObject({ file, redacted: true });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const { events } = JSON.parse(await readFile(file, 'utf8'));
    expect(events).toHaveLength(JSON.parse(plain.stdout).events.length);
    const input = (list: typeof events): string =>
      Buffer.from(list[0].workflowExecutionStartedEventAttributes.input.payloads[0].data, 'base64').toString();
    expect(input(JSON.parse(plain.stdout).events)).toContain('u1@example.com');
    expect(input(events)).not.toContain('u1@example.com');
    const nowhere = await onboard('history', group.externalId, '--out', join(folder, 'no', 'file.json'));
    expect(nowhere).toMatchObject({ code: 2, stderr: expect.stringContaining('UnwritableOutput') });
  });
});

describe('watch', () => {
  it('prints a line for each change, and ends with 0 on Ctrl-C', async () => {
    const tenant = `t-${randomUUID()}`.slice(0, 20);
    const { id } = await blockedRun('--tenant', tenant);
    let cancelled = false;
    const ended = await runOnboard(['watch', '--tenant', tenant, '--interval', '1', '--json'], {
      env,
      onStdout(text, kill) {
        if (!cancelled && text.includes('blocked')) {
          cancelled = true;
          void onboard('cancel', id);
        }
        if (text.includes('"to":"cancelled"')) kill('SIGINT');
      },
    });
    expect(ended.code).toBe(0);
    const changes = ended.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(changes).toMatchObject([
      { to: expect.stringContaining('blocked'), run: { workflowId: id } },
      { from: expect.stringContaining('blocked'), to: 'cancelled' },
    ]);
    expect(ended.stderr).toContain('-> cancelled');
  });

  it('redraws a table on a terminal', async () => {
    const terminal = fakeProcess();
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 2_500);
    const parts = { ...terminal.parts, interrupted: stop.signal };
    expect(await run(['watch', '--interval', '1', '--limit', '2'], parts)).toBe(0);
    expect(terminal.text()).toMatch(/\d open, \d blocked {2}\(Ctrl-C ends\)\nWORKFLOW/u);
    expect(terminal.text()).toContain('\u001b[4A\r\u001b[0J');
  });
});

/** A terminal at which somebody types this. */
function fakeProcess(typed = '') {
  let text = '';
  const sink = { isTTY: true, columns: 200, write: (written: string) => void (text += written) };
  async function* lines(): AsyncGenerator<string> {
    yield typed;
  }
  return {
    text: () => text,
    parts: {
      stdin: Object.assign(lines(), { isTTY: true }),
      stdout: sink,
      stderr: sink,
      loadEnvironment: () => env,
      interrupted: new AbortController().signal,
    },
  };
}
