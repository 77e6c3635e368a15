import { describe, expect, it } from 'vitest';
import { isScimError, ScimError } from '../errors.ts';
import { patiently } from './patience.ts';

const limited = (retryAfterMs?: number): ScimError =>
  new ScimError('rate_limited', { method: 'GET', url: 'https://x.test', retryAfterMs });

describe('patiently', () => {
  it('waits as long as the target says, then does the work again', async () => {
    let calls = 0;
    const started = performance.now();
    const work = (): Promise<number> => (++calls < 3 ? Promise.reject(limited(30)) : Promise.resolve(calls));
    expect(await patiently(work)).toBe(3);
    expect(performance.now() - started).toBeGreaterThanOrEqual(55);
  });

  it.each([
    ['the wait would be too long', limited(101), 1],
    ['the waits together are too long', limited(40), 3],
    ['no time is told and its own first wait is too long', limited(), 1],
    ['it is another error', new ScimError('server_error', { method: 'GET', url: 'https://x.test' }), 1],
  ])('gives up when %s', async (_name, error, expected) => {
    let calls = 0;
    const failed = patiently(() => {
      calls += 1;
      return Promise.reject(error);
    }, 100);
    expect(isScimError(await failed.catch((thrown: unknown) => thrown))).toBe(true);
    expect(calls).toBe(expected);
  });
});
