import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { GroupRules } from '@scim-onboarding/scim-core';
import type { ColumnMap } from './columns.ts';
import { digestedSource } from './digest.ts';
import { readRoster } from './read-roster.ts';
import type { RosterFormat, RosterGroup, RosterNotice, RosterProblem } from './roster-item.ts';

/** Problems that are kept; the rest is counted. */
const KEPT_PROBLEMS = 100;

export interface OpenRosterOptions {
  readonly rules: GroupRules;
  /** Default `auto`. */
  readonly format?: RosterFormat | undefined;
  /** Of `parseColumnMap`. */
  readonly map?: ColumnMap | undefined;
  /** Where temporary files go. Default: the system's folder. */
  readonly tmpFolder?: string | undefined;
  /** Ends the reading: `groups` throws its reason, and temporary files are removed. */
  readonly signal?: AbortSignal | undefined;
}

/** A roster file, read group by group. Problems are gathered: they are all told at once at the end. */
export interface RosterReading {
  /**
   * Reads the file. To be called once.
   *
   * @throws {InvalidRosterError} at its end, so that nothing is done with half a file
   * @throws {UnreadableRosterError} if the file cannot be read
   * @throws the reason of the signal
   */
  groups(): AsyncGenerator<RosterGroup>;
  readonly notices: readonly RosterNotice[];
  /** SHA-256 in hex of the file; known when it was read to its end. */
  digest(): string;
}

/** The file has problems. */
export class InvalidRosterError extends Error {
  readonly file: string;
  /** How many there are. */
  readonly count: number;
  /** The first 100 of them. */
  readonly problems: readonly RosterProblem[];

  constructor(file: string, count: number, problems: readonly RosterProblem[]) {
    super(`${file} has ${count} problem${count === 1 ? '' : 's'}.`);
    this.name = 'InvalidRosterError';
    this.file = file;
    this.count = count;
    this.problems = problems;
  }
}

/** The file is not there, or the file system does not give it. The cause is the error of the file system. */
export class UnreadableRosterError extends Error {
  readonly file: string;

  constructor(file: string, cause: Error) {
    super(`${file} cannot be read: ${cause.message}`, { cause });
    this.name = 'UnreadableRosterError';
    this.file = file;
  }
}

/** Opens a roster file. Nothing is read before its groups are asked for. */
export function openRoster(file: string, options: OpenRosterOptions): RosterReading {
  const { format = 'auto', rules, map, tmpFolder, signal } = options;
  const { source, digest } = digestedSource(readFile(file, signal));
  const notices: RosterNotice[] = [];
  return {
    notices,
    digest,
    async *groups() {
      const problems: RosterProblem[] = [];
      let count = 0;
      for await (const item of readRoster(source, { format, fileName: basename(file), rules, map, tmpFolder })) {
        if (item.kind === 'group') yield item;
        else if (item.kind === 'notice') notices.push(item.notice);
        else if (++count <= KEPT_PROBLEMS) problems.push(item.problem);
      }
      if (count > 0) throw new InvalidRosterError(file, count, problems);
    },
  };
}

async function* readFile(file: string, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  try {
    for await (const bytes of createReadStream(file)) {
      // All rows of CSV are read before the first group comes, so those who ask between groups would ask late.
      signal?.throwIfAborted();
      yield bytes as Uint8Array;
    }
  } catch (error) {
    throw error instanceof Error && 'syscall' in error ? new UnreadableRosterError(file, error) : error;
  }
}
