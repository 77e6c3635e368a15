import type { History } from '@temporalio/common/lib/proto-utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resetPoint } from './reset.ts';

type Kind = 'task' | 'other' | { readonly activityId: string };

/** A history of these events, numbered from 1. */
function history(kinds: readonly Kind[]): History {
  const events = kinds.map((kind, index) => ({
    eventId: { toNumber: () => index + 1 },
    workflowTaskCompletedEventAttributes: kind === 'task' ? {} : null,
    activityTaskScheduledEventAttributes: typeof kind === 'object' ? kind : null,
  }));
  return { events } as unknown as History;
}

const kinds = fc.array(
  fc.oneof(
    fc.constantFrom<Kind>('task', 'other'),
    fc.constantFrom('a', 'b').map((activityId): Kind => ({ activityId })),
  ),
);

describe('resetPoint', () => {
  it('is the task that scheduled the step', () => {
    const made = history(['other', 'task', { activityId: 'a' }, 'other', 'task', { activityId: 'b' }]);
    expect(resetPoint(made, 'a')?.toNumber()).toBe(2);
    expect(resetPoint(made, 'b')?.toNumber()).toBe(5);
  });

  it('is of the last of several steps with that id', () => {
    const made = history(['task', { activityId: 'a' }, 'task', 'task', { activityId: 'a' }, 'task']);
    expect(resetPoint(made, 'a')?.toNumber()).toBe(4);
  });

  it('is not there without the step', () => {
    expect(resetPoint(history(['task', { activityId: 'a' }]), 'b')).toBeUndefined();
    expect(resetPoint({}, 'a')).toBeUndefined();
  });

  it('is a completed task before the scheduled event, with none between', () => {
    fc.assert(
      fc.property(kinds, (list) => {
        const scheduled = list.findLastIndex((kind) => typeof kind === 'object' && kind.activityId === 'a');
        const point = resetPoint(history(list), 'a')?.toNumber();
        const tasksBefore = list.slice(0, Math.max(0, scheduled)).filter((kind) => kind === 'task').length;
        // Of no task there is no point: the slices below are empty then, and the kind is undefined.
        expect(point === undefined).toBe(tasksBefore === 0);
        expect(list[(point ?? 0) - 1]).toBe(tasksBefore === 0 ? undefined : 'task');
        expect(point ?? 0).toBeLessThanOrEqual(Math.max(0, scheduled));
        expect(list.slice(point ?? scheduled, Math.max(0, scheduled))).not.toContain('task');
      }),
    );
  });
});
