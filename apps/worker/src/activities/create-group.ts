import { FAILURE_TYPES } from '@scim-onboarding/onboarding-contract/workflow';
import { isScimError, type GroupDefinition, type GroupResource } from '@scim-onboarding/scim-core';
import type { CreateAnswer, GroupTarget } from '@scim-onboarding/scim-core/client';
import type { CreatedGroup, OnboardingActivities } from '../workflows/activities.ts';
import { definitionOf } from './definition.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { groupRef } from './group-ref.ts';
import { runActivity, type ActivityRun } from './run-activity.ts';
import { targetItself, targetOf } from './target-of.ts';
import { requestDetails, typedFailure } from './to-failure.ts';

/**
 * Creates the group. A second POST is never blind: whatever ended the first attempt (time-out, reset, 5xx, a 429 after the work was
 * done, a dead worker), the group is looked for before.
 */
export function createGroup(deps: ActivityDependencies): OnboardingActivities['createGroup'] {
  return ({ ref, lookFirst }) =>
    runActivity(deps.metrics, async (run) => {
      const definition = await definitionOf(deps, ref);
      // No signal: a POST that is on its way is waited for also when the run is cancelled, so that its group is not lost.
      const again = lookFirst || mayHaveSent(run);
      // What may have happened since the snapshot was read only the target itself knows.
      const target = again ? await targetItself(deps, ref) : await targetOf(deps, ref);
      const earlier = again ? await earlierAttempt(definition, target) : undefined;
      if (earlier !== undefined) return { kind: 'created', group: groupRef(earlier), recovered: true, complete: false };
      run.progress(SENDING);
      try {
        return await post(definition, target, again);
      } catch (error) {
        if (isScimError(error) && !error.outcomeUnclear) run.progress(NOT_SENT);
        // Held back by our own pacer: it never left.
        if (isScimError(error, 'rate_limited') && error.facts.status === undefined) run.progress(NOT_SENT);
        throw error;
      }
    });
}

const SENDING = 'sending';
const NOT_SENT = 'not-sent';

/** True if an earlier attempt may have sent the request. A reset activity counts from 1 again, but keeps what it reported. */
function mayHaveSent({ attempt, lastProgress }: ActivityRun): boolean {
  return attempt > 1 ? lastProgress !== NOT_SENT : lastProgress === SENDING;
}

/**
 * The group that an earlier attempt of this activity made. Validation saw no group of this externalId or name a moment ago. Where the
 * create request carries no externalId, ours is the one of that name without externalId and without members.
 */
async function earlierAttempt(definition: GroupDefinition, target: GroupTarget): Promise<GroupResource | undefined> {
  const [group] = await target.findByExternalId(definition.externalId, definition.displayName);
  if (group !== undefined || target.capabilities.externalIdOnCreate) return group;
  const [named, ...others] = await target.findByDisplayName(definition.displayName);
  if (named === undefined || others.length > 0) return undefined;
  const whole = await target.get(named.id);
  return whole.externalId === undefined && (whole.memberIds ?? []).length === 0 ? whole : undefined;
}

async function post(definition: GroupDefinition, target: GroupTarget, afterUnclear: boolean): Promise<CreatedGroup> {
  try {
    const { group, complete } = await createInParts(definition, target);
    return { kind: 'created', group: groupRef(group), recovered: false, complete };
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

/**
 * A create request that is refused may have had too many members, or one that the target does not take: servers say 413 to it, or 400
 * without a reason. It had no effect, so the group is created without members then, and they follow in chunks.
 */
async function createInParts(definition: GroupDefinition, target: GroupTarget): Promise<CreateAnswer> {
  try {
    return await target.create(definition);
  } catch (error) {
    if (!isScimError(error, 'payload_too_large', 'request_refused') || definition.members.length === 0) throw error;
    try {
      const { group } = await target.create({ ...definition, members: [] });
      return { group, complete: false };
    } catch (second) {
      // It was not the members: the first words are the ones to show.
      throw isScimError(second, 'payload_too_large', 'request_refused') ? error : second;
    }
  }
}
