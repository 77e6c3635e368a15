import {
  getOnboardingState,
  searchAttributes,
  type BlockedReport,
  type OnboardGroupResult,
  type OnboardingState,
  type Outcome,
  type Stage,
  type StepReport,
} from '@scim-onboarding/onboarding-contract';
import {
  WorkflowFailedError,
  type WorkflowExecutionDescription,
  type WorkflowExecutionStatusName,
} from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { Calls } from './calls.ts';
import type { OnboardingFailure } from './errors.ts';
import { readFailure } from './failure.ts';
import { pendingActivities, type PendingActivity } from './pending-activities.ts';
import { outcomeSchema, resultSchema, stageSchema, stateSchema, textSchema } from './schemas.ts';
import { runUiPath } from './workflow-ids.ts';

/** A worker answers a query in a few milliseconds, or after it has replayed the run. */
const QUERY_DEADLINE_MS = 2_000;

/** Set by the server on a run whose workflow tasks fail: it is RUNNING and gets nowhere. */
const reportedProblems = defineSearchAttributeKey('TemporalReportedProblems', 'KEYWORD_LIST');

export interface StatusOptions {
  readonly tenant?: string;
  /** Default: the newest run. */
  readonly runId?: string;
  /** Milliseconds for each call to the server. */
  readonly deadlineMs?: number;
  /** Milliseconds to wait for a worker's answer to the query. Default 2 000. */
  readonly queryDeadlineMs?: number;
}

/** Where a run is. */
export interface OnboardingStatus {
  readonly workflowId: string;
  readonly runId: string;
  /** Path of the run in the Temporal UI. */
  readonly uiPath: string;
  readonly execution: WorkflowExecutionStatusName;
  readonly stage?: Stage;
  readonly outcome?: Outcome;
  readonly groupId?: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly closedAt?: string;
  readonly steps?: readonly StepReport[];
  /** Why it waits for a person; absent if it does not, or no worker answered. */
  readonly blocked?: BlockedReport;
  /** Failure type for which it is blocked; known without a worker too. */
  readonly blockedReason?: string;
  /** Decisions that were taken. */
  readonly resolutions?: OnboardingState['resolutions'];
  /** `live`: a worker answered. `unavailable`: none did in time; stage and outcome are the last that the run published. */
  readonly state: 'live' | 'unavailable';
  /** Activities that run now or wait for their next attempt. */
  readonly pendingActivities: readonly PendingActivity[];
  /** Problems of the worker with this run, for example a workflow type that is not registered. */
  readonly problems: readonly string[];
  /** Of a run that succeeded. */
  readonly result?: OnboardGroupResult;
  /** Of a run that did not. */
  readonly failure?: OnboardingFailure;
}

/**
 * Reads where a run is: from the server, and from a worker if one answers in time.
 *
 * @throws OnboardingNotFoundError, TemporalUnavailableError, TemporalRefusedError
 */
export async function readStatus(
  calls: Calls,
  workflowId: string,
  options: Omit<StatusOptions, 'tenant'>,
): Promise<OnboardingStatus> {
  const { deadlineMs } = options;
  const run = await calls.call({ call: 'describe', workflowId, deadlineMs }, () =>
    calls.client.workflow.getHandle(workflowId, options.runId).describe(),
  );
  const { runId } = run;
  const state = await queryState(calls, workflowId, runId, options.queryDeadlineMs ?? QUERY_DEADLINE_MS);
  const close = isOpen(run)
    ? {}
    : await calls.call({ call: 'result', workflowId, runId, deadlineMs }, () => closeFacts(calls, workflowId, runId));
  const stage = state?.stage ?? stageSchema.safeParse(run.typedSearchAttributes.get(searchAttributes.stage)).data;
  const outcome =
    state?.outcome ??
    close.result?.outcome ??
    outcomeSchema.safeParse(run.typedSearchAttributes.get(searchAttributes.outcome)).data;
  const blockedReason = state?.blocked?.type ?? blockedReasonOf(run);
  const groupId = state?.groupId ?? close.result?.groupId;
  return {
    workflowId,
    runId,
    uiPath: runUiPath(calls.namespace, workflowId, runId),
    execution: run.status.name,
    ...(stage !== undefined && { stage }),
    ...(outcome !== undefined && { outcome }),
    ...(groupId !== undefined && { groupId }),
    startedAt: run.startTime.toISOString(),
    ...(run.closeTime !== undefined && { closedAt: run.closeTime.toISOString() }),
    ...(state !== undefined && { steps: state.steps, resolutions: state.resolutions }),
    ...(state?.blocked !== undefined && { blocked: state.blocked }),
    ...(blockedReason !== undefined && { blockedReason }),
    state: state === undefined ? 'unavailable' : 'live',
    pendingActivities: await pendingActivities(run, calls.client.options.loadedDataConverter),
    problems: run.typedSearchAttributes.get(reportedProblems) ?? [],
    ...close,
  };
}

function blockedReasonOf(run: WorkflowExecutionDescription): string | undefined {
  return isOpen(run)
    ? textSchema.safeParse(run.typedSearchAttributes.get(searchAttributes.blockedReason)).data
    : undefined;
}

/** True for a run that has not ended. */
export function isOpen(run: Pick<WorkflowExecutionDescription, 'status'>): boolean {
  return run.status.name === 'RUNNING' || run.status.name === 'PAUSED';
}

/** A query that no worker answers is not an error of the status: the server's own facts stand. */
export async function queryState(
  calls: Calls,
  workflowId: string,
  runId: string,
  deadlineMs: number,
): Promise<OnboardingState | undefined> {
  try {
    const answer = await calls.client.withDeadline(Date.now() + deadlineMs, () =>
      calls.client.workflow.getHandle(workflowId, runId).query(getOnboardingState),
    );
    return stateSchema.safeParse(answer).data;
  } catch {
    return undefined;
  }
}

interface CloseFacts {
  readonly result?: OnboardGroupResult;
  readonly failure?: OnboardingFailure;
}

async function closeFacts(calls: Calls, workflowId: string, runId: string): Promise<CloseFacts> {
  try {
    const value: unknown = await calls.client.workflow.getHandle(workflowId, runId, { followRuns: false }).result();
    const parsed = resultSchema.safeParse(value);
    return parsed.success ? { result: parsed.data } : {};
  } catch (error) {
    if (error instanceof WorkflowFailedError) return { failure: readFailure(error.cause) };
    throw error;
  }
}
