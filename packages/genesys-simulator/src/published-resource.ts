import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Directory, DirectoryGroup, GroupFields } from './directory.ts';
import { applyPatch, countMemberValues, memberSchema, PatchError, type PatchOperation } from './scim-patch.ts';
import { groupLocation, type ScimGroupResource, type ScimPlace } from './scim-resource.ts';
import { GROUP_URN, withoutGroupUrn } from './urns.ts';

/** Body of PUT. `schemas` is read-only in Genesys' model, so it is not required. Other attributes are ignored. */
export const publishedBodySchema = z.looseObject({
  displayName: z.string().max(4096),
  externalId: z.string().max(4096).nullish(),
  members: z.array(memberSchema).nullish(),
});

/** ETag of a group: a strong one, the version in double quotes. Also its `meta.version`. */
export function publishedEtag(group: DirectoryGroup): string {
  return `"${group.version}"`;
}

/** The form of a group in Genesys' published SCIM API: no extensions, no `meta.created`, no `display` of a member. */
export function toPublishedResource(group: DirectoryGroup, directory: Directory, place: ScimPlace): ScimGroupResource {
  return {
    schemas: [GROUP_URN],
    id: group.id,
    displayName: group.displayName,
    ...(group.externalId === undefined ? {} : { externalId: group.externalId }),
    members: group.members.map((id) => toMember(id, directory, place)),
    meta: {
      resourceType: 'Group',
      lastModified: group.lastModified.toISOString(),
      location: groupLocation(place, group.id),
      version: publishedEtag(group),
    },
  };
}

function toMember(id: string, directory: Directory, place: ScimPlace): Record<string, string> {
  const isGroup = directory.user(id) === undefined;
  const resource = isGroup ? 'groups' : 'users';
  const $ref = `${place.origin}${place.basePath}/${resource}/${encodeURIComponent(id)}`;
  return { type: isGroup ? 'Group' : 'User', value: id, $ref };
}

/**
 * What a PUT makes of a group. The name is required in the body and cannot change.
 * @throws PatchError `mutability` for another name
 */
export function replaceByPut(group: DirectoryGroup, body: z.output<typeof publishedBodySchema>): GroupFields {
  requireSameName(group, body.displayName);
  return {
    displayName: group.displayName,
    // RFC 7643 section 2.5: null, empty and absent are the same.
    externalId: body.externalId === null || body.externalId === '' ? undefined : body.externalId,
    members: (body.members ?? []).map((member) => member.value),
    extensions: group.extensions,
  };
}

/**
 * What a PATCH makes of a group: `externalId` and `members` can change.
 * @throws PatchError `mutability` for another name, `invalidPath` for an extension, and those of `applyPatch`
 */
export function replaceByPatch(group: DirectoryGroup, operations: readonly PatchOperation[]): GroupFields {
  const next = applyPatch(group, operations);
  requireSameName(group, next.displayName);
  if (!isDeepStrictEqual(next.extensions, group.extensions)) {
    throw new PatchError('invalidPath', 'a group has no extensions here');
  }
  return next;
}

function requireSameName(group: DirectoryGroup, displayName: string): void {
  if (displayName === group.displayName) return;
  const [now, next] = [JSON.stringify(group.displayName), JSON.stringify(displayName)];
  throw new PatchError('mutability', `displayName is read-only: it is ${now} and cannot become ${next}`);
}

/** How many members a PATCH names, counting a path with a member filter as one. */
export function countPatchedMembers(operations: readonly PatchOperation[]): number {
  const byFilter = operations.filter(({ path }) => /^members\[/i.test(withoutGroupUrn(path ?? '')));
  return countMemberValues(operations) + byFilter.length;
}
