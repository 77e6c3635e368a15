/**
 * `npm run verify [-- --fail-fast]`: every check a change has to pass. Runs all of them unless told to stop at the
 * first failure; the exit code is 1 when one failed.
 *
 * `--total` prints `N passed, M failed` as the last line, for `.ci/run`.
 */
import { parseArgs } from 'node:util';
import { printSummary, runSteps, totals } from './run-steps.mjs';
import { verifySteps } from './verify-steps.mjs';

const { values } = parseArgs({ options: { 'fail-fast': { type: 'boolean' }, total: { type: 'boolean' } } });

const results = await runSteps(verifySteps, { failFast: values['fail-fast'] ?? false });
printSummary(results);

const { passed, failed } = totals(results);
if (values.total) console.log(`${passed} passed, ${failed} failed`);
if (failed > 0 || results.some((result) => !result.ok)) process.exitCode = 1;
