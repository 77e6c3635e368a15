import { pipeline, Readable } from 'node:stream';
import { INPUT_LIMITS } from '@scim-onboarding/scim-core';
import { CsvError, parse } from 'csv-parse';
import * as z from 'zod';
import { csvStart, csvStartIsWhole } from './csv-header.ts';
import { peek } from './peek.ts';
import { UnreadableRoster } from './roster-item.ts';

/** A record of the file and the line where it starts. */
export interface CsvRecord {
  readonly row: number;
  readonly cells: readonly string[];
}

const parsedSchema = z.object({
  info: z.object({ lines: z.number() }),
  record: z.array(z.string()),
});

/**
 * Reads the records of a CSV file (RFC 4180), header included; blank lines are left out.
 *
 * @throws UnreadableRoster at the first error of syntax. What comes after a wrong quote cannot be told apart from what is inside it,
 * so that nothing after it is read.
 */
export async function* csvRecords(text: AsyncIterable<string>): AsyncGenerator<CsvRecord> {
  const { head, whole } = await peek(text, csvStartIsWhole);
  const { delimiter, skipLines } = csvStart(head);
  const parser = parse({
    delimiter,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    from_line: 1 + skipLines,
    max_record_size: INPUT_LIMITS.bytes,
  });
  // Errors arrive at the loop below: pipeline destroys the parser with them.
  pipeline(Readable.from(whole), parser, () => undefined);
  let drift = 0;
  try {
    for await (const parsed of parser) {
      const { info, record } = asRecord(parsed);
      const breaks = record.reduce((sum, cell) => sum + lineBreaks(cell), 0);
      // The parser counts a line break of two characters inside quotes twice.
      drift += record.reduce((sum, cell) => sum + pairs(cell), 0);
      yield { row: info.lines - drift - breaks, cells: record };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new UnreadableRoster({
      row: Number(error['lines'] ?? 1) - drift,
      code: error.code === 'CSV_MAX_RECORD_SIZE' ? 'too_large' : 'invalid_csv',
      message: `${explain(error)}. Nothing after this line was read`,
    });
  } finally {
    parser.destroy();
  }
}

type Parsed = z.infer<typeof parsedSchema>;

/** Checks the shape by hand what zod would check too, but without its cost for each row. */
function asRecord(value: unknown): Parsed {
  return isParsed(value) ? value : parsedSchema.parse(value);
}

function isParsed(value: unknown): value is Parsed {
  return (
    typeof value === 'object' &&
    value !== null &&
    'info' in value &&
    'record' in value &&
    Array.isArray(value.record) &&
    typeof value.info === 'object' &&
    value.info !== null &&
    'lines' in value.info &&
    typeof value.info.lines === 'number'
  );
}

function lineBreaks(cell: string): number {
  return cell.includes('\n') || cell.includes('\r') ? (cell.match(/\r\n|\n|\r/gu)?.length ?? 0) : 0;
}

function pairs(cell: string): number {
  return cell.includes('\r\n') ? cell.split('\r\n').length - 1 : 0;
}

function explain(error: CsvError): string {
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a quoted value begins here or above and is never closed';
    case 'CSV_MAX_RECORD_SIZE':
      return `the record is longer than ${INPUT_LIMITS.bytes} bytes; a quote may be left open`;
    case 'CSV_INVALID_CLOSING_QUOTE':
    case 'INVALID_OPENING_QUOTE':
      return 'a double quote stands inside a value; quote the value and write the quote twice';
    default:
      return error.message;
  }
}
