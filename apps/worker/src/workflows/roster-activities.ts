import { proxyActivities } from '@temporalio/workflow';
import { TASK_QUEUES } from '@scim-onboarding/onboarding-contract/workflow';
import type { OnboardingActivities } from './activities.ts';
import { STEP_POLICIES } from './retry-policies.ts';

/** Which webhook the workers have. A roster asks once, at its end; a group run is told by its validation. */
export const { describeWebhook } = proxyActivities<Pick<OnboardingActivities, 'describeWebhook'>>({
  taskQueue: TASK_QUEUES.webhooks,
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
});

/** Delivers the summary of a roster, by the policy that the event of a group has. */
export const { sendWebhook } = proxyActivities<Pick<OnboardingActivities, 'sendWebhook'>>(
  STEP_POLICIES['send-webhook'],
);
