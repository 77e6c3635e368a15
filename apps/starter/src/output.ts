/** The part of a stream that is written to. */
export interface Sink {
  /** `done` is called when the text was taken, or cannot be any more. */
  write(text: string, done?: (error?: Error | null) => void): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** The one place that writes. */
export interface Output {
  readonly asJson: boolean;
  /** Text for a person: to stdout, or to stderr with `--json`. `color` is an ANSI number, used on terminals only. */
  line(text: string, color?: number): void;
  /** What went wrong: to stderr. */
  problem(text: string): void;
  /** The one JSON object that `--json` prints to stdout; of `watch` one for each change. Does nothing without it. */
  json(value: object): void;
  /** The same, for an object that is too large for one string: its parts make up the text, and each waits for the one before. */
  jsonParts(parts: AsyncIterable<string>): Promise<void>;
  /** Data that is the purpose of the command: to stdout as it is, with and without `--json`. */
  data(text: string): void;
  /** Replaces the line at the cursor; shown on terminals only. Empty removes it. */
  live(text: string): void;
  /** Replaces what it showed before; shown on terminals only. */
  screen(lines: readonly string[]): void;
  /** True if a person looks at it: {@link Output.live} and {@link Output.screen} show something. */
  readonly isTerminal: boolean;
}

const CLEAR = '\r\u001b[2K';
/** Clears from the cursor to the end of the screen. */
const CLEAR_BELOW = '\u001b[0J';

/** Makes an {@link Output}. */
export function createOutput({ stdout, stderr, asJson }: { stdout: Sink; stderr: Sink; asJson: boolean }): Output {
  const human = asJson ? stderr : stdout;
  let shown = '';
  let screenLines = 0;
  const clear = (): void => {
    if (shown !== '') human.write(CLEAR);
    shown = '';
  };
  return {
    asJson,
    isTerminal: human.isTTY === true,
    line(text, color) {
      clear();
      screenLines = 0;
      const shownText = printable(text);
      human.write(
        `${color === undefined || human.isTTY !== true ? shownText : `\u001b[${color}m${shownText}\u001b[0m`}\n`,
      );
    },
    problem(text) {
      clear();
      screenLines = 0;
      stderr.write(`${printable(text)}\n`);
    },
    json(value) {
      if (asJson) stdout.write(`${JSON.stringify(value)}\n`);
    },
    async jsonParts(parts) {
      if (!asJson) return;
      for await (const part of parts) {
        const failed = await new Promise<unknown>((resolve) => stdout.write(part, resolve));
        // Nobody reads on: `onboard … --json | head`.
        if (failed instanceof Error) return;
      }
    },
    data(text) {
      clear();
      stdout.write(text);
    },
    live(text) {
      if (human.isTTY !== true || text === shown) return;
      clear();
      // A line that wraps cannot be replaced. Some terminals say that they have 0 columns.
      shown = printable(text).slice(0, Math.max(20, (human.columns || 80) - 1));
      if (shown !== '') human.write(shown);
    },
    screen(lines) {
      if (human.isTTY !== true) return;
      clear();
      const width = Math.max(20, (human.columns || 80) - 1);
      // What has scrolled away cannot be replaced.
      const fitting = lines.slice(0, Math.max(5, (human.rows || 24) - 1));
      const up = screenLines === 0 ? '' : `\u001b[${screenLines}A\r`;
      human.write(`${up}${CLEAR_BELOW}${fitting.map((line) => `${printable(line).slice(0, width)}\n`).join('')}`);
      screenLines = fitting.length;
    },
  };
}

/** Names and messages come from servers and files: what would steer a terminal is shown as U+FFFD. */
function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  return text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/gu, '\ufffd');
}
