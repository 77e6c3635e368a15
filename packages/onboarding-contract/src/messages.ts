import { defineQuery } from '@temporalio/workflow';
import type { Outcome, Stage, Step } from './names.ts';

/** State of one step of a run. */
export interface StepReport {
  readonly step: Step;
  readonly state: 'running' | 'done' | 'failed';
  /** Milliseconds from the start of the run. */
  readonly startedAfterMs: number;
  readonly endedAfterMs?: number;
  /** What came of it, in a few words. */
  readonly note?: string;
}

/** Answer of the query `getOnboardingState`. */
export interface OnboardingState {
  readonly stage: Stage;
  readonly outcome?: Outcome;
  readonly groupId?: string;
  readonly steps: readonly StepReport[];
}

/** Reads where a run is; works while it runs and after it ended, as long as a worker is up. */
export const getOnboardingState = defineQuery<OnboardingState>('getOnboardingState');
