import type { ConflictPolicy } from './input.ts';
import type { WebhookReport } from './result.ts';

/** Name of the workflow type that a schedule starts. */
export const ROSTER_JOB_WORKFLOW = 'runRosterJob';

/** `apply`: plan the roster and onboard what is to be done. `drift`: compare only. */
export const ROSTER_JOB_MODES = ['apply', 'drift'] as const;
export type RosterJobMode = (typeof ROSTER_JOB_MODES)[number];

/**
 * How a job ended; value of the search attribute `OnboardingOutcome`. A job that ended with a failure has `failed`, a cancelled one
 * `cancelled`.
 * - `started`, `joined`: the roster's workflow was started, or was open already.
 * - `nothing-to-do`: no group is to be onboarded. Groups may be held.
 * - `in-sync`, `drift`: what a comparison found.
 */
export const ROSTER_JOB_OUTCOMES = ['started', 'joined', 'nothing-to-do', 'in-sync', 'drift'] as const;
export type RosterJobOutcome = (typeof ROSTER_JOB_OUTCOMES)[number];

/** Id of the workflow of a schedule; Temporal adds the time of the run. */
export function rosterJobId(tenant: string, schedule: string): string {
  return `roster-job:${tenant}:${schedule}`;
}

/** What the id of a schedule may be: it stands in workflow ids. */
export const SCHEDULE_ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/u;

/** Input of `runRosterJob`. */
export interface RosterJobInput {
  readonly tenant: string;
  /** Path of the roster below the worker's `ROSTER_FOLDER`. */
  readonly roster: string;
  readonly mode: RosterJobMode;
  /** Id of the schedule. */
  readonly schedule?: string;
  /** With `apply`: what to do with groups that exist. Default `adopt`. */
  readonly conflictPolicy?: ConflictPolicy;
  /** With `apply` and the policy `update`: remove members that the roster does not have. Default false. */
  readonly allowRemovals?: boolean;
  /** `csv`, `json`, `ndjson` or `auto` (default). */
  readonly format?: string;
  /** Names of the columns, as `onboard plan --map` takes them. */
  readonly map?: string;
}

/** A group with which nothing is done before a person decides. */
export interface RosterJobHold {
  readonly externalId: string;
  readonly action: 'held' | 'conflict';
  readonly reason: string;
}

/** Result of `runRosterJob`. Lists are bounded; the counts are of all. */
export interface RosterJobResult {
  readonly mode: RosterJobMode;
  readonly outcome: RosterJobOutcome;
  readonly roster: string;
  /** SHA-256 in hex of the file. */
  readonly digest: string;
  readonly groups: number;
  /** Groups by what the plan does with them: `create`, `adopt`, `update`, `unchanged`, `conflict`, `held`. */
  readonly actions: Readonly<Record<string, number>>;
  /** Id of the roster's workflow, with `apply`. */
  readonly rosterId?: string;
  /** Groups that were handed to it. */
  readonly started?: number;
  /** Groups that are held or in conflict, with `apply`: at most 50. */
  readonly held?: readonly RosterJobHold[];
  /** With `drift`: how many lines of difference there are, in how many groups, and the first 100 of the lines. */
  readonly differences?: { readonly count: number; readonly groups: number; readonly lines: readonly string[] };
  /** With `drift`, where something differs. */
  readonly webhook?: WebhookReport;
}

/** Longest path of a roster. */
const MAX_PATH = 1_024;

/**
 * What is wrong with the path of a roster below the worker's folder, or undefined. Whether it leaves the folder by a link is seen by the
 * worker only.
 */
export function rosterPathProblem(path: string): string | undefined {
  if (path === '') return 'it is empty';
  if (path.length > MAX_PATH) return `it is longer than ${MAX_PATH} characters`;
  if (/\p{Cc}/u.test(path)) return 'it holds control characters';
  if (path.includes('\\')) return 'it holds a backslash; folders are separated by /';
  if (path.startsWith('/') || /^[A-Za-z]:/u.test(path)) return 'it is absolute; it must be relative to ROSTER_FOLDER';
  if (path.split('/').includes('..')) return 'it holds "..", by which it could leave ROSTER_FOLDER';
  return undefined;
}
