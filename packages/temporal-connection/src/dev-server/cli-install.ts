import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { isExecutableFile } from './executable.ts';

const run = promisify(execFile);
const TEMPORARY_PREFIX = '.fetch-';
const ABANDONED_MS = 60 * 60 * 1_000;
const VERSION_TIMEOUT_MS = 20_000;

/**
 * Puts the `temporal` binary that `fetch` leaves in a temporary folder at `target`. The folder is on the same file
 * system and the binary is renamed into place when it is complete and runs, so that two processes which do this at
 * the same time, or one that is killed, never leave a broken binary.
 *
 * @param fetch gets the temporary folder and gives the path of the binary within it.
 */
export async function installCli(target: string, fetch: (folder: string) => Promise<string>): Promise<void> {
  const cacheFolder = dirname(target);
  await mkdir(cacheFolder, { recursive: true });
  await removeAbandoned(cacheFolder);
  const folder = await mkdtemp(join(cacheFolder, TEMPORARY_PREFIX));
  try {
    const binary = await fetch(folder);
    await chmod(binary, 0o755);
    await checkRuns(binary);
    // Another process may have been faster; its server may already run from that file.
    if (!(await isExecutableFile(target))) await rename(binary, target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs a program; the error says what it wrote. */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; timeoutMs: number },
): Promise<string> {
  try {
    const { stdout } = await run(program, args, {
      timeout: options.timeoutMs,
      windowsHide: true,
      ...(options.env === undefined ? {} : { env: options.env }),
    });
    return stdout;
  } catch (error) {
    throw new Error(explainFailure(program, error, options.timeoutMs), { cause: error });
  }
}

/** First file with this name in a folder or below it. */
export async function findFile(folder: string, name: string): Promise<string | undefined> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = entries.find((entry) => entry.isFile() && entry.name === name);
  return found === undefined ? undefined : join(found.parentPath, found.name);
}

async function checkRuns(binary: string): Promise<void> {
  const output = await runProgram(binary, ['--version'], { timeoutMs: VERSION_TIMEOUT_MS });
  if (!/temporal/i.test(output)) throw new Error(`the fetched ${basename(binary)} does not answer to --version`);
}

async function removeAbandoned(cacheFolder: string): Promise<void> {
  for (const name of await readdir(cacheFolder)) {
    if (!name.startsWith(TEMPORARY_PREFIX)) continue;
    const path = join(cacheFolder, name);
    const age = await stat(path).then(
      (found) => Date.now() - found.mtimeMs,
      () => 0,
    );
    if (age > ABANDONED_MS) await rm(path, { recursive: true, force: true });
  }
}

function explainFailure(program: string, error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'ENOENT') return `${program} is not installed or not on PATH`;
  if ('killed' in error && error.killed === true) return `${program} took longer than ${timeoutMs} ms`;
  const stderr = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim() : '';
  // pip and tar put the cause in the last lines.
  return `${program} failed: ${(stderr === '' ? error.message : stderr).split('\n').slice(-2).join(' ').slice(0, 500)}`;
}
