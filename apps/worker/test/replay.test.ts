import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { bundleWorkflowCode, DefaultLogger, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtBundle } from '../src/workflow-bundle.ts';
import { quietRuntime } from './support/quiet-runtime.ts';

quietRuntime();

const HISTORIES = fileURLToPath(new URL('./histories', import.meta.url));
const DIST = fileURLToPath(new URL('../dist', import.meta.url));
const files = (await readdir(HISTORIES)).filter((name) => name.endsWith('.json'));

async function replay(file: string, workflowBundle: WorkflowBundleOption): Promise<void> {
  const { workflowId, history } = JSON.parse(await readFile(join(HISTORIES, file), 'utf8')) as {
    workflowId: string;
    history: unknown;
  };
  await Worker.runReplayHistory({ workflowBundle }, historyFromJSON(history), workflowId);
}

describe('recorded histories', () => {
  it('cover the main paths', () => {
    expect(files.sort()).toEqual(
      [
        'adopted',
        'cancelled',
        'created',
        'name-conflict-after-409',
        'recovered',
        'refused',
        'throttled',
        'unchanged',
        'updated',
        'webhook-undelivered',
      ].map((name) => `${name}.json`),
    );
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

  async function bundleWith(change: (code: string) => string): Promise<WorkflowBundleOption> {
    const copy = await mkdtemp(join(folder, 'copy-'));
    await cp(join(DIST, 'workflows'), copy, { recursive: true });
    const file = join(copy, 'onboard-group.js');
    const code = await readFile(file, 'utf8');
    const changed = change(code);
    if (changed === code) throw new Error('the change does not fit the code any more; correct this test');
    await writeFile(file, changed);
    return bundleWorkflowCode({ workflowsPath: join(copy, 'index.js'), logger: new DefaultLogger('ERROR') });
  }

  it('whose steps are in another order is caught', async () => {
    const bundle = await bundleWith((code) =>
      code.replace(
        'const webhook = await notify(',
        "await recordAudit(input, progress, { outcome: 'created', latencyMs, displayName: group.displayName, target });\n        const webhook = await notify(",
      ),
    );
    await expect(replay('created.json', bundle)).rejects.toThrow(/send-webhook|TMPRL1100/u);
  });

  it('that leaves a step out is caught', async () => {
    const bundle = await bundleWith((code) =>
      code.replace(
        'const webhook = await notify(input, group, validated, progress)',
        "const webhook = { state: 'not-configured' }",
      ),
    );
    await expect(replay('created.json', bundle)).rejects.toThrow(/TMPRL1100/u);
  });
});
