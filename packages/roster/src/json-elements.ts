import { UnreadableRoster } from './roster-item.ts';

/** An element of the array of groups, not parsed yet. `text` is undefined if it is longer than allowed. */
export interface JsonElement {
  readonly row: number;
  readonly path: string;
  readonly text: string | undefined;
}

type Phase =
  | 'start'
  | 'key-or-end'
  | 'key'
  | 'colon'
  | 'value'
  | 'groups'
  | 'after-value'
  | 'element-or-end'
  | 'element'
  | 'after-element'
  | 'done';

const C = {
  tab: 9,
  newline: 10,
  return: 13,
  space: 32,
  quote: 34,
  comma: 44,
  colon: 58,
  openBracket: 91,
  backslash: 92,
  closeBracket: 93,
  openBrace: 123,
  closeBrace: 125,
} as const;

/** A value that is being read: how deep it is nested, and its text as far as it is kept. */
interface Scan {
  readonly row: number;
  readonly next: Phase;
  readonly kept: boolean;
  readonly scalar: boolean;
  depth: number;
  inString: boolean;
  escaped: boolean;
  parts: string[];
  length: number;
}

/**
 * Splits `[…]` or `{"groups": […]}` into the elements of the array, without parsing them and without holding more than one.
 *
 * @param max characters of an element
 * @param onValue called with each other key of the object and its value, both as they stand in the text; `value` is undefined if it is
 *   longer than an element may be. Default: other values are passed over, and not kept
 * @throws UnreadableRoster if the text is neither, or ends too early
 */
export async function* jsonElements(
  text: AsyncIterable<string>,
  max: number,
  onValue?: (key: string, value: string | undefined) => void,
): AsyncGenerator<JsonElement> {
  const splitter = makeSplitter(max, onValue);
  for await (const chunk of text) yield* splitter.push(chunk);
  splitter.end();
}

function makeSplitter(max: number, onValue?: (key: string, value: string | undefined) => void) {
  let phase: Phase = 'start';
  let scan: Scan | undefined;
  let row = 1;
  let index = 0;
  let inObject = false;
  let sawGroups = false;
  let key = '';

  const fail = (message: string, path = arrayPath()): never => {
    throw new UnreadableRoster({ row, path, code: 'invalid_json', message });
  };
  const arrayPath = (): string => (inObject ? '$.groups' : '$');
  const elementPath = (at: number): string => `${arrayPath()}[${at}]`;

  /** What is open at the end of the text. An element that lacks a bracket takes in all that follows. */
  const openPath = (): string => {
    if (scan?.next === 'after-element') return elementPath(index);
    return phase === 'after-element' || phase === 'element' || phase === 'element-or-end' ? arrayPath() : '$';
  };

  /** Reads on in the value; true at its end, which for a number or a word is the character after it. */
  const scanEnds = (value: Scan, code: number): boolean => {
    if (value.inString) {
      if (value.escaped) value.escaped = false;
      else if (code === C.backslash) value.escaped = true;
      else if (code === C.quote) value.inString = false;
      return !value.inString && value.depth === 0;
    }
    if (code === C.quote) value.inString = true;
    else if (code === C.openBrace || code === C.openBracket) value.depth += 1;
    else if (code === C.closeBrace || code === C.closeBracket) value.depth -= 1;
    else return value.scalar && (code === C.comma || isSpace(code));
    return value.depth <= 0 && !value.inString;
  };

  const keep = (value: Scan, part: string): void => {
    value.length += part.length;
    if (!value.kept) return;
    if (value.length > max) value.parts = [];
    else value.parts.push(part);
  };

  const begin = (code: number, next: Phase, kept: boolean): void => {
    const container = code === C.openBrace || code === C.openBracket;
    scan = {
      row,
      next,
      kept,
      scalar: !container && code !== C.quote,
      depth: container ? 1 : 0,
      inString: code === C.quote,
      escaped: false,
      parts: [],
      length: 0,
    };
  };

  /** What a character outside of values means. */
  const step = (code: number): void => {
    switch (phase) {
      case 'start':
        if (code === C.openBracket) phase = 'element-or-end';
        else if (code === C.openBrace) {
          inObject = true;
          phase = 'key-or-end';
        } else fail('is not JSON with groups: it must be an array, or an object with the key "groups"');
        return;
      case 'key-or-end':
      case 'key':
        if (code === C.quote) begin(code, 'colon', true);
        else if (code === C.closeBrace && phase === 'key-or-end') phase = 'done';
        else fail('is not valid JSON: a key in double quotes is expected');
        return;
      case 'colon':
        if (code !== C.colon) fail('is not valid JSON: a colon is expected after a key');
        phase = key === '"groups"' ? 'groups' : 'value';
        return;
      case 'groups':
        if (sawGroups) fail('has the key "groups" twice');
        if (code !== C.openBracket) fail('must be an array');
        sawGroups = true;
        phase = 'element-or-end';
        return;
      case 'value':
        begin(code, 'after-value', onValue !== undefined);
        return;
      case 'after-value':
        if (code === C.comma) phase = 'key';
        else if (code === C.closeBrace) phase = 'done';
        else fail('is not valid JSON: a comma or } is expected');
        return;
      case 'element-or-end':
        if (code === C.closeBracket) phase = inObject ? 'after-value' : 'done';
        else if (code === C.comma)
          fail('is not valid JSON: an element is expected before the comma', elementPath(index));
        else begin(code, 'after-element', true);
        return;
      case 'element':
        if (code === C.comma || code === C.closeBracket)
          fail('is not valid JSON: an element is expected after the comma', elementPath(index));
        begin(code, 'after-element', true);
        return;
      case 'after-element':
        if (code === C.comma) phase = 'element';
        else if (code === C.closeBracket) phase = inObject ? 'after-value' : 'done';
        else fail('is not valid JSON: a comma or ] is expected behind it', elementPath(index - 1));
        return;
      case 'done':
        fail('has text after the end of the JSON');
    }
  };

  function* finish(value: Scan): Generator<JsonElement> {
    const text = value.length > max ? undefined : value.parts.join('');
    phase = value.next;
    scan = undefined;
    if (phase === 'colon') key = text ?? '';
    if (phase === 'after-value') onValue?.(key, text);
    if (phase === 'after-element') yield { row: value.row, path: elementPath(index++), text };
  }

  return {
    *push(chunk: string): Generator<JsonElement> {
      let from = 0;
      for (let at = 0; at < chunk.length; at += 1) {
        const code = chunk.charCodeAt(at);
        if (scan === undefined) {
          if (code === C.newline) row += 1;
          if (isSpace(code)) continue;
          step(code);
          from = at;
          continue;
        }
        if (scanEnds(scan, code)) {
          const end = scan.scalar ? at : at + 1;
          keep(scan, chunk.slice(from, end));
          const { scalar } = scan;
          yield* finish(scan);
          // The character after a number or a word still has its own meaning.
          if (scalar) {
            at -= 1;
            continue;
          }
        }
        if (code === C.newline) row += 1;
      }
      if (scan !== undefined) keep(scan, chunk.slice(from));
    },
    end(): void {
      if (phase === 'start' && scan === undefined) {
        throw new UnreadableRoster({ row, code: 'empty_file', message: 'the file is empty' });
      }
      if (phase !== 'done')
        fail('the file ends in the middle: it is cut off, or a quote or a bracket is missing', openPath());
      if (inObject && !sawGroups) fail('has no key "groups"');
    },
  };
}

function isSpace(code: number): boolean {
  return code === C.space || code === C.newline || code === C.return || code === C.tab;
}
