import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonErrorOffset, lineAndColumn } from './json-position.ts';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('jsonErrorOffset', () => {
  it.each([
    ['', 0],
    ['hello', 0],
    ['{"a": 1,}', 8],
    ['{"a": 1 "b": 2}', 8],
    ['{"a" 1}', 5],
    ['{a: 1}', 1],
    ['[1, 2', 5],
    ['[1,, 2]', 3],
    ['[01]', 2],
    ['{"a": "x\ny"}', 8],
    ['{"a": "\\x"}', 7],
    ['{"a": tru}', 6],
    ['{} {}', 3],
    ['"abc', 4],
    ['{"a": 1]', 7],
    ["{'a': 1}", 1],
    ['{"a": 1} // note', 9],
    ['-', 0],
    ['{"a": NaN}', 6],
  ])('%j stops being JSON at %i', (text, offset) => {
    expect(jsonErrorOffset(text)).toBe(offset);
    expect(isJson(text)).toBe(false);
  });

  it('agrees with JSON.parse on all JSON, and on all JSON that was damaged', () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.nat(),
        fc.constantFrom('', ',', '"', '}', ']', '\\', '1', '\n', '{', ':'),
        (json, at, put) => {
          expect(jsonErrorOffset(json)).toBe(-1);
          const position = at % (json.length + 1);
          const damaged = json.slice(0, position) + put + json.slice(position + 1);
          expect(jsonErrorOffset(damaged) === -1).toBe(isJson(damaged));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('reads deep nesting and long strings', () => {
    expect(jsonErrorOffset('['.repeat(200_000) + ']'.repeat(200_000))).toBe(-1);
    expect(jsonErrorOffset(JSON.stringify('a\\"\n'.repeat(500_000)))).toBe(-1);
  });
});

describe('lineAndColumn', () => {
  it('counts from 1, whatever ends the lines', () => {
    expect(lineAndColumn('ab', 0)).toEqual({ line: 1, column: 1 });
    expect(lineAndColumn('a\nbc\r\nd', 7)).toEqual({ line: 3, column: 2 });
  });
});
