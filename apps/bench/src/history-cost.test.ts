import { describe, expect, it } from 'vitest';
import { costOf } from './history-cost.ts';

describe('costOf', () => {
  it('counts the start, activities with their retries, and upserts', () => {
    const cost = costOf([
      { workflowExecutionStartedEventAttributes: {} },
      { activityTaskScheduledEventAttributes: {} },
      { activityTaskStartedEventAttributes: { attempt: 3 } },
      { upsertWorkflowSearchAttributesEventAttributes: {} },
      { workflowTaskCompletedEventAttributes: {} },
    ]);
    expect(cost).toMatchObject({ events: 5, actions: 1 + 1 + 2 + 1 });
  });

  it('counts two for a child, and one for all local activities of a workflow task', () => {
    const marker = { markerRecordedEventAttributes: { markerName: 'core_local_activity' } };
    expect(
      costOf([
        { workflowExecutionStartedEventAttributes: { parentWorkflowExecution: { workflowId: 'parent' } } },
        marker,
        marker,
      ]).actions,
    ).toBe(3);
  });
});
