import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import {
  digestedSource,
  parseColumnMap,
  readRoster,
  type ColumnMap,
  type RosterFormat,
  type RosterGroup,
  type RosterNotice,
  type RosterProblem,
} from '@scim-onboarding/roster';
import type { GroupRules } from '@scim-onboarding/scim-core';
import { CliError } from '../../cli-error.ts';
import { EXIT } from '../../exit-codes.ts';

export interface RosterFileFlags {
  readonly format?: RosterFormat;
  /** `externalId=Team ID,displayName=Team`. */
  readonly map?: string;
}

/** Problems that are printed; the rest is counted. */
const SHOWN = 50;

/** A roster file, read group by group. Problems are gathered: they are all told at once at the end. */
export interface RosterReading {
  groups(): AsyncGenerator<RosterGroup>;
  readonly notices: readonly RosterNotice[];
  /** SHA-256 of the file; known when it was read to its end. */
  digest(): string;
}

/** Opens a roster file. `groups` throws a {@link CliError} with every problem at its end, so that nothing is done with half a file. */
export function openRoster(file: string, flags: RosterFileFlags, rules: GroupRules): RosterReading {
  const { source, digest } = digestedSource(createReadStream(file));
  const notices: RosterNotice[] = [];
  const map = flags.map === undefined ? undefined : columnMap(flags.map);
  return {
    notices,
    digest,
    async *groups() {
      const problems: RosterProblem[] = [];
      try {
        const options = { format: flags.format ?? 'auto', fileName: basename(file), rules, map } as const;
        for await (const item of readRoster(source, options)) {
          if (item.kind === 'group') yield item;
          else if (item.kind === 'notice') notices.push(item.notice);
          else problems.push(item.problem);
        }
      } catch (error) {
        throw unreadable(file, error);
      }
      if (problems.length > 0) throw invalidRoster(file, problems);
    },
  };
}

function columnMap(text: string): ColumnMap {
  try {
    return parseColumnMap(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new CliError(EXIT.usage, {
      type: 'Usage',
      message,
      hint: 'For example --map "externalId=Team ID,displayName=Team".',
    });
  }
}

function unreadable(file: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const hint = 'Check the path and the permissions of the file.';
  return new CliError(EXIT.usage, {
    type: 'UnreadableInput',
    message: `${file} cannot be read: ${error.message}`,
    hint,
  });
}

function invalidRoster(file: string, problems: readonly RosterProblem[]): CliError {
  const more = problems.length > SHOWN ? ` The first ${SHOWN}:` : '';
  return new CliError(EXIT.usage, {
    type: 'InvalidRoster',
    message: `${file} has ${problems.length} problem${problems.length === 1 ? '' : 's'}.${more}`,
    hint: 'Correct these rows. Nothing was sent.',
    issues: problems.slice(0, SHOWN).map(({ row, column, path, code, message }) => ({
      path: `row ${row}${column === undefined ? '' : `, column ${JSON.stringify(column)}`}${path === undefined ? '' : `, ${path}`}`,
      code,
      message,
    })),
  });
}
