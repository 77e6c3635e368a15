import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';

import { findLeaks } from './find-leaks.ts';

const SECRET = 'S3cret/pa"ss wörd';
const EMAIL = 'jane.doe@corp.example';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('findLeaks', () => {
  it.each<[form: string, text: string]>([
    ['text', `user ${EMAIL} said ${SECRET}`],
    ['upper case', `${EMAIL} ${SECRET}`.toUpperCase()],
    ['JSON', JSON.stringify({ a: [SECRET], e: EMAIL })],
    ['JSON in JSON', JSON.stringify({ body: JSON.stringify({ a: SECRET, e: EMAIL }) })],
    [
      'unicode escapes',
      `${SECRET}${EMAIL}`.replace(/[^a]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
    ],
    ['base64', `"data":"${base64(`x${SECRET} ${EMAIL}`)}"`],
    ['base64 glued to other letters', `abc${base64(`{"e":"${EMAIL}","s":${JSON.stringify(SECRET)}}`)}`],
    ['base64url', Buffer.from(`???>>>${SECRET}${EMAIL}`).toString('base64url')],
    ['base64 in base64', base64(JSON.stringify({ data: base64(JSON.stringify([SECRET, EMAIL])) }))],
    ['hex', Buffer.from(SECRET + EMAIL).toString('hex')],
    ['a printed buffer', inspect(Buffer.from(SECRET + EMAIL))],
    ['a buffer in JSON', JSON.stringify(Buffer.from(SECRET + EMAIL))],
    ['a byte array in JSON', JSON.stringify(new Uint8Array(Buffer.from(SECRET + EMAIL)))],
    ['a URL', `https://x.example/?q=${encodeURIComponent(SECRET)}&u=${encodeURIComponent(EMAIL)}`],
  ])('finds both in %s', (_form, text) => {
    expect(
      findLeaks(text, [SECRET, EMAIL])
        .map((leak) => leak.needle)
        .sort(),
    ).toEqual([SECRET, EMAIL].sort());
  });

  it('says how to read it and what is around it', () => {
    const text = JSON.stringify({ payloads: [{ data: base64(`{"mail":"${EMAIL}"}`) }] });
    expect(findLeaks(text, [EMAIL])).toEqual([{ needle: EMAIL, form: 'text > base64', around: `{"mail":"${EMAIL}"}` }]);
  });

  it('finds nothing in random bytes, quickly', () => {
    const text = JSON.stringify(Array.from({ length: 500 }, () => ({ data: randomBytes(300).toString('base64') })));
    const start = performance.now();
    expect(findLeaks(text, [SECRET, EMAIL])).toEqual([]);
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it('refuses a needle that is found by chance', () => {
    expect(() => findLeaks('', ['short'])).toThrow(RangeError);
  });
});
