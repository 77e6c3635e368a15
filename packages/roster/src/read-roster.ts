import path from 'node:path';
import { csvRoster } from './csv-roster.ts';
import { decodeText } from './decode.ts';
import { jsonRoster, ndjsonRoster } from './json-roster.ts';
import { peek } from './peek.ts';
import { problem, UnreadableRoster, type RosterFormat, type RosterItem, type RosterOptions } from './roster-item.ts';

/** What is looked at to tell the format of a file whose name says nothing. */
const SNIFF_LIMIT = 64 * 1024;

/**
 * Reads an export of groups: CSV, JSON or lines of JSON, in UTF-8 or UTF-16. All that is wrong with the file comes as items of kind
 * `problem`; groups with a problem are left out. Memory does not grow with the size of the file: rows of CSV that belong together are
 * gathered in temporary files, which are removed at the end, also if the reader stops early.
 *
 * @throws what `source` throws, and errors of the file system
 */
export async function* readRoster(
  source: AsyncIterable<Uint8Array>,
  options: RosterOptions,
): AsyncGenerator<RosterItem> {
  try {
    const named = options.format === 'auto' ? formatOfName(options.fileName) : options.format;
    const text = decodeText(source);
    if (named !== undefined) {
      yield* READERS[named](text, options);
      return;
    }
    const { head, whole } = await peek(text, (start) => start.length >= SNIFF_LIMIT);
    yield* READERS[formatOfText(head)](whole, options);
  } catch (error) {
    if (!(error instanceof UnreadableRoster)) throw error;
    yield problem(error.problem);
  }
}

type KnownFormat = Exclude<RosterFormat, 'auto'>;

const READERS: Readonly<Record<KnownFormat, typeof csvRoster>> = {
  csv: csvRoster,
  json: jsonRoster,
  ndjson: ndjsonRoster,
};

function formatOfName(fileName: string): KnownFormat | undefined {
  switch (path.extname(fileName).toLowerCase()) {
    case '.csv':
    case '.tsv':
    case '.txt':
      return 'csv';
    case '.json':
      return 'json';
    case '.ndjson':
    case '.jsonl':
      return 'ndjson';
    default:
      return undefined;
  }
}

/** An object that is whole in the first line is a group, one of many lines. */
function formatOfText(head: string): KnownFormat {
  const start = head.trimStart();
  if (start.startsWith('[')) return 'json';
  if (!start.startsWith('{')) return 'csv';
  const end = start.indexOf('\n');
  try {
    const first: unknown = JSON.parse(end === -1 ? start : start.slice(0, end));
    return typeof first === 'object' && first !== null && 'groups' in first ? 'json' : 'ndjson';
  } catch {
    return /^\{\s*"(?:externalId|displayName|members)"/u.test(start) && end !== -1 ? 'ndjson' : 'json';
  }
}
