import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { FailureType } from './failure-types.ts';
import type { WireDefinition } from './input.ts';
import type { Outcome, Stage, Step } from './names.ts';

/** State of one step of a run. */
export interface StepReport {
  readonly step: Step;
  readonly state: 'running' | 'done' | 'failed' | 'skipped';
  /** Id of the activity in the history. */
  readonly activityId: string;
  /** Milliseconds from the start of the run. */
  readonly startedAfterMs: number;
  readonly endedAfterMs?: number;
  /** What came of it, in a few words. */
  readonly note?: string;
}

/** Why a run waits for a person, and what that person may do. */
export interface BlockedReport {
  /** Counts the blocks of a run from 1; a resolution names the block that it answers. */
  readonly block: number;
  readonly step: Step;
  /** Failure type; also in the search attribute `BlockedReason`. */
  readonly type: FailureType | (string & {});
  readonly message: string;
  readonly hint?: string;
  readonly correlationId?: string;
  /** ISO 8601. */
  readonly since: string;
  /** ISO 8601: when the run gives up. */
  readonly until: string;
  readonly allowed: readonly Resolution['action'][];
}

/** Answer of the query `getOnboardingState`. */
export interface OnboardingState {
  readonly stage: Stage;
  readonly outcome?: Outcome;
  readonly groupId?: string;
  readonly steps: readonly StepReport[];
  readonly blocked?: BlockedReport;
  /** Resolutions that were taken, the oldest first. */
  readonly resolutions: readonly {
    readonly block: number;
    readonly action: Resolution['action'];
    readonly by?: string;
  }[];
}

/** Reads where a run is; works while it runs and after it ended, as long as a worker is up. */
/** Sent by the activity of a step that was tried several times: the run publishes its stage as a search attribute. */
export const publishStage = defineSignal('publishStage');
export const getOnboardingState = defineQuery<OnboardingState>('getOnboardingState');

interface ResolutionBase {
  /** The block that is answered. A run that is not blocked keeps it until it is (so after a reset); left out: the present block. */
  readonly block?: number;
  /** Who decided; shown in the run. */
  readonly by?: string;
}

/** What a person decides about a blocked run. */
export type Resolution =
  /** Try again, with the definition as it is or with an amended one of the same externalId. */
  | (ResolutionBase & {
      readonly action: 'retry';
      readonly definition?: WireDefinition;
      /** Digest of the amended definition: a later start with it joins the run. */
      readonly digest?: string;
      readonly allowRemovals?: boolean;
    })
  /** Go on without the step; allowed for `sync-members` and `verify-group`. */
  | (ResolutionBase & { readonly action: 'skip' })
  /** Take over this group. It must carry our externalId or none. */
  | (ResolutionBase & { readonly action: 'adopt'; readonly groupId: string })
  /** End the run. With `compensate`, delete the group if this run created it. Allowed at any time. */
  | (ResolutionBase & { readonly action: 'abort'; readonly compensate?: boolean });

export const RESOLUTION_ACTIONS = [
  'retry',
  'skip',
  'adopt',
  'abort',
] as const satisfies readonly Resolution['action'][];

/** Answer of the update `resolve`: what was accepted. */
export interface Resolved {
  readonly action: Resolution['action'];
  /** 0 for an abort of a run that was not blocked. */
  readonly block: number;
  readonly step?: Step;
}

/** Decides about a blocked run. Sent twice with one update id it counts once. */
export const resolveOnboarding = defineUpdate<Resolved, [Resolution]>('resolve');
