/** The part of a stream that is written to. */
export interface Sink {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** The one place that writes. */
export interface Output {
  readonly asJson: boolean;
  /** Text for a person: to stdout, or to stderr with `--json`. */
  line(text: string): void;
  /** What went wrong: to stderr. */
  problem(text: string): void;
  /** The one JSON object that `--json` prints to stdout. Does nothing without it. */
  json(value: object): void;
  /** Replaces the line at the cursor; shown on terminals only. Empty removes it. */
  live(text: string): void;
}

const CLEAR = '\r\u001b[2K';

/** Makes an {@link Output}. */
export function createOutput({ stdout, stderr, asJson }: { stdout: Sink; stderr: Sink; asJson: boolean }): Output {
  const human = asJson ? stderr : stdout;
  let shown = '';
  const clear = (): void => {
    if (shown !== '') human.write(CLEAR);
    shown = '';
  };
  return {
    asJson,
    line(text) {
      clear();
      human.write(`${printable(text)}\n`);
    },
    problem(text) {
      clear();
      stderr.write(`${printable(text)}\n`);
    },
    json(value) {
      if (asJson) stdout.write(`${JSON.stringify(value)}\n`);
    },
    live(text) {
      if (human.isTTY !== true || text === shown) return;
      clear();
      // A line that wraps cannot be replaced. Some terminals say that they have 0 columns.
      shown = printable(text).slice(0, Math.max(20, (human.columns || 80) - 1));
      if (shown !== '') human.write(shown);
    },
  };
}

/** Names and messages come from servers and files: what would steer a terminal is shown as U+FFFD. */
function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  return text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/gu, '\ufffd');
}
