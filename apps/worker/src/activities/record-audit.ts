import { FAILURE_TYPES } from '@scim-onboarding/onboarding-contract/workflow';
import type { OnboardingActivities } from '../workflows/activities.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { runActivity } from './run-activity.ts';
import { typedFailure } from './to-failure.ts';

export function recordAudit(deps: ActivityDependencies): OnboardingActivities['recordAudit'] {
  return (record) =>
    runActivity(deps.metrics, async () => {
      try {
        const written = await deps.audit.append({ v: 1, ...record });
        if (written === 'appended') deps.metrics.onboarding(record);
      } catch (error) {
        throw typedFailure(
          FAILURE_TYPES.auditUnavailable,
          `The audit record could not be written: ${error instanceof Error ? error.message : String(error)}. It is tried again until it can.`,
          'Check that AUDIT_LOG_FILE can be written and that its disk has room.',
          { retryable: true },
        );
      }
    });
}
