import { FAILURE_TYPES } from '@scim-onboarding/onboarding-contract/workflow';
import type { OnboardingActivities } from '../workflows/activities.ts';
import { definitionOf } from './definition.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { groupNotVisible } from './not-visible.ts';
import { runActivity } from './run-activity.ts';
import { targetOf } from './target-of.ts';
import { typedFailure } from './to-failure.ts';

const MISSING_IDS_SHOWN = 100;

export function verifyGroup(deps: ActivityDependencies): OnboardingActivities['verifyGroup'] {
  return ({ ref, groupId }) =>
    runActivity(deps.metrics, async (run) => {
      const { externalId, members } = await definitionOf(deps, ref);
      const target = await targetOf(deps, ref, run.signal);
      const group = await groupNotVisible(run, () => target.get(groupId));
      if (group.externalId !== externalId) {
        throw typedFailure(
          FAILURE_TYPES.verificationFailed,
          `Group ${groupId} was read back with the externalId ${JSON.stringify(group.externalId ?? null)} instead of ${JSON.stringify(externalId)}.`,
          'Look at the group in the target: without its externalId a later run cannot find it again.',
        );
      }
      const present = new Set(group.memberIds);
      // A target that does not return members proves nothing about them.
      const missing = target.capabilities.returnsMembers
        ? members.map(({ id }) => id).filter((id) => !present.has(id))
        : [];
      return {
        displayName: group.displayName,
        missing: missing.length,
        missingIds: missing.slice(0, MISSING_IDS_SHOWN),
      };
    });
}
