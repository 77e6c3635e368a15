import type { ConflictPolicy } from '@scim-onboarding/onboarding-contract/workflow';
import type { FoundGroups, GroupRef } from './activities.ts';

/** What to do about groups that have the externalId or the name. */
export type ConflictDecision =
  /** None is there. */
  | { readonly kind: 'none' }
  | { readonly kind: 'adopt'; readonly group: GroupRef; readonly by: 'external-id' | 'name' | 'person' }
  | { readonly kind: 'name-held'; readonly holder: GroupRef }
  | { readonly kind: 'ambiguous'; readonly groups: readonly GroupRef[] }
  | { readonly kind: 'exists'; readonly group: GroupRef };

/**
 * Decides a conflict. The externalId goes before the name: one group with ours is ours, whatever its name is. A name makes a group
 * ours only under `adopt-by-name`, and only if it carries no externalId. A person's choice goes before all of it.
 *
 * @param chosen group id that a person chose to adopt
 */
export function decideConflict(
  found: Omit<FoundGroups, 'listedAll'>,
  policy: ConflictPolicy,
  chosen?: string,
): ConflictDecision {
  const { byExternalId, byName } = found;
  if (chosen !== undefined) {
    const known = [...byExternalId, ...byName].find((group) => group.groupId === chosen);
    return { kind: 'adopt', group: known ?? { groupId: chosen, displayName: '' }, by: 'person' };
  }
  const [first, second] = byExternalId;
  if (second !== undefined) return { kind: 'ambiguous', groups: byExternalId };
  if (first !== undefined)
    return policy === 'fail' ? { kind: 'exists', group: first } : { kind: 'adopt', group: first, by: 'external-id' };
  const [holder, ...others] = byName;
  if (holder === undefined) return { kind: 'none' };
  if (policy !== 'adopt-by-name') return { kind: 'name-held', holder };
  const owned = byName.find((group) => group.externalId !== undefined);
  if (owned !== undefined) return { kind: 'name-held', holder: owned };
  return others.length > 0 ? { kind: 'ambiguous', groups: byName } : { kind: 'adopt', group: holder, by: 'name' };
}
