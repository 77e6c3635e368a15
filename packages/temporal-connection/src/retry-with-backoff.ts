import { setTimeout as delay } from 'node:timers/promises';

export interface BackoffOptions {
  /** First delay in milliseconds; each further one is twice the one before. Default 500. */
  initialMs?: number;
  /** Longest delay in milliseconds. Default 15 000. */
  maxMs?: number;
  /** No further attempt starts later than this many milliseconds after the first. Default: no limit. */
  maxElapsedMs?: number;
  /** Ends the waiting; the call then rejects with the reason of the signal. */
  signal?: AbortSignal;
  /** Errors for which this gives `false` are thrown at once. Default: every error is tried again. */
  shouldRetry?: (error: unknown) => boolean;
  /** Called before each delay. `attempt` is the number of the attempt that failed, from 1. */
  onRetry?: (error: unknown, attempt: number, delayMs: number) => void;
  /** For tests: waits, and rejects when the signal aborts. */
  sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** For tests: milliseconds of a clock that does not go back. */
  now?: () => number;
}

/**
 * Calls `fn` until it succeeds, with exponentially growing delays.
 *
 * @throws the last error of `fn` when `maxElapsedMs` is over or `shouldRetry` refuses; the reason of `signal`.
 */
export async function retryWithBackoff<T>(
  fn: (attempt: number) => Promise<T>,
  options: BackoffOptions = {},
): Promise<T> {
  const { initialMs = 500, maxMs = 15_000, maxElapsedMs = Number.POSITIVE_INFINITY, signal } = options;
  const { shouldRetry = () => true, sleep = abortableSleep, now = () => performance.now() } = options;
  const start = now();
  for (let attempt = 1, delayMs = Math.min(initialMs, maxMs); ; attempt += 1, delayMs = Math.min(delayMs * 2, maxMs)) {
    signal?.throwIfAborted();
    try {
      return await fn(attempt);
    } catch (error) {
      signal?.throwIfAborted();
      if (!shouldRetry(error) || now() - start + delayMs > maxElapsedMs) throw error;
      options.onRetry?.(error, attempt, delayMs);
      await sleep(delayMs, signal);
    }
  }
}

async function abortableSleep(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    // The timer rejects with an AbortError of its own; callers expect the reason they gave.
    signal?.throwIfAborted();
    throw error;
  }
}
