import fc from 'fast-check';
import { expect, it } from 'vitest';
import { differentCounter } from './count-different.ts';

const countOf = (texts: Iterable<string>, limit?: number): number => {
  const counter = differentCounter(limit);
  for (const text of texts) counter.add(text);
  return counter.count();
};

it('is exact up to the limit, however often a text comes', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 2 }), { maxLength: 100 }), (texts) => {
      expect(countOf([...texts, ...texts], 100)).toBe(new Set(texts).size);
    }),
  );
});

it.each([
  ['ids that count up', (at: number) => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`],
  ['numbers', String],
])('is near the number above the limit: %s', (_what, idOf) => {
  for (const different of [10_000, 100_000]) {
    const ids = Array.from({ length: different * 2 }, (_, at) => idOf(at % different));
    const share = countOf(ids, 4_096) / different;
    // Five times the standard error.
    expect(Math.abs(share - 1)).toBeLessThan((5 * 1.2) / Math.sqrt(4_096));
  }
});
