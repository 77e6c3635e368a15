import type { GroupDefinition, GroupResource } from '@scim-onboarding/scim-core';
import type { GroupTarget } from '@scim-onboarding/scim-core/client';
import type { VerifiedGroup } from '../workflows/activities.ts';

const MISSING_IDS_SHOWN = 100;

/** Compares a group, as the target shows it, with what was asked for. */
export function compareReadBack(
  { members }: GroupDefinition,
  group: GroupResource,
  { capabilities }: GroupTarget,
): VerifiedGroup {
  const present = new Set(group.memberIds);
  // A target that does not return members proves nothing about them.
  const missing = capabilities.returnsMembers ? members.map(({ id }) => id).filter((id) => !present.has(id)) : [];
  return { displayName: group.displayName, missing: missing.length, missingIds: missing.slice(0, MISSING_IDS_SHOWN) };
}
