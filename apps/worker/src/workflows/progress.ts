import type { SearchAttributeUpdatePair } from '@temporalio/common';
import { setCurrentDetails, setHandler, upsertSearchAttributes } from '@temporalio/workflow';
import {
  getOnboardingState,
  publishStage,
  searchAttributes,
  type BlockedReport,
  type OnboardingState,
  type Outcome,
  type Stage,
  type Step,
  type StepReport,
} from '@scim-onboarding/onboarding-contract/workflow';
import { renderDetails, type RunIdentity } from './details.ts';

/** What a run shows of itself: by query, as search attributes, and as details in the Temporal UI. */
export interface Progress {
  stage(stage: Stage): void;
  /** The last stage; written together with the outcome, to save an event. */
  done(outcome: Outcome): void;
  group(groupId: string): void;
  readonly groupId: string | undefined;
  /** Runs a step and keeps its times. `activityId` is the step's id in the history. */
  step<T>(step: Step, activityId: string, run: () => Promise<T>, note: (result: T) => string): Promise<T>;
  skipped(step: Step): void;
  blocked(report: BlockedReport): void;
  reminded(): void;
  unblocked(resolution: OnboardingState['resolutions'][number], stage: Stage): void;
  /** The step that was run last. */
  readonly lastStep: Step | undefined;
  /** Milliseconds since the run began. */
  elapsedMs(): number;
}

/** Stages that a plain run goes through in a moment. */
const PASSING: ReadonlySet<Stage> = new Set(['validating', 'creating', 'verifying', 'notifying']);

export function trackProgress(run: RunIdentity): Progress {
  const begun = Date.now();
  const steps: StepReport[] = [];
  const resolutions: OnboardingState['resolutions'][number][] = [];
  let stage: Stage = 'validating';
  let published: Stage = stage;
  let outcome: Outcome | undefined;
  let groupId: string | undefined;
  let blocked: BlockedReport | undefined;
  let reminders = 0;

  const elapsedMs = (): number => Date.now() - begun;
  const state = (): OnboardingState => ({
    stage,
    steps: [...steps],
    resolutions: [...resolutions],
    ...(outcome === undefined ? {} : { outcome }),
    ...(groupId === undefined ? {} : { groupId }),
    ...(blocked === undefined ? {} : { blocked }),
  });
  const show = (): void => setCurrentDetails(renderDetails(state(), run, reminders));

  const publish = (more: readonly SearchAttributeUpdatePair[] = []): void => {
    if (published === stage && more.length === 0) return;
    published = stage;
    upsertSearchAttributes([{ key: searchAttributes.stage, value: stage }, ...more]);
  };

  setHandler(publishStage, () => publish(), {
    description: 'Publishes the stage: a step takes long (from its activity)',
  });
  setHandler(getOnboardingState, state, {
    description: 'Stage, steps with their times, group id, and why it is blocked if it is',
  });
  show();

  return {
    stage(next) {
      if (next === stage) return;
      stage = next;
      // Each change costs an event and an Action: stages that pass in a moment are published when they turn out to take long.
      if (published !== 'validating' || !PASSING.has(next)) publish();
      show();
    },
    done(result) {
      stage = 'done';
      outcome = result;
      publish([{ key: searchAttributes.outcome, value: result }]);
      show();
    },
    group(id) {
      groupId = id;
      show();
    },
    get groupId() {
      return groupId;
    },
    async step(step, activityId, run, note) {
      const startedAfterMs = elapsedMs();
      const index = steps.push({ step, state: 'running', activityId, startedAfterMs }) - 1;
      show();
      try {
        const result = await run();
        steps[index] = {
          step,
          state: 'done',
          activityId,
          startedAfterMs,
          endedAfterMs: elapsedMs(),
          note: note(result),
        };
        return result;
      } catch (error) {
        steps[index] = { step, state: 'failed', activityId, startedAfterMs, endedAfterMs: elapsedMs() };
        throw error;
      } finally {
        show();
      }
    },
    skipped(step) {
      const now = elapsedMs();
      steps.push({
        step,
        state: 'skipped',
        activityId: '',
        startedAfterMs: now,
        endedAfterMs: now,
        note: 'by a person',
      });
      show();
    },
    blocked(report) {
      blocked = report;
      stage = 'blocked';
      reminders = 0;
      publish([{ key: searchAttributes.blockedReason, value: report.type }]);
      show();
    },
    reminded() {
      reminders += 1;
      show();
    },
    unblocked(resolution, next) {
      resolutions.push(resolution);
      blocked = undefined;
      stage = next;
      publish([{ key: searchAttributes.blockedReason, value: null }]);
      show();
    },
    get lastStep() {
      return steps.at(-1)?.step;
    },
    elapsedMs,
  };
}
