import { ApplicationFailure } from '@temporalio/common';
import { FAILURE_TYPES } from '@scim-onboarding/onboarding-contract/workflow';
import type { OnboardingActivities } from '../workflows/activities.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { runActivity } from './run-activity.ts';
import { typedFailure } from './to-failure.ts';

export function sendWebhook(deps: ActivityDependencies): OnboardingActivities['sendWebhook'] {
  return ({ id, event }) =>
    runActivity(deps.metrics, async ({ attempt, signal }) => {
      if (deps.webhook === undefined) {
        throw ApplicationFailure.create({
          type: FAILURE_TYPES.webhookUnavailable,
          message:
            'This worker has no HRIS_WEBHOOK_URL, but the run began on one that has. Set it on every worker; the delivery is tried again.',
        });
      }
      const delivery = await deps.webhook.sender.send(id, event, signal);
      deps.metrics.webhookAttempt(delivery.ok ? 'delivered' : delivery.final ? 'refused' : 'failed');
      if (delivery.ok) return { attempts: attempt };
      throw typedFailure(
        delivery.final ? FAILURE_TYPES.webhookRefused : FAILURE_TYPES.webhookUnavailable,
        delivery.message,
        delivery.hint,
        {
          retryable: !delivery.final,
          retryAfterMs: delivery.retryAfterMs,
          details: {
            attempts: attempt,
            request: delivery.request,
            ...(delivery.status === undefined ? {} : { status: delivery.status }),
          },
        },
      );
    });
}
