import { setCurrentDetails, setHandler, upsertSearchAttributes } from '@temporalio/workflow';
import {
  getOnboardingState,
  searchAttributes,
  type Outcome,
  type Stage,
  type Step,
  type StepReport,
} from '@scim-onboarding/onboarding-contract/workflow';

/** What a run shows of itself: by query, as search attributes, and as details in the Temporal UI. */
export interface Progress {
  stage(stage: Stage): void;
  /** The last stage; written together with the outcome, to save an event. */
  done(outcome: Outcome): void;
  group(groupId: string): void;
  readonly groupId: string | undefined;
  /** Runs a step and keeps its times. */
  step<T>(step: Step, run: () => Promise<T>, note: (result: T) => string): Promise<T>;
  /** Milliseconds since the run began. */
  elapsedMs(): number;
}

export function trackProgress(): Progress {
  const begun = Date.now();
  const steps: StepReport[] = [];
  let stage: Stage = 'validating';
  let outcome: Outcome | undefined;
  let groupId: string | undefined;

  const elapsedMs = (): number => Date.now() - begun;
  const show = (): void => setCurrentDetails(renderDetails(stage, outcome, groupId, steps));

  setHandler(
    getOnboardingState,
    () => ({
      stage,
      steps: [...steps],
      ...(outcome === undefined ? {} : { outcome }),
      ...(groupId === undefined ? {} : { groupId }),
    }),
    { description: 'Stage, steps with their times, and group id of this onboarding' },
  );
  show();

  return {
    stage(next) {
      stage = next;
      upsertSearchAttributes([{ key: searchAttributes.stage, value: next }]);
      show();
    },
    done(result) {
      stage = 'done';
      outcome = result;
      upsertSearchAttributes([
        { key: searchAttributes.stage, value: stage },
        { key: searchAttributes.outcome, value: result },
      ]);
      show();
    },
    group(id) {
      groupId = id;
      show();
    },
    get groupId() {
      return groupId;
    },
    async step(step, run, note) {
      const startedAfterMs = elapsedMs();
      const index = steps.push({ step, state: 'running', startedAfterMs }) - 1;
      show();
      try {
        const result = await run();
        steps[index] = { step, state: 'done', startedAfterMs, endedAfterMs: elapsedMs(), note: note(result) };
        return result;
      } catch (error) {
        steps[index] = { step, state: 'failed', startedAfterMs, endedAfterMs: elapsedMs() };
        throw error;
      } finally {
        show();
      }
    },
    elapsedMs,
  };
}

/** Markdown for the UI: where the run is, and a table of its steps. */
function renderDetails(
  stage: Stage,
  outcome: Outcome | undefined,
  groupId: string | undefined,
  steps: readonly StepReport[],
): string {
  const head = [
    `**Stage** ${stage}`,
    ...(outcome === undefined ? [] : [`**Outcome** ${outcome}`]),
    ...(groupId === undefined ? [] : [`**Group** \`${groupId}\``]),
  ];
  const rows = steps.map(
    (s) =>
      `| ${s.step} | ${s.state} | ${s.endedAfterMs === undefined ? '' : `${s.endedAfterMs - s.startedAfterMs} ms`} | ${s.note ?? ''} |`,
  );
  return `${head.join(' · ')}\n\n| Step | State | Took | Result |\n| --- | --- | --- | --- |\n${rows.join('\n')}`;
}
