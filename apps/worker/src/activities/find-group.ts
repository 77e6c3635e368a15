import type { GroupResource } from '@scim-onboarding/scim-core';
import { sameName } from '@scim-onboarding/scim-core/client';
import { FAILURE_TYPES } from '@scim-onboarding/onboarding-contract/workflow';
import type { FoundGroups, OnboardingActivities } from '../workflows/activities.ts';
import { definitionOf } from './definition.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { groupRef } from './group-ref.ts';
import { runActivity } from './run-activity.ts';
import { targetItself } from './target-of.ts';
import { typedFailure } from './to-failure.ts';

/** A group that another client made a moment ago may not be in look-ups yet; after this many attempts there is none. */
const LOOK_UPS = 4;

export function findGroup(deps: ActivityDependencies): OnboardingActivities['findGroup'] {
  return (ref) =>
    runActivity(deps.metrics, async ({ attempt, signal }) => {
      const { externalId, displayName } = await definitionOf(deps, ref);
      const target = await targetItself(deps, ref, signal);
      const byExternalId = await target.findByExternalId(externalId, displayName);
      if (byExternalId.length > 0) return found(byExternalId, [], false);
      const byName = await target.findByDisplayName(displayName);
      if (byName.length > 0) return split(byName, externalId, false);
      const all: GroupResource[] = [];
      for await (const group of target.list()) {
        if (group.externalId === externalId || sameName(group.displayName, displayName)) all.push(group);
      }
      if (all.length > 0 || attempt >= LOOK_UPS) return split(all, externalId, true);
      throw typedFailure(
        FAILURE_TYPES.conflictWithoutGroup,
        `The target says that the group exists, but neither look-ups nor the full list show ${JSON.stringify(displayName)} or externalId ${JSON.stringify(externalId)}; look-up ${attempt} of ${LOOK_UPS}.`,
        'Wait: the target may need a moment to show it.',
        { retryable: true },
      );
    });
}

/** A group found by name may carry our externalId, where the target cannot filter by it. */
function split(groups: readonly GroupResource[], externalId: string, listedAll: boolean): FoundGroups {
  const ours = groups.filter((group) => group.externalId === externalId);
  return found(
    ours,
    groups.filter((group) => group.externalId !== externalId),
    listedAll,
  );
}

function found(
  byExternalId: readonly GroupResource[],
  byName: readonly GroupResource[],
  listedAll: boolean,
): FoundGroups {
  return { byExternalId: byExternalId.map(groupRef), byName: byName.map(groupRef), listedAll };
}
