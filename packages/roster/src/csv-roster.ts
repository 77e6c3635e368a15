import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findColumns, type Columns, type FoundColumns } from './columns.ts';
import { csvRecords } from './csv-rows.ts';
import { addRow, groupItems, newGroup, type GatheredGroup } from './gathered-group.ts';
import { membershipRowSchema, recordReader, type MembershipRow } from './membership-row.ts';
import { makePartitions, type Partitions } from './partitions.ts';
import { problem, UnreadableRoster, type RosterItem, type RosterOptions } from './roster-item.ts';

const MEMORY_LIMIT = 8 * 1024 * 1024;

/**
 * Reads groups from CSV. All rows are read before the first group comes, since the last row may still belong to it; groups come in no
 * particular order, which is the same for the same file. Problems of rows come first.
 */
export async function* csvRoster(text: AsyncIterable<string>, options: RosterOptions): AsyncGenerator<RosterItem> {
  let folder: Promise<string> | undefined;
  const partitions = makePartitions({
    folder: () => (folder ??= mkdtemp(path.join(options.tmpFolder ?? tmpdir(), 'roster-'))),
    memoryLimit: options.memoryLimit ?? MEMORY_LIMIT,
    keyOf: (line) => parseRow(line).id,
  });
  try {
    const columns: { found?: Columns } = {};
    const complete = yield* partitionRows(text, options, partitions, columns);
    if (complete === 'unreadable' || columns.found === undefined) return;
    for await (const lines of partitions.drain()) {
      const groups = await gather(lines, columns.found);
      for (const group of groups) yield* groupItems(group, columns.found, options.rules, complete === 'complete');
    }
  } finally {
    if (folder !== undefined) await rm(await folder, { recursive: true, force: true });
  }
}

type Completeness = 'complete' | 'incomplete' | 'unreadable';

async function* partitionRows(
  text: AsyncIterable<string>,
  options: RosterOptions,
  partitions: Partitions,
  columns: { found?: Columns },
): AsyncGenerator<RosterItem, Completeness> {
  let completeness: Completeness = 'complete';
  let read: ReturnType<typeof recordReader> | undefined;
  try {
    for await (const record of csvRecords(text)) {
      if (read === undefined) {
        const found = findColumns(record.cells, options.map);
        if (found.missing.length > 0) throw new UnreadableRoster(missingColumns(found, record.cells, record.row));
        if (found.ignored.length > 0) yield ignoredColumns(found);
        columns.found = found.columns;
        read = recordReader(found.columns, trimmedWidth(record.cells), options.memberSeparator);
        continue;
      }
      const { membership, problems } = read(record);
      for (const each of problems) yield problem(each);
      if (membership === undefined) completeness = 'incomplete';
      else await partitions.add(membership.id, JSON.stringify(membership));
    }
    if (read === undefined)
      throw new UnreadableRoster({ row: 1, code: 'empty_file', message: 'the file has no header' });
  } catch (error) {
    if (!(error instanceof UnreadableRoster)) throw error;
    yield problem(error.problem);
    return 'unreadable';
  }
  return completeness;
}

async function gather(lines: AsyncIterable<string>, columns: Columns): Promise<GatheredGroup[]> {
  const groups = new Map<string, GatheredGroup>();
  for await (const line of lines) {
    const row = parseRow(line);
    let group = groups.get(row.id);
    if (group === undefined) {
      group = newGroup(row);
      groups.set(row.id, group);
    }
    addRow(group, row, columns);
  }
  return [...groups.values()];
}

/** The lines are our own, but they were on a disk. */
function parseRow(line: string): MembershipRow {
  return membershipRowSchema.parse(JSON.parse(line));
}

/** Empty names at the end of a header are no columns. */
function trimmedWidth(header: readonly string[]): number {
  return header.findLastIndex((name) => name.trim() !== '') + 1;
}

function missingColumns({ missing }: FoundColumns, header: readonly string[], row: number) {
  const shown = header.slice(0, 50).map((name) => JSON.stringify(name.trim().slice(0, 100)));
  return {
    row,
    code: 'missing_column' as const,
    message: `the header has no column for ${missing.join(', ')}; it has ${shown.join(', ')}. Map columns with <field>=<column>`,
  };
}

function ignoredColumns({ ignored }: FoundColumns): RosterItem {
  const message = `these columns are not used: ${ignored.map((name) => JSON.stringify(name)).join(', ')}`;
  return { kind: 'notice', notice: { code: 'ignored_columns', columns: ignored, message } };
}
