import type { WorkflowExecutionDescription } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { pendingActivities } from './pending-activities.ts';

const converter = loadDataConverter({});

type Run = Pick<WorkflowExecutionDescription, 'raw'>;
const timestamp = (ms: number) => ({ seconds: { toNumber: () => Math.floor(ms / 1000) }, nanos: (ms % 1000) * 1e6 });

describe('pendingActivities', () => {
  it('reads attempt, last failure and time of the next attempt', async () => {
    const run = {
      raw: {
        pendingActivities: [
          {
            activityId: 'create-group',
            activityType: { name: 'createGroup' },
            state: 1,
            attempt: 3,
            lastFailure: { message: 'POST … 503', applicationFailureInfo: { type: 'ServerError' } },
            nextAttemptScheduleTime: timestamp(Date.UTC(2026, 0, 2, 3, 4, 5, 678)),
          },
        ],
      },
    } as unknown as Run;
    expect(await pendingActivities(run, converter)).toEqual([
      {
        activityId: 'create-group',
        activityType: 'createGroup',
        state: 'waiting',
        paused: false,
        attempt: 3,
        lastFailure: 'POST … 503',
        lastFailureType: 'ServerError',
        nextAttemptAt: '2026-01-02T03:04:05.678Z',
      },
    ]);
  });

  it('leaves out what is not there', async () => {
    const run = {
      raw: { pendingActivities: [{ activityId: 'create-group', attempt: 1, nextAttemptScheduleTime: null }] },
    } as unknown as Run;
    expect(await pendingActivities(run, converter)).toEqual([
      { activityId: 'create-group', state: 'waiting', paused: false, attempt: 1 },
    ]);
    expect(await pendingActivities({ raw: {} } as unknown as Run, converter)).toEqual([]);
  });

  it.each([
    [{ state: 2 }, 'running', false],
    [{ state: 2, paused: true }, 'running', true],
    [{ state: 4, paused: true }, 'paused', true],
    [{ state: 5, paused: true }, 'running', true],
  ])('tells what %j does', async (activity, state, paused) => {
    const run = { raw: { pendingActivities: [{ activityId: 'a', ...activity }] } } as unknown as Run;
    expect(await pendingActivities(run, converter)).toMatchObject([{ state, paused }]);
  });
});
