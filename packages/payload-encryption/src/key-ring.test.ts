import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';

import { DEVELOPMENT_KEYS } from './development-keys.ts';
import { EncryptionConfigError } from './errors.ts';
import { parseKeyRing } from './key-ring.ts';

const KEY = randomBytes(32).toString('base64');
const OTHER = randomBytes(32).toString('base64');

describe('parseKeyRing', () => {
  it('encrypts with the first and knows all, over commas, lines and comments', async () => {
    const ring = parseKeyRing(`# rotated in May\nk2:${KEY} , \r\n\n  k1:${OTHER},`, 'S');
    expect(ring.activeId).toBe('k2');
    expect(ring.ids).toEqual(['k2', 'k1']);
    expect(ring.hasDevelopmentKey).toBe(false);
    expect(await ring.key('k1')).toMatchObject({ extractable: false, algorithm: { name: 'AES-GCM', length: 256 } });
    expect(ring.key('k1')).toBe(ring.key('k1'));
    expect(ring.key('k3')).toBeUndefined();
    expect(ring.key('constructor')).toBeUndefined();
  });

  it('knows the development key under any id', () => {
    expect(parseKeyRing(DEVELOPMENT_KEYS, 'S').hasDevelopmentKey).toBe(true);
    const renamed = DEVELOPMENT_KEYS.replace('development', 'prod');
    expect(parseKeyRing(`k:${KEY},${renamed}`, 'S').hasDevelopmentKey).toBe(true);
  });

  it('shows its ids only', () => {
    const ring = parseKeyRing(`k:${KEY}`, 'S');
    expect(JSON.stringify({ ring })).toBe('{"ring":{"activeId":"k","ids":["k"]}}');
    expect(inspect(ring, { depth: 9, showHidden: true })).toBe("{ activeId: 'k', ids: [ 'k', [length]: 1 ] }");
  });

  it.each([
    ['nothing', ' , ', 'S has no key.'],
    ['a comment only', `# k:${KEY}`, 'S has no key.'],
    ['no id', KEY, 'S: entry 1 has no valid key id'],
    ['a bad id', `k 1:${KEY}`, 'S: entry 1 has no valid key id'],
    ['the same id twice', `k:${KEY},k:${OTHER}`, 'S: entry 2 has the key id of an entry before it.'],
    ['a short key', `a:${OTHER},k:${randomBytes(16).toString('base64')}`, 'S: entry 2 is not the base64 text of 32'],
    ['a long key', `k:${randomBytes(33).toString('base64')}`, 'S: entry 1 is not the base64 text of 32 bytes'],
    ['hexadecimal', `k:${randomBytes(32).toString('hex')}`, 'S: entry 1 is not the base64 text of 32 bytes'],
    ['too many', Array.from({ length: 33 }, (_, i) => `k${i}:${KEY}`).join(','), 'S has more than 32 keys.'],
  ])('refuses %s and does not print it', (_what, text, message) => {
    const parse = () => parseKeyRing(text, 'S');
    expect(parse).toThrow(EncryptionConfigError);
    expect(parse).toThrow(message);
    for (const value of text.split(/[,:]/).filter((part) => part.length > 15)) expect(parse).not.toThrow(value);
  });
});
