import fc from 'fast-check';
import { expect, it } from 'vitest';

import { LineSplitter } from './line-splitter.ts';

function split(bytes: Buffer, chunkSize: number, maxLineBytes?: number) {
  const splitter = new LineSplitter(maxLineBytes);
  const lines: (string | undefined)[] = [];
  for (let at = 0; at < bytes.length; at += chunkSize) lines.push(...splitter.push(bytes.subarray(at, at + chunkSize)));
  const tail = splitter.hasTail ? splitter.take() : '';
  return { lines, tail, completeBytes: splitter.completeBytes };
}

it('gives the same lines for every size of chunk, also when a chunk cuts a character', () => {
  const line = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replaceAll('\n', ' '));
  fc.assert(
    fc.property(fc.array(line), line, fc.integer({ min: 1, max: 16 }), (lines, tail, chunkSize) => {
      const complete = lines.map((text) => `${text}\n`).join('');
      expect(split(Buffer.from(complete + tail), chunkSize)).toEqual({
        lines,
        tail,
        completeBytes: Buffer.byteLength(complete),
      });
    }),
  );
});

it('gives undefined for a line above the limit and goes on with the next', () => {
  expect(split(Buffer.from(`ab\n${'x'.repeat(11)}\ncd\n`), 4, 10)).toEqual({
    lines: ['ab', undefined, 'cd'],
    tail: '',
    completeBytes: 18,
  });
});
