import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { makeFolder, removeFolder, repositoryRoot, runTool } from './fixture-folder.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach(removeFolder));

type Member = { tag: 'app' | 'lib' | 'pure'; dependencies?: string[]; source?: string };

/** `turbo boundaries` with this project's turbo.json over a workspace of the given members. */
function boundaries(members: Readonly<Record<string, Member>>): { status: number | null; output: string } {
  const files: Record<string, string> = {
    'turbo.json': readFileSync(join(repositoryRoot, 'turbo.json'), 'utf8'),
    'package.json': JSON.stringify({
      name: 'fixture',
      private: true,
      packageManager: 'npm@11.0.0',
      workspaces: ['packages/*', 'apps/*'],
    }),
  };
  for (const [path, { tag, dependencies = [], source = 'export const a = 1;\n' }] of Object.entries(members)) {
    files[`${path}/package.json`] = JSON.stringify({
      name: `@fixture/${path.split('/')[1]}`,
      version: '1.0.0',
      type: 'module',
      dependencies: Object.fromEntries(dependencies.map((name) => [`@fixture/${name}`, '1.0.0'])),
    });
    files[`${path}/turbo.json`] = JSON.stringify({ extends: ['//'], tags: [tag] });
    files[`${path}/src/index.ts`] = source;
  }
  const folder = makeFolder(files);
  folders.push(folder);
  return runTool('turbo', ['boundaries'], folder);
}

it('accepts the arrows app -> lib -> pure', () => {
  const run = boundaries({
    'apps/worker': { tag: 'app', dependencies: ['client', 'core'] },
    'packages/client': { tag: 'lib', dependencies: ['core'] },
    'packages/core': { tag: 'pure' },
  });

  expect(run.output).toContain('Checked 3 files in 3 packages, no issues found');
  expect(run.status).toBe(0);
});

it.each<[what: string, members: Record<string, Member>, message: RegExp]>([
  [
    'a package that depends on an app',
    { 'packages/client': { tag: 'lib', dependencies: ['worker'] }, 'apps/worker': { tag: 'app' } },
    /@fixture\/client/,
  ],
  [
    'an app that depends on an app',
    { 'apps/starter': { tag: 'app', dependencies: ['worker'] }, 'apps/worker': { tag: 'app' } },
    /@fixture\/starter/,
  ],
  [
    'a pure package that depends on a library',
    { 'packages/core': { tag: 'pure', dependencies: ['client'] }, 'packages/client': { tag: 'lib' } },
    /@fixture\/client/,
  ],
  [
    'an import of a file outside the package',
    {
      'packages/client': { tag: 'lib', source: `export { a } from '../../core/src/index.ts';\n` },
      'packages/core': { tag: 'pure' },
    },
    /\.\.\/\.\.\/core\/src\/index\.ts/,
  ],
  [
    'an import of a package that is not declared',
    {
      'packages/client': { tag: 'lib', source: `export { a } from '@fixture/core';\n` },
      'packages/core': { tag: 'pure' },
    },
    /@fixture\/core/,
  ],
])('refuses %s', (_what, members, message) => {
  const run = boundaries(members);

  expect(run.status, run.output).toBe(1);
  expect(run.output).toMatch(/[1-9]\d* issues? found/);
  expect(run.output).toMatch(message);
});
