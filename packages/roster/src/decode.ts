import { UnreadableRoster } from './roster-item.ts';

/**
 * Decodes a file to text. UTF-16 is known by its byte order mark, or by a zero byte beside its first character; all else is UTF-8.
 * The byte order mark is dropped.
 *
 * @throws UnreadableRoster at a byte sequence that is none of the encoding
 */
export async function* decodeText(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decode: ((bytes?: Uint8Array) => string) | undefined;
  let head = new Uint8Array();
  for await (const bytes of source) {
    if (decode !== undefined) {
      yield decode(bytes);
      continue;
    }
    head = concat(head, bytes);
    if (head.length < 2) continue;
    decode = decoder(encodingOf(head));
    yield decode(head);
  }
  decode ??= decoder('utf-8');
  yield head.length < 2 ? decode(head) + decode() : decode();
}

function encodingOf([first, second]: Uint8Array): string {
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return 'utf-16be';
  return 'utf-8';
}

function decoder(encoding: string): (bytes?: Uint8Array) => string {
  const strict = new TextDecoder(encoding, { fatal: true });
  let row = 1;
  return (bytes) => {
    try {
      const text = bytes === undefined ? strict.decode() : strict.decode(bytes, { stream: true });
      row += lineBreaks(text);
      return text;
    } catch {
      // Decoded again without being strict, only to say in which line it is.
      const [before = ''] = new TextDecoder(encoding).decode(bytes).split('\uFFFD', 1);
      throw new UnreadableRoster({
        row: row + lineBreaks(before),
        code: 'invalid_encoding',
        message: `is not ${encoding.toUpperCase()} text; save the file as UTF-8 ("CSV UTF-8" in Excel)`,
      });
    }
  };
}

function lineBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
