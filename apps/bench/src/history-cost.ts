import type { History } from '@temporalio/common/lib/proto-utils.js';

type Event = NonNullable<History['events']>[number];

/** What a run costs by its history. */
export interface HistoryCost {
  readonly events: number;
  readonly actions: number;
  /** Events by kind, such as `activityTaskScheduled`. */
  readonly byKind: Readonly<Record<string, number>>;
}

/**
 * Counts events, and billable Actions of Temporal Cloud (docs.temporal.io/evaluate/cloud/actions): 1 for the start, 1 for each activity and
 * 1 for each of its retries, timer, signal, update and search attribute upsert, 1 for all local activities of one workflow task. A child
 * costs 2: 1 is its own start, 1 its parent's order; both are counted here at the child. Heartbeats and queries leave no event and are not
 * counted.
 */
export function costOf(events: readonly Event[]): HistoryCost {
  const byKind: Record<string, number> = {};
  const tasksWithLocals = new Set<string>();
  let actions = 0;
  for (const event of events) {
    const kind = kindOf(event);
    byKind[kind] = (byKind[kind] ?? 0) + 1;
    actions += ACTIONS_OF_KIND[kind] ?? 0;
    const attempt = event.activityTaskStartedEventAttributes?.attempt ?? 1;
    if (attempt > 1) actions += attempt - 1;
    if (event.workflowExecutionStartedEventAttributes?.parentWorkflowExecution?.workflowId) actions += 1;
    const marker = event.markerRecordedEventAttributes;
    if (marker?.markerName === 'core_local_activity')
      tasksWithLocals.add(String(marker.workflowTaskCompletedEventId ?? ''));
  }
  return { events: events.length, actions: actions + tasksWithLocals.size, byKind };
}

const ACTIONS_OF_KIND: Readonly<Record<string, number>> = {
  workflowExecutionStarted: 1,
  activityTaskScheduled: 1,
  timerStarted: 1,
  workflowExecutionSignaled: 1,
  workflowExecutionUpdateAccepted: 1,
  upsertWorkflowSearchAttributes: 1,
};

/** The attributes are a oneof: the one that is set names the kind. */
function kindOf(event: Event): string {
  const name = Object.entries(event).find(([key, value]) => key.endsWith('EventAttributes') && value != null)?.[0];
  return name === undefined ? 'unknown' : name.slice(0, -'EventAttributes'.length);
}
