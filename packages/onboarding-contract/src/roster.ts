import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { ConflictPolicy, WireDefinition } from './input.ts';
import type { Outcome } from './names.ts';

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

/** Id of a part of a roster. */
export function rosterPartId(rosterId: string, part: number): string {
  return `${rosterId}/part-${part}`;
}

/** How many groups a part has at most; its history stays far under Temporal's limits. */
export const GROUPS_PER_PART = 50;

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
  readonly part: number;
  readonly groups: readonly RosterPartGroup[];
  readonly options: RosterOptions;
}

/** Input of `onboardRoster`. Its parts were started before. */
export interface OnboardRosterInput {
  readonly tenant: string;
  /** File name, for people. */
  readonly name: string;
  readonly parts: number;
  readonly groups: number;
  /** Parts at work at a time. Default 4. */
  readonly partsAtOnce?: number;
}

/** What became of one group of a roster. */
export interface RosterGroupResult {
  readonly externalId: string;
  readonly displayName: string;
  /** `blocked`: its run waits for a person; it is not lost when the roster ends. */
  readonly outcome: Outcome | 'blocked';
  readonly groupId?: string;
  /** Failure type, where it failed or is blocked. */
  readonly failureType?: string;
  readonly message?: string;
}

/** Counts by outcome. */
export type RosterCounts = Readonly<Partial<Record<RosterGroupResult['outcome'], number>>>;

export interface RosterProgress {
  readonly groups: number;
  /** Groups that ended or are blocked. */
  readonly settled: number;
  readonly counts: RosterCounts;
  readonly paused: boolean;
  readonly partsDone: number;
  readonly parts: number;
  /** Parts that were never handed over: their groups were not begun. */
  readonly missingParts: readonly number[];
}

/** What a part tells its roster when it is through. */
export interface PartDone {
  readonly part: number;
  readonly counts: RosterCounts;
}

export const getRosterProgress = defineQuery<RosterProgress>('getRosterProgress');
/** Results of the groups of a part so far. */
export const getPartResults = defineQuery<readonly RosterGroupResult[]>('getPartResults');
export const beginPart = defineSignal('beginPart');
export const partDone = defineSignal<[PartDone]>('partDone');
export const partProgress = defineSignal<[PartDone]>('partProgress');
/** Holds back groups that were not begun, or lets them begin again. */
export const pauseRoster = defineSignal<[boolean]>('pauseRoster');
/** A group of a part waits for a person. */
export const groupBlocked =
  defineSignal<[{ readonly externalId: string; readonly type: string; readonly message: string }]>('groupBlocked');
