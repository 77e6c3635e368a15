import type { ActivityOptions } from '@temporalio/workflow';
import { TASK_QUEUES, type Step } from '@scim-onboarding/onboarding-contract/workflow';

/** An activity that stops beating for this long is taken for dead, and is run again elsewhere. */
export const HEARTBEAT_TIMEOUT = '10 seconds';

/**
 * How each step is tried, and for how long. `Retry-After` of the target goes before the interval here (`nextRetryDelay`).
 *
 * A cancelled run waits for its activities (`WAIT_CANCELLATION_COMPLETED`): the group that a request in flight makes must not be
 * missing from the audit record.
 */
const readTarget: ActivityOptions = {
  taskQueue: TASK_QUEUES.target,
  startToCloseTimeout: '10 minutes',
  // An outage of the target is waited for, not failed by: a week covers one that begins before a long holiday.
  scheduleToCloseTimeout: '7 days',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '2 minutes' },
};

const writeTarget: ActivityOptions = { ...readTarget, startToCloseTimeout: '5 minutes' };

export const STEP_POLICIES: Readonly<Record<Step, ActivityOptions>> = {
  'validate-group': readTarget,
  'create-group': writeTarget,
  'find-group': readTarget,
  'sync-members': { ...writeTarget, startToCloseTimeout: '30 minutes' },
  'verify-group': readTarget,
  'delete-group': writeTarget,
  'send-webhook': {
    taskQueue: TASK_QUEUES.webhooks,
    startToCloseTimeout: '45 seconds',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    // scheduleToCloseTimeout comes from the worker's setting, by the answer of validate-group.
    retry: { initialInterval: '5 seconds', backoffCoefficient: 3, maximumInterval: '1 hour' },
  },
  'record-audit': {
    taskQueue: TASK_QUEUES.onboarding,
    startToCloseTimeout: '45 seconds',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    // No end: a run without its record would be a run without proof.
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
  },
};
