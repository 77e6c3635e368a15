import type { WorkflowExecutionDescription } from '@temporalio/client';

/** An activity that runs now or waits for its next attempt. */
export interface PendingActivity {
  /** Name of the step. */
  readonly activityId: string;
  /** 1 is the first. */
  readonly attempt: number;
  /** Message of the last attempt's failure. */
  readonly lastFailure?: string;
  /** Its failure type. */
  readonly lastFailureType?: string;
  /** ISO 8601, UTC. Absent while an attempt runs. */
  readonly nextAttemptAt?: string;
}

/** Reads the pending activities of a described run. */
export function pendingActivities(run: Pick<WorkflowExecutionDescription, 'raw'>): PendingActivity[] {
  return (run.raw.pendingActivities ?? []).map((activity) => {
    const { message, applicationFailureInfo } = activity.lastFailure ?? {};
    const next = toIso(activity.nextAttemptScheduleTime);
    return {
      activityId: activity.activityId ?? '',
      attempt: activity.attempt ?? 1,
      ...(message && { lastFailure: message }),
      ...(applicationFailureInfo?.type && { lastFailureType: applicationFailureInfo.type }),
      ...(next !== undefined && { nextAttemptAt: next }),
    };
  });
}

interface ProtoTimestamp {
  readonly seconds?: { toNumber(): number } | null;
  readonly nanos?: number | null;
}

function toIso(timestamp: ProtoTimestamp | null | undefined): string | undefined {
  if (!timestamp?.seconds) return undefined;
  return new Date(timestamp.seconds.toNumber() * 1000 + Math.floor((timestamp.nanos ?? 0) / 1e6)).toISOString();
}
