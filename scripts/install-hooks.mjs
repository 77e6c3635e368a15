/**
 * `npm run prepare`: puts the git hooks of lefthook.yml in place. Does nothing where there is no git checkout (a
 * tarball, an image build), where lefthook is not installed (`--omit=dev`) or in CI: an install may not fail for hooks.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const lefthook = join(root, 'node_modules', 'lefthook', 'bin', 'index.js');

if (!process.env['CI'] && existsSync(join(root, '.git')) && existsSync(lefthook)) {
  const run = spawnSync(process.execPath, [lefthook, 'install'], { cwd: root, encoding: 'utf8' });
  if (run.status !== 0) {
    console.warn(`git hooks were not installed: ${(run.error?.message ?? run.stderr ?? '').trim()}`);
  }
}
