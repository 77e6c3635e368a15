import { setTimeout as sleep } from 'node:timers/promises';
import { isScimError } from '../errors.ts';

/** First wait where the target names none, in milliseconds; it doubles. */
const FIRST_WAIT_MS = 1_000;

/**
 * Does work that many callers wait for, and waits out the rate limit where one caller would fail: begun anew, it would cost all
 * its requests again.
 *
 * @param maxWaitMs longest wait in all. Default one minute: the vendor's window
 * @throws what the work throws; `rate_limited` when the wait would be too long
 */
export async function patiently<T>(work: () => Promise<T>, maxWaitMs = 60_000): Promise<T> {
  let left = maxWaitMs;
  for (let own = FIRST_WAIT_MS; ; own *= 2) {
    try {
      return await work();
    } catch (error) {
      if (!isScimError(error, 'rate_limited')) throw error;
      const wait = error.facts.retryAfterMs ?? own;
      if (wait > left) throw error;
      left -= Math.max(wait, 1);
      await sleep(wait);
    }
  }
}
