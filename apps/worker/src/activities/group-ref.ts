import type { GroupResource } from '@scim-onboarding/scim-core';
import type { GroupRef } from '../workflows/activities.ts';

/** What a workflow keeps of a group: no members, so that histories stay small. */
export function groupRef(group: GroupResource): GroupRef {
  return {
    groupId: group.id,
    displayName: group.displayName,
    ...(group.externalId === undefined ? {} : { externalId: group.externalId }),
  };
}
