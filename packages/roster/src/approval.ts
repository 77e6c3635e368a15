import type { ConflictPolicy } from '@scim-onboarding/onboarding-contract/workflow';
import { digestOf } from './digest.ts';
import { actionOf } from './plan-group.ts';
import type { PlannedGroup } from './planned-group.ts';

/**
 * Digest of all that a plan removes or holds. A person approves this and nothing else: if one more member is to be removed, or a group
 * changed in the target, the digest is another one.
 */
export function approvalDigest({ groups }: { readonly groups: readonly PlannedGroup[] }): string {
  const removals = groups
    .filter(({ action, remove }) => action === 'held' || (action !== 'conflict' && remove.length > 0))
    .map(({ externalId, groupId, remove, hold, stateDigest, definitionDigest }) => ({
      externalId,
      groupId,
      remove,
      hold,
      stateDigest,
      definitionDigest,
    }))
    .sort((a, b) => (a.externalId < b.externalId ? -1 : 1));
  return digestOf(removals);
}

/**
 * Releases the groups that are held, if the approval is the plan's own. Groups held for an incomplete source stay held.
 *
 * @throws Error if the approval is for other removals
 */
export function releaseHeld(
  plan: { readonly groups: readonly PlannedGroup[]; readonly options: { readonly policy: ConflictPolicy } },
  approval: string,
): PlannedGroup[] {
  const expected = approvalDigest(plan);
  if (approval !== expected) {
    throw new Error(
      `The approval ${approval.slice(0, 12)}… is for other removals than those of this plan (${expected.slice(0, 12)}…). Look at the plan again and approve that`,
    );
  }
  return plan.groups.map((group) => {
    if (group.action !== 'held' || group.hold === 'incomplete-source') return group;
    const { hold: _hold, reason: _reason, ...rest } = group;
    return { ...rest, action: actionOf(group, plan.options.policy) };
  });
}
