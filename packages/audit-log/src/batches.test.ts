import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inBatches } from './batches.ts';

describe('inBatches', () => {
  it('starts at once, and does together what was handed in meanwhile', async () => {
    const batches: number[][] = [];
    const double = inBatches(3, async (items: readonly number[]) => {
      batches.push([...items]);
      await Promise.resolve();
      return items.map((item) => item * 2);
    });
    await expect(Promise.all([1, 2, 3, 4, 5].map(double))).resolves.toEqual([2, 4, 6, 8, 10]);
    expect(batches).toEqual([[1], [2, 3, 4], [5]]);
    await expect(double(6)).resolves.toBe(12);
  });

  it('fails the items of one batch and no other', async () => {
    const work = inBatches(2, async (items: readonly string[]) => {
      await Promise.resolve();
      if (items.includes('bad')) throw new Error('refused');
      return items;
    });
    const results = await Promise.allSettled(['a', 'bad', 'b', 'c'].map(work));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
  });

  it('never has two batches at a time, and answers each item', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.nat(3), { maxLength: 30 }), fc.integer({ min: 1, max: 5 }), async (pauses, size) => {
        let running = 0;
        const seen: number[] = [];
        const work = inBatches(size, async (items: readonly number[]) => {
          running += 1;
          expect(running).toBe(1);
          expect(items.length).toBeLessThanOrEqual(size);
          await new Promise(setImmediate);
          seen.push(...items);
          running -= 1;
          return items;
        });
        const answers: Promise<number>[] = [];
        for (const [at, pause] of pauses.entries()) {
          for (let turn = 0; turn < pause; turn += 1) await new Promise(setImmediate);
          answers.push(work(at));
        }
        await expect(Promise.all(answers)).resolves.toEqual(pauses.map((_, at) => at));
        expect(seen).toEqual(pauses.map((_, at) => at));
      }),
    ));
});
