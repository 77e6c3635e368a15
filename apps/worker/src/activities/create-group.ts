import { FAILURE_TYPES } from '@scim-onboarding/onboarding-contract/workflow';
import { groupPayload, isScimError, type GroupDefinition } from '@scim-onboarding/scim-core';
import type { GroupTarget } from '@scim-onboarding/scim-core/client';
import type { CreatedGroup, OnboardingActivities } from '../workflows/activities.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { groupRef } from './group-ref.ts';
import { runActivity } from './run-activity.ts';
import { requestDetails, typedFailure } from './to-failure.ts';

/**
 * Creates the group. A second POST is never blind: whatever ended the first attempt (time-out, reset, 5xx, a 429 after the work was
 * done, a dead worker), the group is looked for before.
 */
export function createGroup(deps: ActivityDependencies): OnboardingActivities['createGroup'] {
  return (definition) =>
    runActivity(async ({ attempt }) => {
      // No signal: a POST that is on its way is waited for also when the run is cancelled, so that its group is not lost.
      const target = deps.target.target();
      if (attempt > 1) {
        const [group] = await target.findByExternalId(definition.externalId);
        if (group !== undefined) return { kind: 'created', group: groupRef(group), recovered: true };
      }
      return post(definition, target, attempt > 1);
    });
}

async function post(definition: GroupDefinition, target: GroupTarget, afterUnclear: boolean): Promise<CreatedGroup> {
  try {
    const group = await target.create(groupPayload(definition, target.usersUrl));
    return { kind: 'created', group: groupRef(group), recovered: false };
  } catch (error) {
    if (!isScimError(error)) throw error;
    if (error.code === 'conflict') return { kind: 'conflict', afterUnclear };
    if (!error.outcomeUnclear || error.code === 'rate_limited') throw error;
    throw typedFailure(
      FAILURE_TYPES.outcomeUnknown,
      `The group may have been created or not. The next attempt looks for it before it sends anything. ${error.message}`,
      error.hint,
      { retryable: true, retryAfterMs: error.facts.retryAfterMs, details: requestDetails(error) },
    );
  }
}
