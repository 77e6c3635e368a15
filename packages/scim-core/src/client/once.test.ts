import { describe, expect, it } from 'vitest';
import { onceSuccessful, untilAborted } from './once.ts';

describe('onceSuccessful', () => {
  it('works once for all callers, and again only after a failure', async () => {
    let runs = 0;
    const get = onceSuccessful(async () => {
      runs += 1;
      await Promise.resolve();
      if (runs === 1) throw new Error('first');
      return runs;
    });
    const first = await Promise.allSettled([get(), get()]);
    expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await Promise.all([get(), get()])).toEqual([2, 2]);
    expect(await get()).toBe(2);
  });
});

describe('untilAborted', () => {
  it('gives what the work gives, or its error', async () => {
    const { signal } = new AbortController();
    expect(await untilAborted(Promise.resolve(1), signal)).toBe(1);
    await expect(untilAborted(Promise.reject(new Error('work')), signal)).rejects.toThrow('work');
  });

  it('ends with the reason of the signal, aborted before or meanwhile', async () => {
    const endless = new Promise<never>(() => undefined);
    await expect(untilAborted(endless, AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
    const meanwhile = new AbortController();
    const waiting = untilAborted(endless, meanwhile.signal);
    meanwhile.abort(new Error('meanwhile'));
    await expect(waiting).rejects.toThrow('meanwhile');
  });
});
