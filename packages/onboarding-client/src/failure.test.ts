import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  RetryState,
  TerminatedFailure,
  TimeoutFailure,
  TimeoutType,
} from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { readFailure } from './failure.ts';

const details = { hint: 'Rename the group.', docs: 'docs/errors.md#nameconflict', status: 409 };
const activityFailure = (cause: Error) =>
  new ActivityFailure('Activity task failed', 'create', 'create-group', RetryState.TIMEOUT, 'w', cause);

describe('readFailure', () => {
  it('takes type, message and details of the failure that the workflow raised', () => {
    const cause = ApplicationFailure.create({ message: 'taken', type: 'NameConflict', details: [details] });
    expect(readFailure(cause)).toEqual({
      type: 'NameConflict',
      message: 'taken',
      hint: 'Rename the group.',
      details,
      cancelled: false,
    });
  });

  it('looks below an activity failure', () => {
    const cause = activityFailure(
      ApplicationFailure.create({ message: 'no rights', type: 'Forbidden', details: [details] }),
    );
    expect(readFailure(cause)).toMatchObject({ type: 'Forbidden', message: 'no rights', details });
  });

  it('prefers what the workflow decided over the evidence below it', () => {
    const evidence = ApplicationFailure.create({ message: '409', type: 'Conflict' });
    const cause = ApplicationFailure.create({
      message: 'taken',
      type: 'NameConflict',
      cause: activityFailure(evidence),
    });
    expect(readFailure(cause).type).toBe('NameConflict');
  });

  it('skips a failure with an unknown type above one with a known type', () => {
    const known = ApplicationFailure.create({ message: 'read', type: 'ServerError' });
    expect(readFailure(ApplicationFailure.create({ message: 'x', type: 'Wrapper', cause: known })).type).toBe(
      'ServerError',
    );
  });

  it('keeps an unforeseen type and gives a hint', () => {
    const failure = readFailure(ApplicationFailure.create({ message: 'x is not a function', type: 'TypeError' }));
    expect(failure.type).toBe('TypeError');
    expect(failure.hint).toContain('Temporal UI');
    expect(failure).not.toHaveProperty('details');
  });

  it('ignores details of another shape', () => {
    expect(
      readFailure(ApplicationFailure.create({ type: 'Forbidden', message: 'm', details: ['text'] })),
    ).not.toHaveProperty('details');
  });

  it.each([
    ['Cancelled', new CancelledFailure('Workflow canceled'), true],
    ['Cancelled', activityFailure(new CancelledFailure('c')), true],
    ['Terminated', new TerminatedFailure('by hand'), false],
    ['TimedOut', new TimeoutFailure('Workflow execution timed out', undefined, TimeoutType.START_TO_CLOSE), false],
    ['Timeout', activityFailure(new TimeoutFailure('activity', undefined, TimeoutType.START_TO_CLOSE)), false],
  ])('names %s', (type, cause, cancelled) => {
    expect(readFailure(cause)).toMatchObject({ type, cancelled });
  });

  it('answers for a run without a cause', () => {
    expect(readFailure(undefined)).toMatchObject({ type: 'Unknown', cancelled: false });
  });
});
