import { randomUUID } from 'node:crypto';
import type { Calls } from './calls.ts';
import { InvalidArgumentError, TemporalUnavailableError } from './errors.ts';
import { pendingActivities, type PendingActivity } from './pending-activities.ts';
import { endedError } from './resolve.ts';
import { describeRun } from './result.ts';
import { isOpen } from './status.ts';

const MAX_REASON = 1_000;

export interface StepOptions {
  readonly tenant?: string;
  /** Default: the newest run. */
  readonly runId?: string;
  /** Step to act on, by its activity id. Default: every step that is pending. */
  readonly activityId?: string;
  /** Milliseconds for each call to the server. */
  readonly deadlineMs?: number;
}

/** What was done to the steps of a run. */
export interface StepsChanged {
  readonly workflowId: string;
  readonly runId: string;
  /** Activity ids that were acted on. */
  readonly activityIds: readonly string[];
}

type Options = Omit<StepOptions, 'tenant'>;

/**
 * Makes the next attempt of a step begin now. An attempt that is at work is left to end.
 *
 * @throws InvalidArgumentError if no step waits for its next attempt
 */
export async function retryStepsNow(calls: Calls, workflowId: string, options: Options): Promise<StepsChanged> {
  const run = await openRun(calls, workflowId, options);
  const steps = chosen(run, options.activityId).filter(({ state }) => state !== 'running');
  if (steps.length === 0) throw nothingWaits(run);
  for (const { activityId, state } of steps) {
    // Not resetActivity: it sets the attempt back to 1, and the history would not tell how often the step was tried.
    if (state !== 'paused') await pauseStep(calls, run, activityId, 'retry now', options.deadlineMs);
    await unpauseOrTell(calls, run, activityId, options.deadlineMs);
  }
  return changed(run, steps);
}

/**
 * Keeps a step from beginning another attempt until {@link resumeSteps}. An attempt that is at work ends as usual.
 *
 * @throws InvalidArgumentError if no step is pending
 */
export async function pauseSteps(
  calls: Calls,
  workflowId: string,
  reason: string,
  options: Options,
): Promise<StepsChanged> {
  if (reason.length > MAX_REASON)
    throw new InvalidArgumentError(`The reason is longer than ${MAX_REASON} characters.`, 'Use a shorter one.');
  const run = await openRun(calls, workflowId, options);
  const steps = chosen(run, options.activityId).filter(({ state }) => state !== 'paused');
  if (steps.length === 0) throw nothingWaits(run);
  for (const { activityId } of steps) await pauseStep(calls, run, activityId, reason, options.deadlineMs);
  return changed(run, steps);
}

/**
 * Lets paused steps go on, at once.
 *
 * @throws InvalidArgumentError if no step is paused
 */
export async function resumeSteps(calls: Calls, workflowId: string, options: Options): Promise<StepsChanged> {
  const run = await openRun(calls, workflowId, options);
  const steps = chosen(run, options.activityId).filter(({ paused }) => paused);
  if (steps.length === 0) {
    throw new InvalidArgumentError(
      `No step of workflow ${workflowId} is paused. Nothing was changed.`,
      `Look at the run: \`onboard show ${workflowId}\`.`,
    );
  }
  for (const { activityId } of steps) await unpauseStep(calls, run, activityId, options.deadlineMs);
  return changed(run, steps);
}

interface OpenRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly pending: readonly PendingActivity[];
}

async function openRun(calls: Calls, workflowId: string, { runId, deadlineMs }: Options): Promise<OpenRun> {
  const run = await describeRun(calls, workflowId, runId, deadlineMs);
  if (!isOpen(run)) throw endedError(calls, workflowId, run.status.name);
  return {
    workflowId,
    runId: run.runId,
    pending: await pendingActivities(run, calls.client.options.loadedDataConverter),
  };
}

function chosen({ workflowId, pending }: OpenRun, activityId: string | undefined): readonly PendingActivity[] {
  if (activityId === undefined) return pending;
  const found = pending.filter((activity) => activity.activityId === activityId);
  if (found.length > 0) return found;
  const there = pending.map((activity) => activity.activityId).join(', ') || 'none';
  throw new InvalidArgumentError(
    `The step ${activityId} of workflow ${workflowId} is not pending. Pending: ${there}.`,
    `Look at the run: \`onboard show ${workflowId}\`.`,
  );
}

function nothingWaits({ workflowId, pending }: OpenRun): InvalidArgumentError {
  const why =
    pending.length === 0
      ? 'has no pending step'
      : `has no step to act on: ${pending.map(({ activityId, state }) => `${activityId} is ${state}`).join(', ')}`;
  return new InvalidArgumentError(
    `Workflow ${workflowId} ${why}. Nothing was changed.`,
    `If it is blocked, decide about it with \`onboard resolve\`; see \`onboard show ${workflowId}\`.`,
  );
}

async function pauseStep(
  calls: Calls,
  { workflowId, runId }: OpenRun,
  id: string,
  reason: string,
  deadlineMs?: number,
): Promise<void> {
  await calls.call({ call: 'pauseActivity', workflowId, runId, deadlineMs }, () =>
    calls.client.workflowService.pauseActivity({
      namespace: calls.namespace,
      execution: { workflowId, runId },
      identity: calls.client.options.identity,
      activity: 'id',
      id,
      reason,
      requestId: randomUUID(),
    }),
  );
}

/** A step that stays paused because of an error in between must not stay so unnoticed. */
async function unpauseOrTell(calls: Calls, run: OpenRun, id: string, deadlineMs: number | undefined): Promise<void> {
  try {
    await unpauseStep(calls, run, id, deadlineMs);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TemporalUnavailableError(
      `The step ${id} of workflow ${run.workflowId} was paused and could not be resumed: ${reason}`,
      `Run \`onboard resume ${run.workflowId}\`.`,
      { cause: error },
    );
  }
}

/** The server starts a step that is resumed at once, whatever its back-off was, and keeps the number of its attempt. */
async function unpauseStep(
  calls: Calls,
  { workflowId, runId }: OpenRun,
  id: string,
  deadlineMs: number | undefined,
): Promise<void> {
  await calls.call({ call: 'unpauseActivity', workflowId, runId, deadlineMs }, () =>
    calls.client.workflowService.unpauseActivity({
      namespace: calls.namespace,
      execution: { workflowId, runId },
      identity: calls.client.options.identity,
      activity: 'id',
      id,
    }),
  );
}

function changed({ workflowId, runId }: OpenRun, steps: readonly PendingActivity[]): StepsChanged {
  return { workflowId, runId, activityIds: steps.map(({ activityId }) => activityId) };
}
