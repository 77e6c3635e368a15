import { describe, expect, it } from 'vitest';

import { retryWithBackoff } from './retry-with-backoff.ts';

/** A clock that only the sleep moves. */
function fakeTime() {
  let time = 1_000;
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => time,
    sleep: (ms: number) => {
      sleeps.push(ms);
      time += ms;
      return Promise.resolve();
    },
  };
}

const failing = (times: number) => (attempt: number) =>
  attempt <= times ? Promise.reject(new Error(`no ${attempt}`)) : Promise.resolve(attempt);

describe('retryWithBackoff', () => {
  it('does not wait when the first attempt succeeds', async () => {
    const time = fakeTime();
    expect(await retryWithBackoff(failing(0), time)).toBe(1);
    expect(time.sleeps).toEqual([]);
  });

  it('doubles the delay up to the longest and reports each retry', async () => {
    const time = fakeTime();
    const retries: string[] = [];
    const onRetry = (error: unknown, attempt: number, delayMs: number) =>
      retries.push(`${String(error)} ${attempt} ${delayMs}`);
    expect(await retryWithBackoff(failing(7), { ...time, onRetry })).toBe(8);
    expect(time.sleeps).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
    expect(retries[1]).toBe('Error: no 2 2 1000');
  });

  it('never waits longer than the longest delay, also at first', async () => {
    const time = fakeTime();
    await retryWithBackoff(failing(2), { ...time, initialMs: 900, maxMs: 100 });
    expect(time.sleeps).toEqual([100, 100]);
  });

  it('gives the last error when the next attempt would be too late', async () => {
    const time = fakeTime();
    const tried = retryWithBackoff(failing(99), { ...time, initialMs: 100, maxElapsedMs: 700 });
    await expect(tried).rejects.toThrow('no 4');
    expect(time.sleeps).toEqual([100, 200, 400]);
  });

  it('throws at once an error that is not to be tried again', async () => {
    const time = fakeTime();
    const shouldRetry = (error: unknown) => !String(error).includes('no 2');
    await expect(retryWithBackoff(failing(9), { ...time, shouldRetry })).rejects.toThrow('no 2');
    expect(time.sleeps).toEqual([500]);
  });

  it('ends a real wait when the signal aborts, with the reason of the signal', async () => {
    const controller = new AbortController();
    const reason = new Error('shutting down');
    const tried = retryWithBackoff(failing(9), {
      initialMs: 60_000,
      maxMs: 60_000,
      signal: controller.signal,
      onRetry: () => setImmediate(() => controller.abort(reason)),
    });
    await expect(tried).rejects.toBe(reason);
    let calls = 0;
    const fn = () => Promise.resolve((calls += 1));
    await expect(retryWithBackoff(fn, { signal: controller.signal })).rejects.toBe(reason);
    expect(calls).toBe(0);
  });
});
