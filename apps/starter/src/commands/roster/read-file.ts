import {
  InvalidRosterError,
  openRoster,
  RosterChangedError,
  UnreadableRosterError,
  type RosterFormat,
  type RosterReading,
} from '@scim-onboarding/roster';
import type { GroupRules } from '@scim-onboarding/scim-core';
import { CliError } from '../../cli-error.ts';
import { columnMap } from '../../column-map.ts';
import { EXIT } from '../../exit-codes.ts';

export interface RosterFileFlags {
  readonly format?: RosterFormat;
  /** `externalId=Team ID,displayName=Team`. */
  readonly map?: string;
}

/** Problems that are printed; the rest is counted. */
const SHOWN = 50;

/** Opens a roster file with the flags of a command. What its groups throw is for {@link withRosterErrors}. */
export function openRosterFile(
  file: string,
  { format, map }: RosterFileFlags,
  rules: GroupRules,
  signal?: AbortSignal,
): RosterReading {
  return openRoster(file, { rules, format, map: map === undefined ? undefined : columnMap(map), signal });
}

/**
 * Runs what reads rosters.
 *
 * @throws {CliError} with every problem, in place of the errors of the reader
 */
export async function withRosterErrors<T>(use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    throw rosterError(error);
  }
}

/** What the reader of a roster throws about its file. */
export function isRosterError(error: unknown): error is Error {
  return [InvalidRosterError, RosterChangedError, UnreadableRosterError].some((type) => error instanceof type);
}

function rosterError(error: unknown): unknown {
  if (error instanceof InvalidRosterError) return invalidRoster(error);
  if (error instanceof RosterChangedError) {
    const hint =
      'Apply with the --format and --map of the plan, or make the plan again: onboard plan <roster> --out plan.json.';
    return new CliError(EXIT.usage, { type: 'RosterChanged', message: error.message, hint }, { cause: error });
  }
  if (error instanceof UnreadableRosterError) {
    const hint = 'Check the path and the permissions of the file.';
    return new CliError(EXIT.usage, { type: 'UnreadableInput', message: error.message, hint }, { cause: error });
  }
  return error;
}

function invalidRoster(error: InvalidRosterError): CliError {
  const more = error.count > SHOWN ? ` The first ${SHOWN}:` : '';
  return new CliError(
    EXIT.usage,
    {
      type: 'InvalidRoster',
      message: `${error.message}${more}`,
      hint: 'Correct these rows. Nothing was sent.',
      issues: error.problems.slice(0, SHOWN).map(({ row, column, path, code, message }) => ({
        path: `row ${row}${column === undefined ? '' : `, column ${JSON.stringify(column)}`}${path === undefined ? '' : `, ${path}`}`,
        code,
        message,
      })),
    },
    { cause: error },
  );
}
