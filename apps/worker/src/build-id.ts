import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const FILE = new URL('../dist/build-id.txt', import.meta.url);

/** What a build id may be. */
export const BUILD_ID_PATTERN = /^[A-Za-z0-9_.-]{1,100}$/u;

/**
 * Keeps the git commit that is built, for workers that are not told a WORKER_BUILD_ID. Where files differ from the commit the id says so:
 * two builds of one commit may not be the same. Outside git there is none.
 *
 * @param commit of the source, where it is built without its git folder (an image)
 */
export function writeBuildId(commit: string | undefined): void {
  const id = commit === undefined || commit === '' ? commitOfFolder() : commit;
  if (id !== undefined && BUILD_ID_PATTERN.test(id)) writeFileSync(FILE, id);
  else rmSync(FILE, { force: true });
}

/** The git commit that this was built from; undefined if that is not known. */
export function builtBuildId(): string | undefined {
  return existsSync(FILE) ? readFileSync(FILE, 'utf8') : undefined;
}

function commitOfFolder(): string | undefined {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const commit = git('rev-parse', '--short=12', 'HEAD');
    return git('status', '--porcelain') === '' ? commit : `${commit}-changed`;
  } catch {
    return undefined;
  }
}
