import type { WorkflowExecutionDescription } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { pendingActivities } from './pending-activities.ts';

type Run = Pick<WorkflowExecutionDescription, 'raw'>;
const timestamp = (ms: number) => ({ seconds: { toNumber: () => Math.floor(ms / 1000) }, nanos: (ms % 1000) * 1e6 });

describe('pendingActivities', () => {
  it('reads attempt, last failure and time of the next attempt', () => {
    const run = {
      raw: {
        pendingActivities: [
          {
            activityId: 'create-group',
            attempt: 3,
            lastFailure: { message: 'POST … 503', applicationFailureInfo: { type: 'ServerError' } },
            nextAttemptScheduleTime: timestamp(Date.UTC(2026, 0, 2, 3, 4, 5, 678)),
          },
        ],
      },
    } as unknown as Run;
    expect(pendingActivities(run)).toEqual([
      {
        activityId: 'create-group',
        attempt: 3,
        lastFailure: 'POST … 503',
        lastFailureType: 'ServerError',
        nextAttemptAt: '2026-01-02T03:04:05.678Z',
      },
    ]);
  });

  it('leaves out what is not there', () => {
    const run = {
      raw: { pendingActivities: [{ activityId: 'create-group', attempt: 1, nextAttemptScheduleTime: null }] },
    } as unknown as Run;
    expect(pendingActivities(run)).toEqual([{ activityId: 'create-group', attempt: 1 }]);
    expect(pendingActivities({ raw: {} } as unknown as Run)).toEqual([]);
  });
});
