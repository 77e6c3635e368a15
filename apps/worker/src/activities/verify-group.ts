import { FAILURE_TYPES } from '@scim-onboarding/onboarding-contract/workflow';
import type { OnboardingActivities } from '../workflows/activities.ts';
import { definitionOf } from './definition.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { groupNotVisible } from './not-visible.ts';
import { compareReadBack } from './read-back.ts';
import { runActivity } from './run-activity.ts';
import { targetOf } from './target-of.ts';
import { typedFailure } from './to-failure.ts';

export function verifyGroup(deps: ActivityDependencies): OnboardingActivities['verifyGroup'] {
  return ({ ref, groupId }) =>
    runActivity(deps.metrics, async (run) => {
      const definition = await definitionOf(deps, ref);
      const { externalId } = definition;
      const target = await targetOf(deps, ref, run.signal);
      const group = await groupNotVisible(run, () => target.get(groupId));
      if (group.externalId !== externalId) {
        throw typedFailure(
          FAILURE_TYPES.verificationFailed,
          `Group ${groupId} was read back with the externalId ${JSON.stringify(group.externalId ?? null)} instead of ${JSON.stringify(externalId)}.`,
          'Look at the group in the target: without its externalId a later run cannot find it again.',
        );
      }
      return compareReadBack(definition, group, target);
    });
}
