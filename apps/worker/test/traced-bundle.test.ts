import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { loadHistory } from '../src/replay/load-history.ts';
import { builtBundle, builtBundleCode } from '../src/workflow-bundle.ts';
import { quietRuntime } from './support/quiet-runtime.ts';

quietRuntime();

const HISTORIES = fileURLToPath(new URL('./histories', import.meta.url));
const files = (await readdir(HISTORIES)).filter((name) => name.endsWith('.json'));

describe('the traced workflow bundle', async () => {
  const code = await builtBundleCode('plain-traced');

  it('has OpenTelemetry in it, and nothing else that the plain one has not', () => {
    const packages = [...code.matchAll(/node_modules\/((?:@[^/"]+\/)?[^/"]+)\//gu)].map((match) => match[1] ?? '');
    const foreign = new Set(
      packages.filter((name) => !/^(?:@temporalio\/.*|ms|heap-js|long|nexus-rpc|@scim-onboarding\/.*)$/u.test(name)),
    );
    expect([...foreign].sort()).toEqual([
      '@opentelemetry/api',
      '@opentelemetry/core',
      '@opentelemetry/resources',
      '@opentelemetry/sdk-trace-base',
      '@opentelemetry/semantic-conventions',
    ]);
    expect(code).not.toMatch(/require\("(?:node:)?(?:fs|net|http|https|crypto|child_process|tls)"\)/u);
  });

  it('stays within its size', () => {
    expect(code.replace(/\/\/# sourceMappingURL=.*$/mu, '').length).toBeLessThan(1_900_000);
  });

  // So that tracing can be turned on while runs are open.
  it.each(files)('replays %s, which was recorded without tracing', async (file) => {
    const { workflowId, history } = await loadHistory(join(HISTORIES, file), undefined);
    await Worker.runReplayHistory({ workflowBundle: builtBundle('plain-traced') }, history, workflowId);
  });
});
