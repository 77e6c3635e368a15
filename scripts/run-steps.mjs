import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * @typedef {{ id: string; title: string; tests?: boolean }} Step
 * @typedef {{ step: Step; command: string; ok: boolean; seconds: number; passed: number; failed: number }} StepResult
 */

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** The process group of the step that runs now, so that a signal to this process ends its children as well. */
let running;

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    stopRunning();
    process.exit(1);
  });
}

function stopRunning() {
  if (running?.pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? running.pid : -running.pid, 'SIGTERM');
  } catch (error) {
    // Nobody is left in the group; macOS says EPERM for that.
    if (error.code !== 'ESRCH' && error.code !== 'EPERM') throw error;
  }
}

/** Runs a command in a process group of its own and shows its output. Resolves with the exit code, 1 for a signal. */
export function run(command, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: 'inherit',
      detached: process.platform !== 'win32',
      // turbo would ask about telemetry in the middle of the output.
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', ...env },
    });
    running = child;
    child.once('error', (error) => {
      console.error(`${command} could not be started: ${error.message}`);
      resolve(127);
    });
    child.once('exit', (code) => {
      // What a step left running in its group (a server of a crashed test) would outlive the run.
      stopRunning();
      running = undefined;
      resolve(code ?? 1);
    });
  });
}

/**
 * Runs one step by its npm script.
 *
 * @param {Step} step
 * @returns {Promise<StepResult>}
 */
async function runStep(step) {
  const started = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'verify-'));
  try {
    const report = join(folder, 'tests.json');
    const args = ['run', '--silent', step.id];
    // `github-actions` is not named: it is added by vitest only when no reporter is given.
    if (step.tests) args.push('--', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`);
    const code = await run(npm, args);
    const counts = step.tests
      ? await countTests(report, code)
      : { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 };
    const seconds = (performance.now() - started) / 1000;
    return { step, command: `npm run ${step.id}`, ok: code === 0 && counts.failed === 0, seconds, ...counts };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A file that cannot be loaded has no failed test in it, and a crash writes no report: both count as one failure. */
async function countTests(file, code) {
  let passed = 0;
  let failed = 0;
  try {
    const report = JSON.parse(await readFile(file, 'utf8'));
    passed = report.numPassedTests;
    failed = report.numFailedTests;
    for (const suite of report.testResults) {
      if (suite.status === 'failed' && !suite.assertionResults.some((test) => test.status === 'failed')) failed += 1;
    }
  } catch (error) {
    console.error(`No test report: ${error.message}`);
  }
  if (code !== 0 && failed === 0) failed = 1;
  if (code === 0 && passed === 0 && failed === 0) failed = 1;
  return { passed, failed };
}

/**
 * Runs the steps one after the other and prints a heading and the time of each.
 *
 * @param {ReadonlyArray<Step>} steps
 * @param {{ failFast?: boolean }} [options] `failFast`: stop after the first step that fails. Default: run all.
 * @returns {Promise<StepResult[]>}
 */
export async function runSteps(steps, { failFast = false } = {}) {
  const results = [];
  for (const step of steps) {
    console.log(`\n=== ${step.title}\n$ npm run ${step.id}`);
    const result = await runStep(step);
    results.push(result);
    console.log(`--- ${result.ok ? 'ok' : 'FAILED'} in ${result.seconds.toFixed(1)} s: ${result.command}`);
    if (!result.ok && failFast) break;
  }
  return results;
}

/** One line a step: result, time, command. */
export function printSummary(results) {
  console.log('\n=== Summary');
  for (const { ok, seconds, command, step, passed, failed } of results) {
    const counts = step.tests ? `  (${passed} passed, ${failed} failed)` : '';
    console.log(`${ok ? 'ok    ' : 'FAILED'}  ${seconds.toFixed(1).padStart(6)} s  ${command}${counts}`);
  }
}

/** The sums over all results. */
export function totals(results) {
  return results.reduce((sum, { passed, failed }) => ({ passed: sum.passed + passed, failed: sum.failed + failed }), {
    passed: 0,
    failed: 0,
  });
}
