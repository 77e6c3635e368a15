import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type Logger, type WorkflowBundlePath } from '@temporalio/worker';

// By way of `dist`, so that it is the same file from the sources (tests) and from the build.
const WORKFLOWS = fileURLToPath(new URL('../dist/workflows/index.js', import.meta.url));

/** Where the build puts the bundle; the worker does not bundle at its start. */
const BUNDLE_FILE = fileURLToPath(new URL('../dist/onboarding-workflows.bundle.js', import.meta.url));

/** Bundles the workflow code. Fails if something that a workflow must not use is reached from it, such as a Node built-in. */
async function bundleWorkflows(logger?: Logger): Promise<{ code: string }> {
  const { code } = await bundleWorkflowCode({ workflowsPath: WORKFLOWS, ...(logger === undefined ? {} : { logger }) });
  return { code };
}

/** Bundles into {@link BUNDLE_FILE}. */
export async function writeBundle(logger?: Logger): Promise<number> {
  const { code } = await bundleWorkflows(logger);
  await writeFile(BUNDLE_FILE, code);
  return Buffer.byteLength(code);
}

/** The bundle that the build made. */
export function builtBundle(): WorkflowBundlePath {
  if (!existsSync(BUNDLE_FILE)) throw new Error(`There is no workflow bundle at ${BUNDLE_FILE}. Run: npm run build`);
  return { codePath: BUNDLE_FILE };
}

/** The code of the built bundle, for tests that look into it. */
export function builtBundleCode(): Promise<string> {
  return readFile(BUNDLE_FILE, 'utf8');
}
