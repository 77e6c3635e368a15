import { FAILURE_TYPES } from '@scim-onboarding/onboarding-contract/workflow';
import { isScimError, type GroupDefinition, type GroupResource } from '@scim-onboarding/scim-core';
import type { CreateAnswer, GroupTarget } from '@scim-onboarding/scim-core/client';
import type { CreatedGroup, DefinitionRef, OnboardingActivities } from '../workflows/activities.ts';
import { definitionOf } from './definition.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { groupRef } from './group-ref.ts';
import { compareReadBack } from './read-back.ts';
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
      try {
        const created = await post(definition, target, again);
        return created.kind === 'created' && created.complete
          ? await withReadBack(deps, ref, run, definition, created)
          : created;
      } catch (error) {
        if (wasNotSent(error)) run.progress(notSent(run.attempt));
        throw error;
      }
    });
}

/** True if the request had no effect for sure: the target says so, or our own pacer held it back. */
function wasNotSent(error: unknown): boolean {
  if (!isScimError(error)) return false;
  return !error.outcomeUnclear || (error.code === 'rate_limited' && error.facts.status === undefined);
}

const notSent = (attempt: number): string => `attempt ${attempt} had no effect`;

/**
 * True if an earlier attempt may have sent the request. Silence counts as "it may": only the attempt right before this one can say for
 * all that it did not. (One that died in between, or was reset, said nothing.)
 */
function mayHaveSent({ attempt, earlierAttempts, lastProgress }: ActivityRun): boolean {
  return earlierAttempts && lastProgress !== notSent(attempt - 1);
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

/**
 * A group that was created whole is read back at once, which saves the run a step. Whatever is in the way of that (the group is not
 * visible yet, the run was cancelled) is left to `verify-group`, which waits and tries again.
 */
async function withReadBack(
  deps: ActivityDependencies,
  ref: DefinitionRef,
  { signal }: ActivityRun,
  definition: GroupDefinition,
  created: CreatedGroup & { kind: 'created' },
): Promise<CreatedGroup> {
  try {
    const target = await targetOf(deps, ref, signal);
    const group = await target.get(created.group.groupId);
    if (group.externalId !== definition.externalId) return created;
    return { ...created, verified: compareReadBack(definition, group, target) };
  } catch {
    return created;
  }
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
