const DELIMITERS = [',', ';', '\t'] as const;
/** A header longer than this is not looked at further. */
const HEADER_LIMIT = 64 * 1024;

/** What the start of a CSV file tells. */
export interface CsvStart {
  readonly delimiter: string;
  /** Lines before the header: Excel writes `sep=;` there. */
  readonly skipLines: number;
}

/** Finds the delimiter: of comma, semicolon and tab the one that the header has most often outside of quotes. */
export function csvStart(head: string): CsvStart {
  const hint = /^sep=(.)\r?\n/u.exec(head);
  if (hint?.[1] !== undefined) return { delimiter: hint[1], skipLines: 1 };
  const blank = /^(?:[ \t]*\r?\n)*/u.exec(head)?.[0].length ?? 0;
  const counts = new Map<string, number>(DELIMITERS.map((delimiter) => [delimiter, 0]));
  const header = head.slice(blank, blank + headerEnd(head.slice(blank)));
  let quoted = false;
  for (const char of header) {
    if (char === '"') quoted = !quoted;
    else if (!quoted && counts.has(char)) counts.set(char, (counts.get(char) ?? 0) + 1);
  }
  const [best] = [...counts].sort(([, a], [, b]) => b - a);
  return { delimiter: best?.[0] ?? ',', skipLines: 0 };
}

/** Length of the first line that is not blank, -1 if it does not end in `text`. */
function endOfLine(text: string): number {
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') quoted = !quoted;
    else if (!quoted && (char === '\n' || char === '\r')) return at;
  }
  return -1;
}

function headerEnd(text: string): number {
  const end = endOfLine(text);
  return end === -1 ? text.length : end;
}

/** True if `head` has all that {@link csvStart} looks at. */
export function csvStartIsWhole(head: string): boolean {
  const hint = /^sep=.\r?\n/u.test(head);
  const body = head.trimStart();
  return head.length >= HEADER_LIMIT || hint || (!head.startsWith('sep=') && body !== '' && endOfLine(body) !== -1);
}
