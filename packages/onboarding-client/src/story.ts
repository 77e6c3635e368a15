import { RESOLUTION_ACTIONS, type Resolution } from '@scim-onboarding/onboarding-contract';
import {
  decodeFromPayloadsAtIndex,
  decodeOptionalFailureToOptionalError,
} from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import * as z from 'zod';
import type { Calls } from './calls.ts';
import type { OnboardingFailure } from './errors.ts';
import { readFailure } from './failure.ts';
import { fetchHistory } from './history.ts';
import { toIso } from './proto-time.ts';

type Event = NonNullable<History['events']>[number];
type Converter = Parameters<typeof decodeOptionalFailureToOptionalError>[0];
type ProtoFailure = Parameters<typeof decodeOptionalFailureToOptionalError>[1];

/** A failure of an attempt, and the request that it came of where there was one. */
export type AttemptFailure = Pick<OnboardingFailure, 'type' | 'message'> & {
  readonly request?: string;
  readonly status?: number;
  readonly correlationId?: string;
};

/** One activity of a run. */
export interface StoryStep {
  /** Name of the step. */
  readonly activityId: string;
  readonly activityType: string;
  /** `pending`: it has not ended, as far as the history tells. */
  readonly state: 'pending' | 'done' | 'failed' | 'timed-out' | 'cancelled';
  /** ISO 8601, UTC. */
  readonly scheduledAt: string;
  readonly endedAt?: string;
  /** Attempts that began, as far as the history tells. 0: none began yet, or the first is at work. */
  readonly attempts: number;
  /** Why it failed; of a step that did not, why the attempt before the last one failed. */
  readonly lastFailure?: AttemptFailure;
  /** Number of the event that scheduled it. */
  readonly eventId: number;
}

/** A decision that a person took about the run. */
export interface StoryDecision {
  readonly action: Resolution['action'];
  readonly block?: number;
  readonly by?: string;
  /** True if it brought a corrected definition. */
  readonly amended: boolean;
  readonly groupId?: string;
  readonly compensate?: boolean;
  readonly allowRemovals?: boolean;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly updateId: string;
}

/** What happened in a run, as its history tells. Needs no worker. */
export interface OnboardingStory {
  readonly workflowId: string;
  readonly runId: string;
  readonly events: number;
  readonly steps: readonly StoryStep[];
  readonly decisions: readonly StoryDecision[];
  /** Resets that made this run. */
  readonly resets: readonly { readonly fromRunId: string; readonly reason: string; readonly at: string }[];
}

/**
 * Reads what happened in a run.
 *
 * @throws OnboardingNotFoundError, TemporalUnavailableError, TemporalRefusedError
 */
export async function readStory(
  calls: Calls,
  workflowId: string,
  options: { readonly runId?: string; readonly deadlineMs?: number },
): Promise<OnboardingStory> {
  const { runId, history } = await fetchHistory(calls, workflowId, options);
  return { workflowId, runId, ...(await tellStory(history, calls.client.options.loadedDataConverter)) };
}

/** The story that a history tells. */
async function tellStory(
  history: History,
  converter: Converter,
): Promise<Omit<OnboardingStory, 'workflowId' | 'runId'>> {
  const events = history.events ?? [];
  const steps = new Map<string, StoryStep>();
  const decisions: StoryDecision[] = [];
  const resets: OnboardingStory['resets'][number][] = [];
  for (const event of events) {
    const at = timeOf(event);
    const { activityTaskScheduledEventAttributes: scheduled, workflowTaskFailedEventAttributes: reset } = event;
    if (scheduled) {
      steps.set(String(event.eventId), {
        activityId: scheduled.activityId ?? '',
        activityType: scheduled.activityType?.name ?? '',
        state: 'pending',
        scheduledAt: at,
        attempts: 0,
        eventId: event.eventId?.toNumber() ?? 0,
      });
    }
    const change = await stepChange(event, at, converter);
    if (change !== undefined) {
      const step = steps.get(change.scheduledEventId);
      if (step !== undefined) steps.set(change.scheduledEventId, { ...step, ...change.step });
    }
    const decision = await readDecision(event, at, converter);
    if (decision !== undefined) decisions.push(decision);
    // A new run that a reset makes begins with the failure of the task at which it was reset.
    if (reset?.newRunId) resets.push({ fromRunId: reset.baseRunId ?? '', reason: reset.failure?.message ?? '', at });
  }
  return { events: events.length, steps: [...steps.values()], decisions, resets };
}

interface StepChange {
  readonly scheduledEventId: string;
  readonly step: Partial<StoryStep>;
}

async function stepChange(event: Event, endedAt: string, converter: Converter): Promise<StepChange | undefined> {
  const {
    activityTaskStartedEventAttributes: started,
    activityTaskCompletedEventAttributes: completed,
    activityTaskFailedEventAttributes: failed,
    activityTaskTimedOutEventAttributes: timedOut,
    activityTaskCanceledEventAttributes: cancelled,
  } = event;
  if (started) {
    const lastFailure = await readAttemptFailure(started.lastFailure, converter);
    return {
      scheduledEventId: String(started.scheduledEventId),
      step: { attempts: started.attempt ?? 1, ...(lastFailure !== undefined && { lastFailure }) },
    };
  }
  if (completed) return { scheduledEventId: String(completed.scheduledEventId), step: { state: 'done', endedAt } };
  if (cancelled) return { scheduledEventId: String(cancelled.scheduledEventId), step: { state: 'cancelled', endedAt } };
  const ended = failed ?? timedOut;
  if (!ended) return undefined;
  const lastFailure = await readAttemptFailure(ended.failure, converter);
  return {
    scheduledEventId: String(ended.scheduledEventId),
    step: { state: failed ? 'failed' : 'timed-out', endedAt, ...(lastFailure !== undefined && { lastFailure }) },
  };
}

async function readAttemptFailure(failure: ProtoFailure, converter: Converter): Promise<AttemptFailure | undefined> {
  const error = await decodeOptionalFailureToOptionalError(converter, failure);
  if (error === undefined) return undefined;
  const { type, message, details } = readFailure(error);
  const { request, status, correlationId } = details ?? {};
  return {
    type,
    message,
    ...(request !== undefined && { request }),
    ...(status !== undefined && { status }),
    ...(correlationId !== undefined && { correlationId }),
  };
}

const decisionSchema = z.object({
  action: z.enum(RESOLUTION_ACTIONS),
  block: z.number().exactOptional(),
  by: z.string().exactOptional(),
  definition: z.unknown().optional(),
  groupId: z.string().exactOptional(),
  compensate: z.boolean().exactOptional(),
  allowRemovals: z.boolean().exactOptional(),
});

async function readDecision(event: Event, at: string, converter: Converter): Promise<StoryDecision | undefined> {
  const accepted = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest;
  if (accepted?.input?.name !== 'resolve') return undefined;
  const value: unknown = await decodeFromPayloadsAtIndex(converter, 0, accepted.input.args?.payloads);
  const parsed = decisionSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { definition, ...decision } = parsed.data;
  return { ...decision, amended: definition !== undefined, at, updateId: accepted.meta?.updateId ?? '' };
}

function timeOf(event: Event): string {
  return toIso(event.eventTime) ?? '';
}
