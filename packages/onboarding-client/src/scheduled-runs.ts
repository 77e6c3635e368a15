import { rosterJobResultSchema, searchAttributes, type RosterJobResult } from '@scim-onboarding/onboarding-contract';
import type { ScheduleExecutionResult, WorkflowExecutionDescription } from '@temporalio/client';
import type { Calls } from './calls.ts';
import { OnboardingFailedError, OnboardingNotFoundError } from './errors.ts';

const SHOWN = 5;

/** A run of a schedule, and what came of it. */
export interface ScheduledRun {
  readonly workflowId: string;
  readonly runId: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Of Temporal: `RUNNING`, `COMPLETED`, `FAILED` …; `GONE` when the retention of the namespace is over. */
  readonly execution: string;
  /** `started`, `joined`, `nothing-to-do`, `in-sync`, `drift`, `failed` or `cancelled`. */
  readonly outcome?: string;
  /** Of a run that succeeded. */
  readonly result?: RosterJobResult;
  readonly failure?: { readonly type: string; readonly message: string; readonly hint: string };
}

/** Reads the last runs of a schedule, the newest first. */
export async function scheduledRuns(
  calls: Calls,
  actions: readonly ScheduleExecutionResult[],
): Promise<ScheduledRun[]> {
  const runs: ScheduledRun[] = [];
  for (const { takenAt, action } of actions.toReversed().slice(0, SHOWN)) {
    const { workflowId, firstExecutionRunId: runId } = action.workflow;
    runs.push(await readRun(calls, { workflowId, runId, startedAt: takenAt.toISOString() }));
  }
  return runs;
}

async function readRun(
  calls: Calls,
  run: Pick<ScheduledRun, 'workflowId' | 'runId' | 'startedAt'>,
): Promise<ScheduledRun> {
  const { workflowId, runId } = run;
  const handle = calls.client.workflow.getHandle(workflowId, runId, { followRuns: false });
  let found: WorkflowExecutionDescription;
  try {
    found = await calls.call({ call: 'describe', workflowId, runId }, () => handle.describe());
  } catch (error) {
    if (error instanceof OnboardingNotFoundError) return { ...run, execution: 'GONE' };
    throw error;
  }
  const execution = found.status.name;
  const outcome: unknown = found.typedSearchAttributes.get(searchAttributes.outcome);
  const seen = { ...run, execution, ...(typeof outcome === 'string' ? { outcome } : {}) };
  if (execution === 'RUNNING') return seen;
  try {
    const parsed = rosterJobResultSchema.safeParse(
      await calls.call({ call: 'result', workflowId, runId }, () => handle.result()),
    );
    return parsed.success ? { ...seen, outcome: parsed.data.outcome, result: parsed.data } : seen;
  } catch (error) {
    if (!(error instanceof OnboardingFailedError)) throw error;
    const { type, message, hint } = error;
    return { ...seen, failure: { type, message, hint } };
  }
}
