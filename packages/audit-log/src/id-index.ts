import type { FileHandle } from 'node:fs/promises';

import { decodeRecord } from './audit-record.ts';
import { LineSplitter } from './line-splitter.ts';

const CHUNK_BYTES = 65_536;

/**
 * The ids in a log, kept in memory. `refresh` reads only the bytes that were added since the last call. It must be
 * called under the lock of the log, so that no line is half written by a live process.
 */
export class IdIndex {
  private ids = new Set<string>();
  private offset = 0;
  private inode = -1;

  has(id: string): boolean {
    return this.ids.has(id);
  }

  /** Tells the index of a line that the caller has written itself, ending at byte `end` of the file. */
  add(id: string, end: number): void {
    this.ids.add(id);
    this.offset = end;
  }

  /**
   * Brings the index up to the end of the file.
   *
   * @returns the size of the file in bytes, and whether its last line lacks a newline (the writer of it crashed).
   */
  async refresh(handle: FileHandle): Promise<{ size: number; torn: boolean }> {
    const { size, ino } = await handle.stat();
    // Another file under the same name, or a shorter one: it was rotated or cut, so what is known is no longer true.
    if (ino !== this.inode || size < this.offset) this.reset(ino);
    const splitter = new LineSplitter();
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let position = this.offset; position < size;) {
      const { bytesRead } = await handle.read(chunk, 0, Math.min(chunk.length, size - position), position);
      if (bytesRead === 0) break;
      position += bytesRead;
      for (const line of splitter.push(chunk.subarray(0, bytesRead))) this.learn(line);
    }
    this.offset += splitter.completeBytes;
    const torn = splitter.hasTail;
    // The crash may have cut only the newline; then the record is whole and counts as written.
    if (torn) this.learn(splitter.take());
    return { size, torn };
  }

  private learn(line: string | undefined): void {
    const record = line === undefined ? undefined : decodeRecord(line);
    if (record !== undefined) this.ids.add(record.id);
  }

  private reset(inode: number): void {
    this.ids = new Set();
    this.offset = 0;
    this.inode = inode;
  }
}
