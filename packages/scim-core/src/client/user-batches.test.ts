import { describe, expect, it } from 'vitest';
import { createUserBatches } from './user-batches.ts';

const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `u${from + index}`);

describe('createUserBatches', () => {
  it('asks for full batches at once, four at a time, and for the rest a moment later', async () => {
    const asked: number[] = [];
    let open = 0;
    let most = 0;
    const batches = createUserBatches({
      ask: async (ids) => {
        asked.push(ids.length);
        most = Math.max(most, (open += 1));
        await new Promise((resolve) => setTimeout(resolve, 5));
        open -= 1;
        return new Set(ids);
      },
      maxAgeMs: 1_000,
      now: () => 0,
    });
    const [all, some] = await Promise.all([
      batches.existing(numbered(0, 1_030)),
      batches.existing(numbered(1_020, 1_050)),
    ]);
    expect([all?.size, some?.size]).toEqual([1_030, 30]);
    expect(asked).toEqual([...Array.from({ length: 10 }, () => 100), 50]);
    expect(most).toBe(4);
  });

  it('remembers users for their time, ids without user for a short one', async () => {
    let now = 0;
    const asked: string[] = [];
    const batches = createUserBatches({
      ask: (ids) => {
        asked.push(...ids);
        return Promise.resolve(new Set(ids.filter((id) => id.startsWith('u'))));
      },
      maxAgeMs: 60_000,
      now: () => now,
    });
    const look = async (): Promise<string[]> => {
      asked.length = 0;
      expect(await batches.existing(['u1', 'x1', 'u1'])).toEqual(new Set(['u1']));
      return [...asked];
    };
    expect(await look()).toEqual(['u1', 'x1']);
    now = 9_999;
    expect(await look()).toEqual([]);
    now = 10_000;
    expect(await look()).toEqual(['x1']);
    now = 60_000;
    expect(await look()).toEqual(['u1', 'x1']);
  });

  it('a failure is for those who wait, and is not remembered', async () => {
    let fails = true;
    const batches = createUserBatches({
      ask: (ids) => (fails ? Promise.reject(new Error('down')) : Promise.resolve(new Set(ids))),
      maxAgeMs: 1_000,
      now: () => 0,
    });
    const calls = [batches.existing(['u1']), batches.existing(['u1', 'u2'])];
    for (const call of calls) await expect(call).rejects.toThrow('down');
    fails = false;
    expect(await batches.existing(['u1', 'u2'])).toEqual(new Set(['u1', 'u2']));
  });

  it('asks nothing for nobody', async () => {
    const batches = createUserBatches({ ask: () => Promise.reject(new Error('asked')), maxAgeMs: 1, now: () => 0 });
    expect(await batches.existing([])).toEqual(new Set());
  });
});
