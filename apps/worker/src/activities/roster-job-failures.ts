import { rosterJobInputSchema, type RosterJobInput } from '@scim-onboarding/onboarding-contract';
import { FAILURE_TYPES } from '@scim-onboarding/onboarding-contract/workflow';
import {
  InvalidRosterError,
  parseColumnMap,
  ROSTER_FORMATS,
  type ColumnMap,
  type RosterFormat,
} from '@scim-onboarding/roster';
import { emptyRoster } from './roster-file.ts';
import { typedFailure } from './to-failure.ts';

/** Problems of a file that a message names. */
const SHOWN = 10;

/** The job as it came from Temporal, with what of it has a form of its own. */
export interface CheckedJob extends Omit<RosterJobInput, 'format' | 'map'> {
  readonly format: RosterFormat | undefined;
  readonly map: ColumnMap | undefined;
}

/** @throws {ApplicationFailure} `InvalidJob` or `RosterPathRefused` */
export function checkedJob(input: unknown): CheckedJob {
  const parsed = rosterJobInputSchema.safeParse(input);
  if (!parsed.success) {
    const paths = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
    const [first] = parsed.error.issues;
    const type = first?.path[0] === 'roster' ? FAILURE_TYPES.rosterPathRefused : FAILURE_TYPES.invalidJob;
    throw typedFailure(type, `The job cannot be run: ${paths}. Nothing was read.`, CREATE_AGAIN);
  }
  const { format, map, ...job } = parsed.data;
  return { ...job, format: formatOf(format), map: map === undefined ? undefined : mapOf(map) };
}

const CREATE_AGAIN = 'Delete the schedule, and create it again with `onboard schedule create`.';

function formatOf(format: string | undefined): RosterFormat | undefined {
  const known = ROSTER_FORMATS.find((one) => one === format);
  if (format === undefined || known !== undefined) return known;
  throw typedFailure(
    FAILURE_TYPES.invalidJob,
    `The job has the unknown format ${JSON.stringify(format)}.`,
    CREATE_AGAIN,
  );
}

function mapOf(map: string): ColumnMap {
  try {
    return parseColumnMap(map);
  } catch (error) {
    throw typedFailure(FAILURE_TYPES.invalidJob, error instanceof Error ? error.message : String(error), CREATE_AGAIN);
  }
}

/** Errors of the reader as failures, in which the file is called as the job calls it. What is not of the reader stays as it is. */
export function rosterFailure(error: unknown, path: string): unknown {
  if (!(error instanceof InvalidRosterError)) return error;
  if (error.problems.every(({ code }) => code === 'empty_file')) return emptyRoster(path);
  const lines = error.problems.slice(0, SHOWN).map(({ row, column, message }) => {
    return `row ${row}${column === undefined ? '' : `, column ${JSON.stringify(column)}`}: ${message}`;
  });
  const more = error.count > lines.length ? [`and ${error.count - lines.length} more`] : [];
  const count = `${error.count} problem${error.count === 1 ? '' : 's'}`;
  return typedFailure(
    FAILURE_TYPES.invalidRoster,
    `The roster ${JSON.stringify(path)} has ${count}. Nothing was changed.\n${[...lines, ...more].join('\n').slice(0, 4_000)}`,
    'Correct the file, or create the schedule again with --format or --map.',
  );
}
