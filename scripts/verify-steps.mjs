/**
 * The checks a change has to pass, in the order they are run. `npm run verify` and `.ci/run` read this one list.
 *
 * `id` is the npm script that does the work, `title` the heading. Steps with `tests: true` are counted by their
 * tests, every other one counts as one.
 *
 * @type {ReadonlyArray<{ id: string; title: string; tests?: boolean }>}
 */
export const verifySteps = [
  { id: 'build', title: 'Build: every package and app, and the workflow bundle' },
  { id: 'format:check', title: 'Format (oxfmt)' },
  { id: 'lint', title: 'Lint, with types (oxlint)' },
  { id: 'boundaries', title: 'Package boundaries (turbo)' },
  { id: 'types', title: 'Types of the tests (tsc)' },
  { id: 'unused', title: 'Unused files, exports, dependencies (knip)' },
  { id: 'versions', title: 'One version of each dependency (sherif)' },
  { id: 'test', title: 'Tests (vitest)', tests: true },
  { id: 'test:interop', title: 'Tests with programs of others (vitest)', tests: true },
];
