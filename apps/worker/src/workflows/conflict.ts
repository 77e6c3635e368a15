import type { FoundGroups, GroupRef } from './activities.ts';

/** What to do when the target says that the group exists. */
export type ConflictDecision =
  | { readonly kind: 'adopt'; readonly group: GroupRef }
  | { readonly kind: 'name-held'; readonly holder: GroupRef }
  | { readonly kind: 'ambiguous'; readonly groups: readonly GroupRef[] }
  | { readonly kind: 'nothing-found' };

/**
 * Decides a conflict. The externalId goes before the name: one group with ours is ours, whatever its name is. A name alone never makes
 * a group ours.
 */
export function decideConflict(found: FoundGroups): ConflictDecision {
  const [first, second] = found.byExternalId;
  if (first !== undefined)
    return second === undefined ? { kind: 'adopt', group: first } : { kind: 'ambiguous', groups: found.byExternalId };
  const [holder] = found.byName;
  return holder === undefined ? { kind: 'nothing-found' } : { kind: 'name-held', holder };
}
