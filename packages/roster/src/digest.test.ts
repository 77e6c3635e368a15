import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { streamOf } from '../test/support/plans.ts';
import { arrayDigest, digestedSource, digestOf, objectDigest } from './digest.ts';

describe('digestedSource', () => {
  it('gives the digest of the whole file', async () => {
    const { source, digest } = digestedSource(streamOf([Buffer.from('ab'), Buffer.from('c')]));
    for await (const part of source) expect(part.length).toBeGreaterThan(0);
    expect(digest()).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

describe('digests of streams', () => {
  it('are those of the whole value', () => {
    const key = fc.string({ maxLength: 3 }).filter((text) => text !== '__proto__');
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.dictionary(key, fc.jsonValue()), key, (items, rest, name) => {
        const list = arrayDigest();
        const { [name]: _same, ...others } = rest;
        const whole = objectDigest(others, name);
        for (const item of items) {
          list.add(item);
          whole.add(item);
        }
        expect(list.digest()).toBe(digestOf(items));
        expect(whole.digest()).toBe(digestOf({ ...others, [name]: items }));
      }),
    );
  });
});
