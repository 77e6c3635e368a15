import { defineQuery, defineSignal } from '@temporalio/workflow';
import type {
  RosterCancel,
  RosterControl,
  RosterCounts,
  RosterGroupResult,
  RosterOptions,
  RosterPartGroup,
  RosterProblem,
  RosterProgress,
} from './roster.ts';

/** What a part tells its roster. */
export interface PartReport {
  readonly part: number;
  readonly counts: RosterCounts;
  /** Blocked and failed groups since the last report; `solved`: one of an earlier report got through after all. */
  readonly problems: readonly (RosterProblem | { readonly externalId: string; readonly outcome: 'solved' })[];
}

/** Groups of a part that did not get a group in the target, as they were handed over; without those that wait for a person. */
export interface UnfinishedGroups {
  readonly tenant: string;
  readonly options: RosterOptions;
  readonly groups: readonly RosterPartGroup[];
}

export const getRosterProgress = defineQuery<RosterProgress>('getRosterProgress');
/** Results of the groups of a part so far. A part is a page: the answer has at most as many groups as a part. */
export const getPartResults = defineQuery<readonly RosterGroupResult[]>('getPartResults');
export const getUnfinishedGroups = defineQuery<UnfinishedGroups>('getUnfinishedGroups');

/** Holds back groups that were not begun, or lets them begin again. */
export const pauseRoster = defineSignal<[boolean]>('pauseRoster');
/** Begins no further group. While the summary is delivered, it gives the delivery up. */
export const cancelRoster = defineSignal<[RosterCancel]>('cancelRoster');

/** Tells a roster that it has more parts than it was started with: large groups do not fit into one message with as many others. */
export const expectParts = defineSignal<[number]>('expectParts');

/** Tells a part how it is to go on. The first one lets it begin. */
export const steerPart = defineSignal<[RosterControl]>('steerPart');
export const partProgress = defineSignal<[PartReport]>('partProgress');
export const partDone = defineSignal<[PartReport]>('partDone');
/** A group of a part waits for a person. */
export const groupBlocked =
  defineSignal<[{ readonly externalId: string; readonly type: string; readonly message: string }]>('groupBlocked');
