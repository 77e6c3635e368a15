/** Names that SCIM_PROFILE takes. */
export const SCIM_PROFILE_NAMES = ['genesys-scim', 'generic', 'aws-identity-center'] as const;

export type ScimProfileName = (typeof SCIM_PROFILE_NAMES)[number];

/**
 * How the existence of members is checked.
 *
 * - `genesys-users`: `GET /api/v2/users?id=…&id=…`
 * - `scim-users`: `GET /Users?filter=id eq "…" or …`, one by one where the server does not take `or`
 * - `scim-users-by-id`: `GET /Users/{id}` each
 * - `none`: not at all
 */
export type MemberCheck = 'genesys-users' | 'scim-users' | 'scim-users-by-id' | 'none';

/** What is known of a kind of SCIM server before it is asked. What a profile fixes, discovery does not change. */
export interface ScimProfile {
  readonly name: ScimProfileName;
  readonly title: string;
  /** Ask `/ServiceProviderConfig` for what the profile leaves open. */
  readonly discovers: boolean;
  /** Filters on groups work at all; undefined: as discovered, else yes. */
  readonly filters?: boolean;
  readonly filtersByPrefix: boolean;
  readonly membersPerRequest: number;
  readonly membersOnCreate: number;
  readonly returnsMembers: boolean;
  /** PATCH works; undefined: as discovered, else yes. */
  readonly patches?: boolean;
  /** `If-Match` is checked; undefined: as discovered, else no. */
  readonly checksVersion?: boolean;
  readonly deletes: boolean;
  readonly pageSize: number;
  readonly nameRule?: string;
  readonly extensions: 'all' | readonly string[];
  readonly memberCheck: MemberCheck;
  /** `path`: `members[value eq "id"]`, right by RFC 7644. `value`: servers that do not know it; strict ones remove everybody then. */
  readonly removeBy: 'path' | 'value';
  /** Where its limits are published. */
  readonly source: string;
}

/** The built-in profiles. Limits are in here only where the vendor publishes them; the others say where they come from. */
export const SCIM_PROFILES: Readonly<Record<ScimProfileName, ScimProfile>> = {
  'genesys-scim': {
    name: 'genesys-scim',
    title: 'SCIM groups with POST',
    discovers: false,
    filters: true,
    filtersByPrefix: true,
    membersPerRequest: 500,
    membersOnCreate: 500,
    returnsMembers: true,
    patches: true,
    checksVersion: false,
    deletes: true,
    pageSize: 100,
    extensions: 'all',
    memberCheck: 'genesys-users',
    removeBy: 'path',
    source: 'the contract that this system was first written for; 500 is its limit for members of a group',
  },
  generic: {
    name: 'generic',
    title: 'SCIM 2.0 server',
    discovers: true,
    filtersByPrefix: true,
    // RFC 7644 has no limit for members; 100 is the lowest that a vendor publishes (AWS).
    membersPerRequest: 100,
    membersOnCreate: 100,
    returnsMembers: true,
    deletes: true,
    pageSize: 100,
    extensions: 'all',
    memberCheck: 'scim-users',
    removeBy: 'path',
    source: 'RFC 7643, RFC 7644 and `/ServiceProviderConfig` of the server',
  },
  'aws-identity-center': {
    name: 'aws-identity-center',
    title: 'AWS IAM Identity Center',
    discovers: false,
    filters: true,
    filtersByPrefix: false,
    membersPerRequest: 100,
    membersOnCreate: 100,
    returnsMembers: false,
    patches: true,
    checksVersion: false,
    deletes: true,
    pageSize: 50,
    extensions: [],
    memberCheck: 'scim-users-by-id',
    removeBy: 'path',
    source:
      'AWS SCIM implementation guide: 100 members per request, filters with `eq` and `and`, members not returned, 50 groups a page, no PUT',
  },
};
