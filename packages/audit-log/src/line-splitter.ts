const NEWLINE = 0x0a;

/** Longest line that is kept, in bytes. A valid record is far below it. */
const MAX_LINE_BYTES = 1_048_576;

/**
 * Cuts a stream of bytes into lines. A line above `maxLineBytes` is given as `undefined` and is not kept in memory,
 * so a damaged file cannot exhaust it.
 */
export class LineSplitter {
  /** Bytes consumed up to and including the last newline. */
  completeBytes = 0;
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  private readonly maxLineBytes: number;

  constructor(maxLineBytes: number = MAX_LINE_BYTES) {
    this.maxLineBytes = maxLineBytes;
  }

  /** Takes the next bytes and gives the lines which they complete. The chunk may be reused by the caller afterwards. */
  *push(chunk: Buffer): Generator<string | undefined> {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start);
      if (end === -1) break;
      this.hold(chunk.subarray(start, end));
      this.completeBytes += this.pendingBytes + 1;
      yield this.take();
      start = end + 1;
    }
    this.hold(chunk.subarray(start));
  }

  /** Whether bytes follow the last newline. */
  get hasTail(): boolean {
    return this.pendingBytes > 0;
  }

  /** The bytes after the last newline as a line; call it once, at the end. */
  take(): string | undefined {
    const line = this.pendingBytes > this.maxLineBytes ? undefined : Buffer.concat(this.pending).toString('utf8');
    this.pending = [];
    this.pendingBytes = 0;
    return line;
  }

  private hold(bytes: Buffer): void {
    this.pendingBytes += bytes.length;
    if (this.pendingBytes > this.maxLineBytes) this.pending = [];
    else if (bytes.length > 0) this.pending.push(Buffer.from(bytes));
  }
}
