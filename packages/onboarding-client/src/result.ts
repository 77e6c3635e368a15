import type { OnboardGroupResult } from '@scim-onboarding/onboarding-contract';
import { isGrpcDeadlineError, WorkflowFailedError } from '@temporalio/client';
import { TerminatedFailure } from '@temporalio/common';
import type { Calls } from './calls.ts';
import { DeadlineExceededError, OnboardingFailedError, UnreadableResultError } from './errors.ts';
import { readFailure } from './failure.ts';
import { resultSchema } from './schemas.ts';

/** How long `result` waits unless it is told otherwise: 5 minutes. */
export const DEFAULT_RESULT_DEADLINE_MS = 300_000;

export interface ResultOptions {
  /** Milliseconds to wait. Default {@link DEFAULT_RESULT_DEADLINE_MS}. */
  readonly deadlineMs?: number;
}

/**
 * Waits for the result of a run, by long poll. A run that was reset is followed to the run that took its place.
 *
 * @throws OnboardingFailedError if the run failed, was cancelled or was terminated
 * @throws DeadlineExceededError if the run has not ended in time; it goes on
 * @throws OnboardingNotFoundError, TemporalUnavailableError, TemporalRefusedError, UnreadableResultError
 */
export async function waitForResult(
  calls: Calls,
  workflowId: string,
  { deadlineMs = DEFAULT_RESULT_DEADLINE_MS, runId }: ResultOptions & { readonly runId?: string },
): Promise<OnboardGroupResult> {
  const endsAt = Date.now() + deadlineMs;
  let current =
    runId ?? (await describeRun(calls, workflowId, undefined, Math.min(deadlineMs, calls.deadlineMs))).runId;
  for (;;) {
    const facts = { call: 'result', workflowId, runId: current, deadlineMs: Math.max(1, endsAt - Date.now()) };
    const answer = await calls.call(facts, () => closeOf(calls, workflowId, current));
    if (answer.kind === 'result') return readResult(workflowId, answer.value);
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

async function describeRun(calls: Calls, workflowId: string, runId: string | undefined, deadlineMs: number) {
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
