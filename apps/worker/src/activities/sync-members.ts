import { FAILURE_TYPES, REMOVAL_LIMIT } from '@scim-onboarding/onboarding-contract/workflow';
import {
  isEmptyChange,
  isScimError,
  planChange,
  type GroupChange,
  type GroupDefinition,
  type GroupResource,
} from '@scim-onboarding/scim-core';
import * as z from 'zod';
import type { OnboardingActivities, SyncedMembers } from '../workflows/activities.ts';
import { applyInChunks } from './apply-in-chunks.ts';
import { definitionOf } from './definition.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { groupNotVisible } from './not-visible.ts';
import { runActivity, type ActivityRun } from './run-activity.ts';
import { targetOf } from './target-of.ts';
import { typedFailure } from './to-failure.ts';

/** How often a group that others change at the same time is read and planned again within one attempt. */
const STALE_ROUNDS = 5;

const progressSchema = z.object({ added: z.number(), removed: z.number(), relabelled: z.boolean() });

/**
 * Brings a group to its definition, in chunks that the target takes. Each attempt reads the group and plans from what it is, so a chunk
 * that an earlier attempt wrote is not written again.
 */
export function syncMembers(deps: ActivityDependencies): OnboardingActivities['syncMembers'] {
  return ({ ref, groupId, makeEqual, allowRemovals }) =>
    runActivity(deps.metrics, async (run) => {
      const definition = await definitionOf(deps, ref);
      const target = await targetOf(deps, ref, run.signal);
      let refused = 0;
      for (let round = 1; ; round++) {
        const group = await groupNotVisible(run, () => target.get(groupId));
        checkOwner(definition, group);
        const change = planChange(definition, group, { makeEqual });
        if (!allowRemovals) holdRemovals(change, group);
        const totals = remember(run, change);
        if (isEmptyChange(change)) return { ...totals, refused };
        try {
          refused = await applyInChunks(target, group, change);
          return { ...totals, added: totals.added - refused, refused };
        } catch (error) {
          // Somebody changed the group meanwhile: read it again, plan again.
          if (!isScimError(error, 'stale') || round >= STALE_ROUNDS) throw error;
        }
      }
    });
}

/** What the first attempt found to do is what the run does, also if later attempts find less of it undone. */
function remember(
  run: ActivityRun,
  { add = [], remove = [], displayName, externalId }: GroupChange,
): Omit<SyncedMembers, 'refused'> {
  const earlier = progressSchema.safeParse(run.lastProgress);
  const planned = {
    added: add.length,
    removed: remove.length,
    relabelled: displayName !== undefined || externalId !== undefined,
  };
  const totals = earlier.success ? earlier.data : planned;
  run.progress(totals);
  return totals;
}

function checkOwner({ externalId }: GroupDefinition, group: GroupResource): void {
  if (group.externalId === undefined || group.externalId === externalId) return;
  throw typedFailure(
    FAILURE_TYPES.groupHasOtherOwner,
    `Group ${group.id} carries the externalId ${JSON.stringify(group.externalId)}, not ${JSON.stringify(externalId)}. Nothing was written to it.`,
    'Choose another group, or remove the externalId from it in the target.',
  );
}

/** An empty or halved source is more often a mistake than a wish (a source that was half read). */
function holdRemovals({ remove = [] }: GroupChange, { id, memberIds = [] }: GroupResource): void {
  const empties = remove.length > 0 && remove.length === memberIds.length;
  const many = remove.length > REMOVAL_LIMIT.always && remove.length > memberIds.length * REMOVAL_LIMIT.share;
  if (!empties && !many) return;
  throw typedFailure(
    FAILURE_TYPES.removalsHeld,
    `The definition would remove ${remove.length} of ${memberIds.length} members of group ${id}. Nothing was written.`,
    'Check the source of the definition. If it is right, resolve the run with --retry --allow-removals, or start it with --allow-removals.',
  );
}
