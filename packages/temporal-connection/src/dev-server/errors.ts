/** One way to get the `temporal` command, and why it did not work. */
export interface FailedWay {
  way: string;
  reason: string;
  /** What the user can do to make this way work. */
  fix: string;
}

/** There is no `temporal` command, and it could not be fetched. The message lists every way that was tried. */
export class DevServerNotFoundError extends Error {
  override readonly name = 'DevServerNotFoundError';
  readonly ways: readonly FailedWay[];

  constructor(ways: readonly FailedWay[]) {
    const list = ways.map((entry) => `- ${entry.way}: ${entry.reason}\n  Fix: ${entry.fix}`);
    super(
      [
        'No Temporal dev server was found. One of these ways has to work:',
        '- TEMPORAL_ADDRESS: not set\n  Fix: set it to the host:port of a server that runs.',
        ...list,
      ].join('\n'),
    );
    this.ways = ways;
  }
}

/** The dev server was started and did not become ready. */
export class DevServerStartError extends Error {
  override readonly name = 'DevServerStartError';
  /** Last lines that the server wrote to its standard error. */
  readonly output: readonly string[];

  constructor(command: string, reason: string, output: readonly string[], cause?: unknown) {
    const tail = output.length > 0 ? `\nLast output of the server:\n${output.join('\n')}` : '';
    super(`The Temporal dev server did not start: ${reason}. Command: ${command}${tail}`, { cause });
    this.output = output;
  }
}
