import { activityInfo, Context } from '@temporalio/activity';
import { publishStage } from '@scim-onboarding/onboarding-contract/workflow';
import type { WorkerMetrics } from '../metrics.ts';
import { toFailure } from './to-failure.ts';

/** Beats well within the heartbeat time-out of the retry policies (10 s). */
const BEAT_MS = 2_000;

/** The attempt at which a step counts as one that takes long: once in a step, and by the retry policies some seconds after its start. */
const LONG_ATTEMPT = 4;

/** What an activity's body may use of its context. */
export interface ActivityRun {
  /** 1 for the first attempt, and again for the first one after the activity was reset. */
  readonly attempt: number;
  /** True if this activity may have run before. A reset activity counts from 1 again, but keeps the time when it was scheduled first. */
  readonly earlierAttempts: boolean;
  /** Milliseconds since the first attempt was scheduled. */
  readonly ageMs: number;
  /** Aborted when the run is cancelled or the worker shuts down. */
  readonly signal: AbortSignal;
  /** What the last attempt reported by `progress`. */
  readonly lastProgress: unknown;
  /** Keeps where the activity is, for its next attempt. */
  progress(details: unknown): void;
}

/** Runs an activity's body with a steady heartbeat, so that a dead worker is noticed within seconds; errors become typed failures. */
export async function runActivity<T>(metrics: WorkerMetrics, body: (run: ActivityRun) => Promise<T>): Promise<T> {
  const context = Context.current();
  const info = activityInfo();
  const started = performance.now();
  const ended = (outcome: 'done' | 'failed'): void =>
    metrics.step(info.activityType, outcome, performance.now() - started);
  let details: unknown = info.heartbeatDetails;
  const beat = (): void => context.heartbeat(details);
  // No beat at once: it would hold back the first progress, which the SDK sends at once only if nothing was sent before.
  const timer = setInterval(beat, BEAT_MS);
  if (info.attempt === LONG_ATTEMPT) void tellStage(info);
  try {
    const result = await body({
      attempt: info.attempt,
      earlierAttempts: info.attempt > 1 || info.currentAttemptScheduledTimestampMs > info.scheduledTimestampMs,
      ageMs: Date.now() - info.scheduledTimestampMs,
      signal: context.cancellationSignal,
      lastProgress: info.heartbeatDetails as unknown,
      progress(next) {
        details = next;
        beat();
      },
    });
    ended('done');
    return result;
  } catch (error) {
    ended('failed');
    // An aborted request of a cancelled activity: Temporal wants its own cancellation, not our error.
    context.cancellationSignal.throwIfAborted();
    throw toFailure(error);
  } finally {
    clearInterval(timer);
  }
}

/** Lets the list of runs show where this one waits. The run is as well without it. */
async function tellStage({ workflowExecution }: ReturnType<typeof activityInfo>): Promise<void> {
  if (workflowExecution?.workflowId === undefined) return;
  const { workflowId, runId } = workflowExecution;
  try {
    await Context.current().client.workflow.getHandle(workflowId, runId).signal(publishStage);
  } catch (error) {
    Context.current().log.debug('the stage could not be published', { error });
  }
}
