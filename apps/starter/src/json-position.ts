/**
 * Where a text stops being JSON (RFC 8259). `JSON.parse` names the position in some of its messages only, and in other words in
 * each version of Node.
 *
 * @returns offset of the first character that cannot be; the length of the text if it ends too early; -1 if it is JSON
 */
export function jsonErrorOffset(text: string): number {
  const closers: string[] = [];
  let expect: 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'more' = 'value';
  let at = match(SPACE, text, 0);
  while (at < text.length || closers.length > 0 || expect !== 'more') {
    const char = text[at];
    if (char === undefined) return text.length;
    const ends = expect === 'more' || expect === 'value-or-end' || expect === 'key-or-end';
    if (ends && char === closers.at(-1)) {
      closers.pop();
      at += 1;
      expect = 'more';
    } else if (expect === 'more') {
      const closer = closers.at(-1);
      if (char !== ',' || closer === undefined) return at;
      at += 1;
      expect = closer === '}' ? 'key' : 'value';
    } else if (expect === 'colon') {
      if (char !== ':') return at;
      at += 1;
      expect = 'value';
    } else if (expect === 'key' || expect === 'key-or-end') {
      const end = match(STRING, text, at);
      if (text[end] !== '"' || end === at) return end;
      at = end + 1;
      expect = 'colon';
    } else if (char === '{' || char === '[') {
      closers.push(char === '{' ? '}' : ']');
      at += 1;
      expect = char === '{' ? 'key-or-end' : 'value-or-end';
    } else {
      const end = match(char === '"' ? STRING : SCALAR, text, at);
      if (end === at || (char === '"' && text[end] !== '"')) return end;
      at = char === '"' ? end + 1 : end;
      expect = 'more';
    }
    at = match(SPACE, text, at);
  }
  return -1;
}

/** Line and column of an offset, both from 1. */
export function lineAndColumn(text: string, offset: number): { readonly line: number; readonly column: number } {
  const lines = text.slice(0, offset).split(/\r\n|\n|\r/u);
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

const SPACE = /[ \t\n\r]*/y;
const SCALAR = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)?/y;
/** A string up to its closing quote, or up to what cannot stand in a string. */
// eslint-disable-next-line no-control-regex -- JSON forbids them in strings
const STRING = /(?:"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*)?/y;

function match(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
