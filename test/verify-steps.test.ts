import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { makeFolder, removeFolder, repositoryRoot } from './fixture-folder.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach(removeFolder));

/** A stand-in for vitest: writes the report that the last argument names, as the json reporter does. */
const reporter = (passed: number, failed: number): string => `
  const file = process.argv.at(-1).replace('--outputFile.json=', '');
  require('node:fs').writeFileSync(file, JSON.stringify({ numPassedTests: ${passed}, numFailedTests: ${failed}, testResults: [] }));
  process.exit(${failed > 0 ? 1 : 0});
`;

/** Runs steps with these npm scripts the way scripts/verify.mjs does, in a folder of its own. */
function runSteps(scripts: Readonly<Record<string, string>>, options: { failFast?: boolean } = {}) {
  const module = pathToFileURL(join(repositoryRoot, 'scripts', 'run-steps.mjs')).href;
  const steps = Object.keys(scripts).map((id) => ({ id, title: id, tests: id === 'test' }));
  const folder = makeFolder({
    'package.json': JSON.stringify({ name: 'fixture', private: true, scripts }),
    'pass.cjs': reporter(7, 0),
    'fail.cjs': reporter(5, 2),
    'crash.cjs': 'process.exit(3);',
    'run.mjs': `
      import { printSummary, runSteps, totals } from '${module}';
      const results = await runSteps(${JSON.stringify(steps)}, ${JSON.stringify(options)});
      printSummary(results);
      console.log(JSON.stringify({ ...totals(results), ok: results.map((result) => result.ok) }));
    `,
  });
  folders.push(folder);
  const run = spawnSync(process.execPath, ['run.mjs'], { cwd: folder, encoding: 'utf8', timeout: 60_000 });
  return { output: run.stdout, total: JSON.parse(run.stdout.trim().split('\n').at(-1) ?? '') as unknown };
}

it('counts a step as one and the tests one by one', () => {
  const { total, output } = runSteps({ lint: 'node --version', test: 'node pass.cjs' });

  expect(total).toEqual({ passed: 8, failed: 0, ok: [true, true] });
  expect(output).toMatch(/^ok +[\d.]+ s {2}npm run test {2}\(7 passed, 0 failed\)$/m);
});

it('goes on after a failure and counts it', () => {
  const { total, output } = runSteps({ lint: 'node crash.cjs', test: 'node fail.cjs' });

  expect(total).toEqual({ passed: 5, failed: 3, ok: [false, false] });
  expect(output).toMatch(/^FAILED +[\d.]+ s {2}npm run lint$/m);
});

it('stops at the first failure when told to', () => {
  expect(runSteps({ lint: 'node crash.cjs', test: 'node pass.cjs' }, { failFast: true }).total).toEqual({
    passed: 0,
    failed: 1,
    ok: [false],
  });
});

it('counts a test run that wrote no report as a failure', () => {
  expect(runSteps({ test: 'node crash.cjs' }).total).toEqual({ passed: 0, failed: 1, ok: [false] });
  expect(runSteps({ test: 'node --version' }).total).toEqual({ passed: 0, failed: 1, ok: [false] });
});

it('has an npm script for every step', () => {
  const list = readFileSync(join(repositoryRoot, 'scripts', 'verify-steps.mjs'), 'utf8');
  const ids = [...list.matchAll(/id: '([^']+)'/g)].map((match) => match[1]);
  const { scripts } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as { scripts: object };

  expect(ids).toContain('test');
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(ids));
});
