import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DeterminismViolationError } from '@temporalio/workflow';
import { bundleWorkflowCode, DefaultLogger, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainDivergence, renderDivergence, type Divergence } from '../src/replay/explain.ts';
import { loadHistory } from '../src/replay/load-history.ts';
import { builtBundle } from '../src/workflow-bundle.ts';
import { quietRuntime } from './support/quiet-runtime.ts';

quietRuntime();

const HISTORIES = fileURLToPath(new URL('./histories', import.meta.url));
const DIST = fileURLToPath(new URL('../dist', import.meta.url));
const files = (await readdir(HISTORIES)).filter((name) => name.endsWith('.json'));

async function load(file: string) {
  return loadHistory(join(HISTORIES, file), undefined);
}

async function replay(file: string, workflowBundle: WorkflowBundleOption): Promise<void> {
  const { workflowId, history } = await load(file);
  await Worker.runReplayHistory({ workflowBundle }, history, workflowId);
}

describe('recorded histories', () => {
  it('cover every path', () => {
    expect(files.map((name) => name.replace('.json', '')).toSorted()).toEqual([
      'aborted-compensated',
      'adopted',
      'blocked-adopted',
      'blocked-amended',
      'blocked-given-up',
      'blocked-retried',
      'blocked-skipped',
      'cancelled',
      'cancelled-compensated',
      'created',
      'large-group',
      'name-conflict-after-409',
      'platform-created',
      'recovered',
      'refused',
      'roster-cancelled',
      'roster-completed',
      'roster-continued',
      'roster-job-drift',
      'roster-job-held',
      'roster-job-started',
      'roster-part',
      'roster-part-cancelled',
      'roster-part-paused',
      'roster-paused-continued',
      'throttled',
      'unchanged',
      'updated',
      'webhook-undelivered',
    ]);
  });

  it.each(files)('%s replays with the workflow code of today', async (file) => {
    await replay(file, builtBundle());
  });
});

describe('a changed workflow', () => {
  let folder = '';
  beforeAll(async () => {
    // Inside the package, so that the copy finds its dependencies.
    folder = await mkdtemp(join(DIST, 'changed-workflows-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** The workflow code with a change in one of its files. */
  async function bundleWith(file: string, change: (code: string) => string): Promise<WorkflowBundleOption> {
    const copy = await mkdtemp(join(folder, 'copy-'));
    await cp(join(DIST, 'workflows'), copy, { recursive: true });
    const code = await readFile(join(copy, file), 'utf8');
    const changed = change(code);
    if (changed === code) throw new Error(`the change does not fit ${file} any more; correct this test`);
    await writeFile(join(copy, file), changed);
    return bundleWorkflowCode({ workflowsPath: join(copy, 'index.js'), logger: new DefaultLogger('ERROR') });
  }

  async function divergence(
    file: string,
    change: (code: string) => string,
    history = 'created.json',
  ): Promise<Divergence> {
    const error: unknown = await replay(history, await bundleWith(file, change)).catch((thrown: unknown) => thrown);
    if (!(error instanceof DeterminismViolationError)) throw new Error(`the change is not caught: ${String(error)}`);
    return explainDivergence(error.message, (await load(history)).history);
  }

  it('whose steps are in another order is caught, and the step is named', async () => {
    const swapped = await divergence('round.js', (code) =>
      code.replace(
        'const { displayName, members } = state.head;',
        "await verify(state, { group: { groupId: 'x' } }, progress);\n    const { displayName, members } = state.head;",
      ),
    );
    expect(swapped).toMatchObject({
      expected: 'the step create-group',
      found: 'the step verify-group',
      step: 'create-group',
    });
    expect(renderDivergence(swapped)).toContain(
      `it diverges at event ${swapped.eventId}, in or after the step create-group`,
    );
  });

  it('that leaves a step out is caught', async () => {
    const left = await divergence('onboard-group.js', (code) =>
      code.replace('await notify(state, settled, progress)', "{ state: 'not-configured' }"),
    );
    expect(left).toMatchObject({
      step: 'send-webhook',
      expected: 'the step send-webhook',
      found: 'the step record-audit',
    });
  });

  it('that calls a step or an activity by another name is caught', async () => {
    expect(
      await divergence(
        'round.js',
        (code) => code.replace("activityId(state, 'verify-group', suffix)", "'check-group'"),
        'updated.json',
      ),
    ).toMatchObject({
      expected: 'the step verify-group',
      found: 'the step check-group',
    });
    expect(
      await divergence(
        'activity-proxies.js',
        (code) => code.replace("'verify-group': 'verifyGroup'", "'verify-group': 'checkGroup'"),
        'updated.json',
      ),
    ).toMatchObject({
      expected: 'the activity verifyGroup',
      found: 'the activity checkGroup',
      step: 'verify-group',
    });
  });
});

describe('npm run replay', () => {
  function run(...args: string[]) {
    return spawnSync(process.execPath, [join(DIST, 'replay-main.js'), ...args], { encoding: 'utf8' });
  }

  it('says that a history fits, and what is wrong with a file that is none', () => {
    const fits = run(join(HISTORIES, 'created.json'));
    expect(fits).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/fits the history of .*created\.json: \d+ events/u),
    });
    expect(run(fileURLToPath(new URL('../package.json', import.meta.url)))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('needs "events"'),
    });
    expect(run()).toMatchObject({ status: 2, stderr: expect.stringContaining('Usage') });
  });

  it('says where a history does not fit', async () => {
    const text = await readFile(join(HISTORIES, 'updated.json'), 'utf8');
    const folder = await mkdtemp(join(tmpdir(), 'replay-'));
    try {
      const other = join(folder, 'other.json');
      await writeFile(other, text.replaceAll('"verify-group"', '"check-group"'));
      const { status, stdout } = run(other);
      expect(status).toBe(1);
      expect(stdout).toContain('expected (history)  the step check-group');
      expect(stdout).toContain('found (code)        the step verify-group');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
