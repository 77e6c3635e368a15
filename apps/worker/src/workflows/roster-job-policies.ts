import type { ActivityOptions } from '@temporalio/workflow';
import { TASK_QUEUES } from '@scim-onboarding/onboarding-contract/workflow';
import { HEARTBEAT_TIMEOUT } from './retry-policies.ts';

/** Steps of a scheduled job: each is an activity, and its name is the activity's id in the history. */
export type RosterJobStep = 'plan-roster' | 'start-roster';

/** How each step of a scheduled job is tried, and for how long. */
export const ROSTER_JOB_POLICIES: Readonly<Record<RosterJobStep, ActivityOptions>> = {
  'plan-roster': {
    taskQueue: TASK_QUEUES.target,
    startToCloseTimeout: '2 hours',
    // A target that is down is waited for, but not into the next night.
    scheduleToCloseTimeout: '12 hours',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumInterval: '5 minutes' },
  },
  'start-roster': {
    taskQueue: TASK_QUEUES.onboarding,
    startToCloseTimeout: '1 hour',
    scheduleToCloseTimeout: '12 hours',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '2 minutes' },
  },
};
