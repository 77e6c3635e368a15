/** A place where a secret can be read. */
export interface Leak {
  /** What was planted. */
  readonly needle: string;
  /** How it has to be read: the steps from the text to the needle, `text` when it stands there as it is. */
  readonly form: string;
  /** Up to 40 characters before and after it, as they stand in the decoded text. */
  readonly around: string;
}

/** Base64 in base64 in base64: a payload in a JSON file in a webhook body. */
const MAX_DEPTH = 4;
const CONTEXT = 40;
/** Shorter ones hold no secret and are mostly words. */
const MIN_ENCODED = 8;

/**
 * Looks for planted values in a history, a log, an audit file or a webhook body, also where they are encoded: base64
 * (both alphabets, at any offset, nested), hexadecimal, lists of byte numbers, percent-encoding, and JSON or unicode
 * escapes. Letter case does not count. Compressed and encrypted data is not looked into.
 *
 * @throws {RangeError} for a needle of fewer than 6 characters: it would be found by chance.
 */
export function findLeaks(text: string, needles: readonly string[]): Leak[] {
  const short = needles.find((needle) => needle.length < 6);
  if (short !== undefined) throw new RangeError(`The needle "${short}" is too short: 6 characters or more.`);
  const leaks = new Map<string, Leak>();
  const seen = new Set<string>();
  const look = (view: string, form: string, depth: number): void => {
    if (seen.has(view)) return;
    seen.add(view);
    const lower = view.toLowerCase();
    for (const needle of needles) {
      const at = lower.indexOf(needle.toLowerCase());
      if (at === -1 || leaks.has(needle)) continue;
      leaks.set(needle, { needle, form, around: view.slice(Math.max(0, at - CONTEXT), at + needle.length + CONTEXT) });
    }
    if (depth === MAX_DEPTH) return;
    for (const [how, decoded] of decodings(view)) look(decoded, `${form} > ${how}`, depth + 1);
  };
  look(text, 'text', 0);
  return [...leaks.values()];
}

function* decodings(view: string): Generator<[how: string, decoded: string]> {
  if (/\\["\\/bfnrtu]/.test(view)) yield ['escapes', withoutEscapes(view)];
  if (/%[0-9A-Fa-f]{2}/.test(view)) yield ['percent', withoutPercent(view)];
  for (const [run] of view.matchAll(/[A-Za-z0-9+/_-]+/g)) {
    if (run.length < MIN_ENCODED) continue;
    // The run can begin in front of the encoded text, so it is read from each of the four phases.
    for (let phase = 0; phase < 4; phase += 1) yield ['base64', printable(Buffer.from(run.slice(phase), 'base64'))];
  }
  for (const [run] of view.matchAll(/(?:[0-9A-Fa-f]{2}[ :]?){6,}/g)) {
    const digits = run.replace(/[ :]/g, '');
    yield ['hex', printable(Buffer.from(digits, 'hex'))];
    yield ['hex', printable(Buffer.from(digits.slice(1), 'hex'))];
  }
  // `[115,101]` of a Buffer in JSON, and `{"0":115,"1":101}` of a Uint8Array in JSON.
  for (const [run] of view.matchAll(/(?:(?:"\d+":)?\s*\d{1,3}\s*,\s*){5,}(?:"\d+":)?\s*\d{1,3}/g)) {
    const numbers = run.split(',').map((entry) => Number(entry.replace(/^.*:/s, '')));
    yield ['bytes', printable(Buffer.from(numbers))];
  }
}

/** Bytes that are no text become one blank each, so that random bytes do not look like further encodings. */
function printable(bytes: Buffer): string {
  return bytes.toString('utf8').replace(/[^\P{C}\n\t]|\uFFFD/gu, ' ');
}

function withoutEscapes(view: string): string {
  return view.replace(/\\u([0-9A-Fa-f]{4})|\\(["\\/])|\\[bfnrt]/g, (_all, code?: string, kept?: string) =>
    code === undefined ? (kept ?? ' ') : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

function withoutPercent(view: string): string {
  return view.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) => printable(Buffer.from(run.replaceAll('%', ''), 'hex')));
}
