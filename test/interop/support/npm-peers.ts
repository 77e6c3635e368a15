import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { peersFolder } from './paths.ts';
import { run } from './run.ts';

/**
 * Installs what `peers/package-lock.json` says, outside the workspaces: the versions that the peers need from each other shall not
 * bind the product. Kept until the lock file changes.
 *
 * @returns the folder with `node_modules` in it
 * @throws {Error} if a package cannot be installed
 */
export async function npmPeers(): Promise<string> {
  const lock = createHash('sha256')
    .update(await readFile(join(peersFolder, 'package-lock.json')))
    .digest('hex');
  // `npm ci` removes node_modules first, so the mark cannot outlive what it stands for.
  const mark = join(peersFolder, 'node_modules', '.installed-lock');
  if (existsSync(mark) && (await readFile(mark, 'utf8')) === lock) return peersFolder;
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  await run(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--no-workspaces'], {
    cwd: peersFolder,
    timeoutMs: 200_000,
  });
  await writeFile(mark, lock);
  return peersFolder;
}
