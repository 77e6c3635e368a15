import { isScimError } from '@scim-onboarding/scim-core';
import type { OnboardingActivities } from '../workflows/activities.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { runActivity } from './run-activity.ts';

/** Takes back what a run created, when a person aborts it and asks for that. */
export function deleteGroup(deps: ActivityDependencies): OnboardingActivities['deleteGroup'] {
  return ({ groupId }) =>
    runActivity(deps.metrics, async () => {
      const target = await deps.target.target();
      try {
        await target.delete(groupId);
      } catch (error) {
        if (!isScimError(error, 'not_found')) throw error;
      }
    });
}
