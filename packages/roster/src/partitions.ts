import { createReadStream } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { hashText } from './hash-text.ts';
import { splitLines } from './lines.ts';

const COUNT = 32;
const MAX_DEPTH = 3;

/** Lines with equal keys come out together, whatever the order was in which they went in. */
export interface Partitions {
  add(key: string, line: string): Promise<void>;
  /** The partitions, one after another. To be called once. */
  drain(): AsyncGenerator<AsyncIterable<string>>;
}

export interface PartitionOptions {
  /** Makes, or gives, the folder of the temporary files; asked for when the first one is needed. */
  readonly folder: () => Promise<string>;
  /** Characters kept in memory before they go to files. A partition with more than twice as many is partitioned again. */
  readonly memoryLimit: number;
  /** Finds the key in a line again, to partition a large partition further. */
  readonly keyOf: (line: string) => string;
}

/** Partitions lines by the hash of their key: in memory as long as they are few, then in temporary files. */
export function makePartitions(options: PartitionOptions, depth = 0, name = 'p'): Partitions {
  const buffers: string[][] = Array.from({ length: COUNT }, () => []);
  const files = new Map<number, string>();
  const sizes: number[] = Array.from({ length: COUNT }, () => 0);
  let buffered = 0;
  const flush = async (): Promise<void> => {
    const folder = await options.folder();
    for (const [index, lines] of buffers.entries()) {
      if (lines.length === 0) continue;
      const file = path.join(folder, `${name}-${index}`);
      files.set(index, file);
      await appendFile(file, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 });
      buffers[index] = [];
    }
    buffered = 0;
  };
  async function* linesOf(index: number): AsyncGenerator<string> {
    const file = files.get(index);
    if (file !== undefined) {
      for await (const { text } of splitLines(createReadStream(file, 'utf8'), Number.POSITIVE_INFINITY)) {
        if (text !== undefined) yield text;
      }
    }
    for (const line of buffers[index] ?? []) yield line;
  }
  return {
    async add(key, line) {
      const index = hashText(key, depth) % COUNT;
      buffers[index]?.push(line);
      sizes[index] = (sizes[index] ?? 0) + line.length;
      buffered += line.length;
      if (buffered > options.memoryLimit) await flush();
    },
    async *drain() {
      // What is left in memory goes to its file too, so that only one partition at a time is held.
      if (files.size > 0) await flush();
      for (let index = 0; index < COUNT; index += 1) {
        const size = sizes[index] ?? 0;
        if (size === 0) continue;
        if (size <= 2 * options.memoryLimit || depth >= MAX_DEPTH) {
          yield linesOf(index);
          continue;
        }
        const finer = makePartitions(options, depth + 1, `${name}-${index}`);
        for await (const line of linesOf(index)) await finer.add(options.keyOf(line), line);
        yield* finer.drain();
      }
    },
  };
}
