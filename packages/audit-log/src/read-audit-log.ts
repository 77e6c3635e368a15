import { createReadStream } from 'node:fs';

import { decodeRecord, type AuditRecord } from './audit-record.ts';
import { LineSplitter } from './line-splitter.ts';

/** Records of a log in the order in which they were written. Every iteration reads the file anew. */
export interface AuditRecordStream extends AsyncIterable<AuditRecord> {
  /** Lines of the latest iteration so far that were not valid records and were skipped. */
  readonly malformedLines: number;
}

/**
 * Reads an audit log without locking it. Memory does not grow with the file. A file that does not exist is an empty log.
 * A line that is not a valid record is skipped and counted. The last line may be one that is being written: it is
 * given when it is whole and counted as malformed when it is not.
 *
 * @throws the error of `node:fs` when the file exists and cannot be read.
 */
export function readAuditLog(file: string): AuditRecordStream {
  let malformed = 0;

  async function* records(): AsyncGenerator<AuditRecord> {
    malformed = 0;
    for await (const line of lines(file)) {
      const record = line === undefined ? undefined : decodeRecord(line);
      if (record !== undefined) yield record;
      else if (line !== '') malformed += 1;
    }
  }

  return {
    [Symbol.asyncIterator]: () => records(),
    get malformedLines() {
      return malformed;
    },
  };
}

async function* lines(file: string): AsyncGenerator<string | undefined> {
  const splitter = new LineSplitter();
  try {
    for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) yield* splitter.push(chunk);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (splitter.hasTail) yield splitter.take();
}
