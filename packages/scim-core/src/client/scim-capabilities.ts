import type { ServiceProviderConfig } from './discovery.ts';
import type { ScimProfile } from './profiles.ts';
import type { TargetCapabilities } from './target.ts';

/** What a SCIM server can do, and how it is written to. */
export interface ScimAbilities {
  readonly capabilities: TargetCapabilities;
  readonly filters: boolean;
  /** False: changes are made by PUT of the whole group. */
  readonly patches: boolean;
}

/**
 * What the profile fixes, and what the server says of itself where the profile leaves it open. Limits of the server make those of the
 * profile smaller, never larger: `bulk.maxOperations` and `filter.maxResults` say nothing of members of one group.
 */
export function scimAbilities(
  profile: ScimProfile,
  config: ServiceProviderConfig,
  groupsUrlForPeople = '<SCIM base>/Groups',
): ScimAbilities {
  const filters = profile.filters ?? config.filter ?? true;
  return {
    filters,
    patches: profile.patches ?? config.patch ?? true,
    capabilities: {
      name: 'scim',
      createdBy: `POST ${groupsUrlForPeople}`,
      findsByExternalId: filters,
      findsByPrefix: filters && profile.filtersByPrefix,
      membersPerRequest: atMost(profile.membersPerRequest, config.maxOperations),
      membersOnCreate: profile.membersOnCreate,
      externalIdOnCreate: true,
      returnsMembers: profile.returnsMembers,
      checksVersion: profile.checksVersion ?? config.etag ?? false,
      deletes: profile.deletes,
      pageSize: atMost(profile.pageSize, config.maxResults),
      ...(profile.nameRule === undefined ? {} : { nameRule: profile.nameRule }),
      extensions: profile.extensions,
    },
  };
}

/** 0 is what servers say that have not set a limit. */
function atMost(own: number, told: number | undefined): number {
  return told === undefined || told === 0 ? own : Math.min(own, told);
}
