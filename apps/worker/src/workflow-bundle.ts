import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { FAILURE_CONVERTER_PATH } from '@scim-onboarding/payload-encryption';
import { bundleWorkflowCode, type Logger, type WorkflowBundlePath } from '@temporalio/worker';

// By way of `dist`, so that it is the same file from the sources (tests) and from the build.
const WORKFLOWS = fileURLToPath(new URL('../dist/workflows/index.js', import.meta.url));

/** Where the build puts the bundle; the worker does not bundle at its start. */
const BUNDLES = {
  plain: fileURLToPath(new URL('../dist/onboarding-workflows.bundle.js', import.meta.url)),
  encrypted: fileURLToPath(new URL('../dist/onboarding-workflows-encrypted.bundle.js', import.meta.url)),
} as const;

/** `encrypted` encodes the messages of failures that workflow code throws; without keys they would be unreadable for nothing. */
export type BundleKind = keyof typeof BUNDLES;

/** Bundles the workflow code. Fails if something that a workflow must not use is reached from it, such as a Node built-in. */
async function bundle(kind: BundleKind, logger: Logger): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: WORKFLOWS,
    logger,
    ...(kind === 'encrypted' ? { failureConverterPath: FAILURE_CONVERTER_PATH } : {}),
  });
  return code;
}

/** Writes both bundles to where {@link builtBundle} finds them. */
export async function writeBundles(logger: Logger): Promise<void> {
  for (const kind of ['plain', 'encrypted'] as const) await writeFile(BUNDLES[kind], await bundle(kind, logger));
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
