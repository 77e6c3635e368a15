import type { OnboardingStatus } from '@scim-onboarding/onboarding-client';
import { formatDuration, formatStep } from './format.ts';
import type { Output } from './output.ts';
import { pause } from './pause.ts';

const POLL_MS = 500;
const TICK_MS = 200;
/** A worker that is up answers much sooner. */
const NO_WORKER_AFTER_MS = 3_000;

/** Turns statuses into lines; each thing is told once. */
export function createProgressLines(): (status: OnboardingStatus, elapsedMs: number) => string[] {
  const told = new Set<string>();
  const once = (key: string, line: () => string): string[] => {
    if (told.has(key)) return [];
    told.add(key);
    return [line()];
  };
  return (status, elapsedMs) => {
    const steps = (status.steps ?? []).flatMap((step, index) =>
      step.state === 'running' ? [] : once(`step ${index} ${step.state}`, () => formatStep(step)),
    );
    const retries = status.pendingActivities.flatMap(({ activityId, attempt, lastFailure, nextAttemptAt }) =>
      lastFailure === undefined
        ? []
        : once(`retry ${activityId} ${attempt}`, () => {
            const next =
              nextAttemptAt === undefined ? '' : `; attempt ${attempt} at ${nextAttemptAt.slice(11, 19)} UTC`;
            return `! ${activityId.padEnd(15)} attempt ${attempt - 1} failed: ${lastFailure}${next}`;
          }),
    );
    const problems = status.problems.flatMap((problem) =>
      once(`problem ${problem}`, () => `! the worker has a problem with this run: ${problem}`),
    );
    const alone = status.state === 'unavailable' && status.execution === 'RUNNING' && elapsedMs >= NO_WORKER_AFTER_MS;
    const noWorker = alone ? once('no worker', () => '! no worker answers; start one, or see `onboard doctor`') : [];
    return [...steps, ...retries, ...problems, ...noWorker];
  };
}

/** The line that a terminal shows at its end while the run is open. */
export function liveLine(status: OnboardingStatus | undefined, elapsedMs: number): string {
  const step = status?.steps?.findLast((entry) => entry.state === 'running')?.step;
  return `… ${(step ?? status?.stage ?? 'starting').padEnd(15)} ${formatDuration(elapsedMs).padStart(9)}`;
}

export interface ProgressOptions {
  readonly output: Output;
  /** Reads the status of the run. */
  readonly read: () => Promise<OnboardingStatus>;
}

/**
 * Shows the steps of a run as they happen, until it is stopped. What cannot be read is not shown: the caller waits for the
 * result itself and reports errors.
 *
 * @returns a function that shows what is left to show, and ends
 */
export function showProgress({ output, read }: ProgressOptions): () => Promise<void> {
  const startedAt = Date.now();
  const elapsed = (): number => Date.now() - startedAt;
  const lines = createProgressLines();
  const stop = new AbortController();
  let last: OnboardingStatus | undefined;

  const poll = async (): Promise<void> => {
    last = (await read().catch(() => undefined)) ?? last;
    if (last !== undefined) for (const line of lines(last, elapsed())) output.line(line);
  };
  const ticker = setInterval(() => output.live(liveLine(last, elapsed())), TICK_MS);
  const polling = (async () => {
    while (!stop.signal.aborted) {
      await poll();
      await pause(POLL_MS, stop.signal);
    }
  })();
  return async () => {
    stop.abort();
    await polling;
    await poll();
    clearInterval(ticker);
    output.live('');
  };
}
