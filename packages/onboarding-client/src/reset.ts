import { randomUUID } from 'node:crypto';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import type { Calls } from './calls.ts';
import { InvalidArgumentError } from './errors.ts';
import { describeRun } from './result.ts';
import { runUiPath } from './workflow-ids.ts';

/** Number of `temporal.api.enums.v1.ResetReapplyExcludeType`. */
const EXCLUDE_UPDATE = 2;

export interface ResetOptions {
  /** Step that runs again, and with it all that follow, by its activity id. Of several with that id the last one. */
  readonly toStep: string;
  /** Why; stands in the history. */
  readonly reason?: string;
  readonly tenant?: string;
  /** The run to reset. It must be the newest one, which is the default. */
  readonly runId?: string;
  /** Makes the call safe to repeat. Default: new in each call. */
  readonly requestId?: string;
  /** Milliseconds for each call to the server. */
  readonly deadlineMs?: number;
}

export interface ResetRun {
  readonly workflowId: string;
  /** The run that was reset; if it was open it is terminated. */
  readonly formerRunId: string;
  /** The run that took its place. */
  readonly runId: string;
  /** Path of the new run in the Temporal UI. */
  readonly uiPath: string;
  /** Event of the former run at which the new one goes on. */
  readonly eventId: number;
}

/**
 * Starts a run again from the step on, with the history before it. Decisions that were taken after that point are not applied again.
 * Works for open and for ended runs.
 *
 * @throws InvalidArgumentError if the history has no such step, or if there is a newer run
 * @throws OnboardingNotFoundError, TemporalUnavailableError, TemporalRefusedError
 */
export async function resetRun(
  calls: Calls,
  workflowId: string,
  options: Omit<ResetOptions, 'tenant'>,
): Promise<ResetRun> {
  const { toStep, deadlineMs, requestId = randomUUID() } = options;
  const newest = await describeRun(calls, workflowId, undefined, deadlineMs);
  const formerRunId = options.runId ?? newest.runId;
  if (formerRunId !== newest.runId) {
    // The reset of an old run would terminate the new one.
    throw new InvalidArgumentError(
      `Workflow ${workflowId} has a newer run, ${newest.runId}, than ${formerRunId}. Nothing was changed.`,
      'Reset the newest run, or start the onboarding again.',
    );
  }
  const history = await calls.call({ call: 'history', workflowId, runId: formerRunId, deadlineMs }, () =>
    calls.client.workflow.getHandle(workflowId, formerRunId).fetchHistory(),
  );
  const point = resetPoint(history, toStep);
  if (point === undefined) {
    const there = stepsOf(history).join(', ') || 'none';
    throw new InvalidArgumentError(
      `The history of workflow ${workflowId} has no step ${toStep}. Steps: ${there}.`,
      'Name one of these steps.',
    );
  }
  const { runId } = await calls.call({ call: 'reset', workflowId, runId: formerRunId, deadlineMs }, () =>
    calls.client.workflowService.resetWorkflowExecution({
      namespace: calls.namespace,
      workflowExecution: { workflowId, runId: formerRunId },
      reason: options.reason ?? `reset to ${toStep}`,
      workflowTaskFinishEventId: point,
      requestId,
      // An old decision may be what has to be taken back.
      resetReapplyExcludeTypes: [EXCLUDE_UPDATE],
      identity: calls.client.options.identity,
    }),
  );
  const uiPath = runUiPath(calls.namespace, workflowId, runId);
  return { workflowId, formerRunId, runId, uiPath, eventId: point.toNumber() };
}

/** Number of an event. */
type EventId = NonNullable<NonNullable<History['events']>[number]['eventId']>;

/**
 * The event to reset to: the last completed workflow task before the step was scheduled, which is the task that scheduled it. What
 * comes after it is done again.
 *
 * @returns undefined if the step was never scheduled
 */
export function resetPoint(history: History, activityId: string): EventId | undefined {
  const events = history.events ?? [];
  const scheduled = events.findLastIndex(
    (event) => event.activityTaskScheduledEventAttributes?.activityId === activityId,
  );
  if (scheduled === -1) return undefined;
  const task = events
    .slice(0, scheduled)
    .findLast(
      (event) =>
        event.workflowTaskCompletedEventAttributes !== null && event.workflowTaskCompletedEventAttributes !== undefined,
    );
  return task?.eventId ?? undefined;
}

function stepsOf(history: History): string[] {
  const ids = (history.events ?? []).map((event) => event.activityTaskScheduledEventAttributes?.activityId ?? '');
  return [...new Set(ids.filter((id) => id !== ''))];
}
