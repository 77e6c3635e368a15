/** A line of a text; `text` is undefined if the line is longer than allowed. */
export interface Line {
  readonly row: number;
  readonly text: string | undefined;
}

/**
 * Splits text into lines at `\n` and `\r\n`, and nowhere else: `node:readline` also splits at U+2028, which JSON strings may hold.
 *
 * @param max characters of a line; of a longer one nothing is kept
 */
export async function* splitLines(text: AsyncIterable<string>, max: number): AsyncGenerator<Line> {
  let row = 1;
  let rest = '';
  let tooLong = false;
  const line = (part: string): Line => {
    const whole = rest + part;
    const kept = tooLong || whole.length > max ? undefined : whole.endsWith('\r') ? whole.slice(0, -1) : whole;
    rest = '';
    tooLong = false;
    return { row: row++, text: kept };
  };
  for await (const chunk of text) {
    let from = 0;
    for (let at = chunk.indexOf('\n'); at !== -1; at = chunk.indexOf('\n', from)) {
      yield line(chunk.slice(from, at));
      from = at + 1;
    }
    if (!tooLong) rest += chunk.slice(from);
    if (rest.length > max) {
      tooLong = true;
      rest = '';
    }
  }
  if (rest !== '' || tooLong) yield line('');
}
