import { dropDuplicates, type GroupDefinition } from './group-definition.ts';
import { GROUP_SCHEMA } from './urns.ts';

/** A member reference as it is sent (RFC 7643 section 4.2; `display` is RFC 7643 section 2.4). */
export interface MemberReference {
  readonly value: string;
  readonly $ref: string;
  readonly display?: string;
}

/** The body of `POST /groups`. Extension data stands beside it under its URN (RFC 7643 section 3.3). */
export interface GroupPayload {
  readonly schemas: readonly string[];
  readonly displayName: string;
  readonly externalId: string;
  readonly members: readonly MemberReference[];
  readonly meta: { readonly resourceType: 'Group' };
  readonly [extensionUrn: `urn:${string}`]: Readonly<Record<string, unknown>>;
}

/**
 * Builds the SCIM payload of a definition.
 *
 * @param definition a parsed definition; duplicated members are dropped
 * @param usersUrl absolute URL of the users collection; `$ref` of a member is this plus its id (RFC 7643 section 2.4)
 */
export function groupPayload(definition: GroupDefinition, usersUrl: string): GroupPayload {
  const extensions = Object.entries(definition.extensions ?? {}).filter(([, data]) => Object.keys(data).length > 0);
  return {
    schemas: [GROUP_SCHEMA, ...extensions.map(([urn]) => urn)],
    displayName: definition.displayName,
    externalId: definition.externalId,
    members: dropDuplicates(definition.members).members.map((member) => ({
      value: member.id,
      $ref: `${usersUrl.replace(/\/+$/u, '')}/${encodeURIComponent(member.id)}`,
      ...(member.email === undefined ? {} : { display: member.email }),
    })),
    meta: { resourceType: 'Group' },
    ...Object.fromEntries(extensions),
  };
}
