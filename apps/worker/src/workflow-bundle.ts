import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { FAILURE_CONVERTER_PATH } from '@scim-onboarding/payload-encryption';
import { WORKFLOW_INTERCEPTOR_MODULES } from '@scim-onboarding/tracing/worker';
import { bundleWorkflowCode, type Logger, type WorkflowBundlePath } from '@temporalio/worker';

// By way of `dist`, so that it is the same file from the sources (tests) and from the build.
const WORKFLOWS = fileURLToPath(new URL('../dist/workflows/index.js', import.meta.url));

/** Where the build puts the bundles; the worker does not bundle at its start. */
const BUNDLES = {
  plain: bundlePath('onboarding-workflows.bundle.js'),
  encrypted: bundlePath('onboarding-workflows-encrypted.bundle.js'),
  'plain-traced': bundlePath('onboarding-workflows-traced.bundle.js'),
  'encrypted-traced': bundlePath('onboarding-workflows-encrypted-traced.bundle.js'),
} as const;

/**
 * `encrypted` encodes the messages of failures that workflow code throws; without keys they would be unreadable for nothing. `traced`
 * makes spans of runs and steps; OpenTelemetry would be half a megabyte for nothing while tracing is off.
 */
export type BundleKind = keyof typeof BUNDLES;

/** The kind for a worker with these settings. */
export function bundleKind({ encrypted, traced }: { encrypted: boolean; traced: boolean }): BundleKind {
  const kind = encrypted ? 'encrypted' : 'plain';
  return traced ? `${kind}-traced` : kind;
}

function bundlePath(name: string): string {
  return fileURLToPath(new URL(`../dist/${name}`, import.meta.url));
}

/** Bundles the workflow code. Fails if something that a workflow must not use is reached from it, such as a Node built-in. */
async function bundle(kind: BundleKind, logger: Logger): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: WORKFLOWS,
    logger,
    ...(kind.startsWith('encrypted') ? { failureConverterPath: FAILURE_CONVERTER_PATH } : {}),
    ...(kind.endsWith('-traced') ? { workflowInterceptorModules: WORKFLOW_INTERCEPTOR_MODULES } : {}),
  });
  return code;
}

/** Writes every bundle to where {@link builtBundle} finds it. */
export async function writeBundles(logger: Logger): Promise<void> {
  for (const kind of ['plain', 'encrypted', 'plain-traced', 'encrypted-traced'] as const)
    await writeFile(BUNDLES[kind], await bundle(kind, logger));
}

/** The bundle that the build made. */
export function builtBundle(kind: BundleKind = 'plain'): WorkflowBundlePath {
  const codePath = BUNDLES[kind];
  if (!existsSync(codePath)) throw new Error(`There is no workflow bundle at ${codePath}. Run: npm run build`);
  return { codePath };
}

/** The code of a built bundle, for tests that look into it. */
export function builtBundleCode(kind: BundleKind = 'plain'): Promise<string> {
  return readFile(BUNDLES[kind], 'utf8');
}
