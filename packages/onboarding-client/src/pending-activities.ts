import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { LoadedDataConverter } from '@temporalio/common';
import { decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { toIso } from './proto-time.ts';

type RawActivity = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

/** Numbers of `temporal.api.enums.v1.PendingActivityState`: an attempt is at work. */
const AT_WORK = new Set<number | null | undefined>([2, 3, 5]);

/** An activity that runs now or waits for its next attempt. */
export interface PendingActivity {
  /** Name of the step. */
  readonly activityId: string;
  /** Name of the activity function. */
  readonly activityType?: string;
  /** `waiting`: for a worker, or for its next attempt. `paused`: until somebody resumes it. */
  readonly state: 'running' | 'waiting' | 'paused';
  /** True if no attempt will begin until somebody resumes it; one may be at work still. */
  readonly paused: boolean;
  /** 1 is the first. */
  readonly attempt: number;
  /** Message of the last attempt's failure. */
  readonly lastFailure?: string;
  /** Its failure type. */
  readonly lastFailureType?: string;
  /** ISO 8601, UTC. Absent while an attempt runs. */
  readonly nextAttemptAt?: string;
}

/**
 * Reads the pending activities of a described run.
 *
 * @param converter decodes messages of failures, which are encrypted where payloads are
 */
export function pendingActivities(
  run: Pick<WorkflowExecutionDescription, 'raw'>,
  converter: LoadedDataConverter,
): Promise<PendingActivity[]> {
  const read = async (activity: RawActivity): Promise<PendingActivity> => {
    const failure = await decodeOptionalFailureToOptionalError(converter, activity.lastFailure);
    const message = failure?.message;
    const { applicationFailureInfo } = activity.lastFailure ?? {};
    const next = toIso(activity.nextAttemptScheduleTime);
    return {
      activityId: activity.activityId ?? '',
      ...(activity.activityType?.name && { activityType: activity.activityType.name }),
      state: AT_WORK.has(activity.state) ? 'running' : activity.paused ? 'paused' : 'waiting',
      paused: activity.paused === true,
      attempt: activity.attempt ?? 1,
      ...(message && { lastFailure: message }),
      ...(applicationFailureInfo?.type && { lastFailureType: applicationFailureInfo.type }),
      ...(next !== undefined && { nextAttemptAt: next }),
    };
  };
  return Promise.all((run.raw.pendingActivities ?? []).map(read));
}
