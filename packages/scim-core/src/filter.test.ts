import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filterIsFragile, groupFilter } from './filter.ts';

describe('groupFilter', () => {
  it('writes any value as a JSON string', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        const filter = groupFilter('displayName', 'eq', value);
        expect(filter.startsWith('displayName eq "')).toBe(true);
        expect(JSON.parse(filter.slice('displayName eq '.length))).toBe(value);
      }),
    );
  });

  it.each([
    ['plain', false],
    ['a"b', true],
    ['a\\b', true],
  ])('%s is fragile: %s', (value, expected) => {
    expect(filterIsFragile(value)).toBe(expected);
  });
});
