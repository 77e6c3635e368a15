import { searchAttributes, type BlockedReport, type OnboardGroupResult } from '@scim-onboarding/onboarding-contract';
import { isGrpcDeadlineError, WorkflowFailedError } from '@temporalio/client';
import { TerminatedFailure } from '@temporalio/common';
import type { Calls } from './calls.ts';
import {
  DeadlineExceededError,
  OnboardingBlockedError,
  OnboardingFailedError,
  UnreadableResultError,
} from './errors.ts';
import { readFailure } from './failure.ts';
import { pause } from './pause.ts';
import { resultSchema } from './schemas.ts';
import { queryState } from './status.ts';

/** How long `result` waits unless it is told otherwise: 5 minutes. */
export const DEFAULT_RESULT_DEADLINE_MS = 300_000;

/** How often a run that is waited for is looked at, to see whether it is blocked: soon at first, then every second. */
const FIRST_BLOCKED_POLL_MS = 125;
const BLOCKED_POLL_MS = 1_000;
const BLOCKED_QUERY_MS = 2_000;

export interface ResultOptions {
  /** Milliseconds to wait. Default {@link DEFAULT_RESULT_DEADLINE_MS}. */
  readonly deadlineMs?: number;
  /** What a run that waits for a person does to the caller: nothing (default), or an `OnboardingBlockedError`. */
  readonly whenBlocked?: 'wait' | 'throw';
}

/**
 * Waits for the result of a run, by long poll. A run that was reset is followed to the run that took its place.
 *
 * @throws OnboardingFailedError if the run failed, was cancelled or was terminated
 * @throws OnboardingBlockedError if `whenBlocked` is `throw` and the run waits for a person
 * @throws DeadlineExceededError if the run has not ended in time; it goes on
 * @throws OnboardingNotFoundError, TemporalUnavailableError, TemporalRefusedError, UnreadableResultError
 */
export async function waitForResult(
  calls: Calls,
  workflowId: string,
  options: ResultOptions & { readonly runId?: string },
): Promise<OnboardGroupResult> {
  const { deadlineMs = DEFAULT_RESULT_DEADLINE_MS, runId, whenBlocked = 'wait' } = options;
  const endsAt = Date.now() + deadlineMs;
  let current =
    runId ?? (await describeRun(calls, workflowId, undefined, Math.min(deadlineMs, calls.deadlineMs))).runId;
  for (;;) {
    const facts = { call: 'result', workflowId, runId: current, deadlineMs: Math.max(1, endsAt - Date.now()) };
    const wait = whenBlocked === 'throw' ? closeOrBlocked : closeOf;
    const answer = await calls.call(facts, () => wait(calls, workflowId, current));
    if (answer.kind === 'result') return readResult(workflowId, answer.value);
    if (answer.kind === 'blocked') throw new OnboardingBlockedError(workflowId, current, answer.report);
    if (answer.kind === 'deadline') throw await deadlineError(calls, workflowId, current, deadlineMs, answer.error);
    const next =
      answer.error.cause instanceof TerminatedFailure ? await resetRunOf(calls, workflowId, current) : undefined;
    if (next === undefined) {
      throw new OnboardingFailedError(readFailure(answer.error.cause), workflowId, current, { cause: answer.error });
    }
    current = next;
  }
}

type Close =
  | { readonly kind: 'result'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly error: WorkflowFailedError }
  | { readonly kind: 'blocked'; readonly report: BlockedReport }
  | { readonly kind: 'deadline'; readonly error: Error };

async function closeOf(calls: Calls, workflowId: string, runId: string): Promise<Close> {
  try {
    return { kind: 'result', value: await calls.client.workflow.getHandle(workflowId, runId).result() };
  } catch (error) {
    if (error instanceof WorkflowFailedError) return { kind: 'failed', error };
    if (isGrpcDeadlineError(error)) return { kind: 'deadline', error };
    throw error;
  }
}

/** The long poll says when a run ends, not when it is blocked: a look at the run every second goes beside it. */
async function closeOrBlocked(calls: Calls, workflowId: string, runId: string): Promise<Close> {
  const stop = new AbortController();
  const close = calls.client.withAbortSignal(stop.signal, () => closeOf(calls, workflowId, runId));
  const watch = blockedReport(calls, workflowId, runId, stop.signal);
  try {
    return (await Promise.race([watch, close])) ?? (await close);
  } finally {
    stop.abort();
    await Promise.allSettled([close, watch]);
  }
}

/** Answers when the run is blocked; with undefined when it is told to stop. */
async function blockedReport(
  calls: Calls,
  workflowId: string,
  runId: string,
  signal: AbortSignal,
): Promise<Close | undefined> {
  for (let wait = FIRST_BLOCKED_POLL_MS; !signal.aborted; wait = Math.min(wait * 2, BLOCKED_POLL_MS)) {
    // What cannot be read now is read again: errors of the run itself come out of the long poll.
    const run = await calls.client.workflow
      .getHandle(workflowId, runId)
      .describe()
      .catch(() => undefined);
    if (run?.typedSearchAttributes.get(searchAttributes.stage) === 'blocked') {
      const state = await queryState(calls, workflowId, runId, BLOCKED_QUERY_MS);
      if (state?.blocked !== undefined) return { kind: 'blocked', report: state.blocked };
    }
    await pause(wait, signal);
  }
  return undefined;
}

/** The SDK retries lost connections until the deadline, so a passed deadline has two meanings; one short call tells them apart. */
async function deadlineError(
  calls: Calls,
  workflowId: string,
  runId: string,
  deadlineMs: number,
  cause: Error,
): Promise<Error> {
  await describeRun(calls, workflowId, runId, 2_000);
  return new DeadlineExceededError(workflowId, deadlineMs, { cause });
}

async function resetRunOf(calls: Calls, workflowId: string, runId: string): Promise<string | undefined> {
  const run = await describeRun(calls, workflowId, runId, calls.deadlineMs);
  const next = run.raw.workflowExtendedInfo?.resetRunId;
  return next === undefined || next === null || next === '' ? undefined : next;
}

/** Reads a run; the newest one without `runId`. */
export async function describeRun(
  calls: Calls,
  workflowId: string,
  runId: string | undefined,
  deadlineMs: number | undefined,
) {
  return calls.call({ call: 'describe', workflowId, ...(runId !== undefined && { runId }), deadlineMs }, () =>
    calls.client.workflow.getHandle(workflowId, runId).describe(),
  );
}

/** Parses what a run returned. */
function readResult(workflowId: string, value: unknown): OnboardGroupResult {
  const parsed = resultSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  throw new UnreadableResultError(workflowId, problems.slice(0, 5).join('; '));
}
