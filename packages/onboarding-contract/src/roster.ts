import type { ConflictPolicy, WireDefinition } from './input.ts';
import type { Outcome } from './names.ts';
import type { WebhookReport } from './result.ts';

/** Names of the workflow types that onboard many groups. */
export const ONBOARD_ROSTER_WORKFLOW = 'onboardRoster';
export const ROSTER_PART_WORKFLOW = 'onboardRosterPart';

const PREFIX = 'onboard-roster:';

/** Id of the workflow of a roster: the same roster again is the same id, so a second start joins the first. */
export function rosterWorkflowId(tenant: string, rosterDigest: string): string {
  return `${PREFIX}${tenant}:${rosterDigest.slice(0, 16)}`;
}

/** True for an id made by {@link rosterWorkflowId}. */
export function isRosterWorkflowId(id: string): boolean {
  return id.startsWith(PREFIX) && !id.includes('/');
}

/**
 * Id of a part of a roster. Each run of a roster has parts of its own, so that a retry cannot take parts of the run before it for its own.
 *
 * @param run first run id of the roster; it stays the same when the roster continues as new
 */
export function rosterPartId(rosterId: string, run: string, part: number): string {
  return `${rosterId}/${run}/part-${part}`;
}

/** Query of Temporal for the runs of a roster's groups, in every run of the roster. */
export function rosterGroupsQuery(rosterId: string): string {
  return `ParentWorkflowId STARTS_WITH '${rosterId}/'`;
}

/** How many groups a part has at most; its history stays far under Temporal's limits. */
export const GROUPS_PER_PART = 50;

/**
 * Parts that one run of the workflow lets begin before it continues as new. A part costs a roster some 32 events, so a run stays under
 * the 4096 events at which the server suggests to continue.
 */
export const STARTS_PER_RUN = 100;

/** Blocked groups, and as many failed ones, that a roster names by itself. The parts know all. */
export const ROSTER_PROBLEMS = 20;

/** How the groups of a roster are onboarded. */
export interface RosterOptions {
  readonly conflictPolicy: ConflictPolicy;
  readonly allowRemovals: boolean;
  /** Groups of a part at work at a time. Default 10. */
  readonly window?: number;
}

/** A group as it is handed over. */
export interface RosterPartGroup {
  readonly definition: WireDefinition;
  readonly duplicatesDropped: number;
  /** In place of the roster's policy. */
  readonly conflictPolicy?: ConflictPolicy;
}

/** Input of `onboardRosterPart`: waits until its roster lets it begin. */
export interface RosterPartInput {
  readonly tenant: string;
  readonly rosterId: string;
  /** First run id of the roster. */
  readonly run: string;
  readonly part: number;
  readonly groups: readonly RosterPartGroup[];
  readonly options: RosterOptions;
}

/** Input of `onboardRoster`. Its parts are handed over after it was started. */
export interface OnboardRosterInput {
  readonly tenant: string;
  /** File name, for people. */
  readonly name: string;
  /** Digest of the roster. */
  readonly digest: string;
  readonly parts: number;
  readonly groups: number;
  /** Parts at work at a time. Default 4. */
  readonly partsAtOnce?: number;
  /** Default {@link STARTS_PER_RUN}. */
  readonly startsPerRun?: number;
  /** First run id of the run whose groups are tried again. */
  readonly retryOf?: string;
  /** Where the run before this one was, when it continued as new. */
  readonly carried?: RosterState;
}

/** What a roster carries over when it continues as new. Its size does not grow with the groups, but for the numbers of missing parts. */
export interface RosterState {
  /** ISO 8601. */
  readonly startedAt: string;
  /** Parts that are known of. */
  readonly parts: number;
  /** The part that begins next. */
  readonly next: number;
  /** Parts that are through. */
  readonly partsDone: number;
  /** Counts of the parts that are through. */
  readonly counts: RosterCounts;
  /** Parts at work, with their counts so far. */
  readonly active: readonly { readonly part: number; readonly counts: RosterCounts }[];
  readonly missingParts: readonly number[];
  readonly problems: readonly RosterProblem[];
  readonly control: RosterControl;
}

/** What becomes of groups that were not begun. The one with the highest number holds. */
export interface RosterControl {
  readonly seq: number;
  readonly paused: boolean;
  readonly cancel?: RosterCancel;
}

export interface RosterCancel {
  /** True: groups at work are cancelled too; those that wait for a person are not. */
  readonly withGroups: boolean;
}

/** What became of one group of a roster. */
export interface RosterGroupResult {
  readonly externalId: string;
  readonly displayName: string;
  /** `blocked`: its run waits for a person; it is not lost when the roster ends. `not-started`: the roster was cancelled before. */
  readonly outcome: Outcome | 'blocked' | 'not-started';
  readonly groupId?: string;
  /** Milliseconds from the start of its run until the group was read back. */
  readonly latencyMs?: number;
  /** Failure type, where it failed or is blocked. */
  readonly failureType?: string;
  readonly message?: string;
}

/** Counts by outcome. */
export type RosterCounts = Readonly<Partial<Record<RosterGroupResult['outcome'], number>>>;

/** A group that did not get through. */
export interface RosterProblem {
  readonly externalId: string;
  readonly outcome: 'blocked' | 'failed';
  readonly failureType: string;
}

/** Where a roster is; also what its workflow returns. */
export interface RosterProgress {
  readonly tenant: string;
  /** File name, for people. */
  readonly name: string;
  readonly digest: string;
  /** First run id of the roster; it stays the same when the roster continues as new. */
  readonly run: string;
  /** First run id of the run whose groups this one tries again. */
  readonly retryOf?: string;
  readonly groups: number;
  /** Groups that ended or are blocked. */
  readonly settled: number;
  readonly counts: RosterCounts;
  readonly paused: boolean;
  /** Set if the roster was cancelled. */
  readonly cancel?: RosterCancel;
  readonly partsDone: number;
  /** Parts that began; they begin in the order of their numbers. */
  readonly partsBegun: number;
  readonly parts: number;
  /** Parts that were never handed over, or were ended by hand: what became of their groups is not known. */
  readonly missingParts: readonly number[];
  /** At most {@link ROSTER_PROBLEMS} blocked groups and as many failed ones. */
  readonly problems: readonly RosterProblem[];
  /** ISO 8601. */
  readonly startedAt: string;
  /** ISO 8601: when all groups were settled. The HRIS may be told later. */
  readonly endedAt?: string;
  /** How the delivery of the summary ended. */
  readonly webhook?: WebhookReport;
}

/** True if no group of the roster will be begun any more, and those that were begun are settled. */
export function rosterIsThrough({ partsDone, missingParts, parts }: RosterProgress): boolean {
  return partsDone + missingParts.length === parts;
}
