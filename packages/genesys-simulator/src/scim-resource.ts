import { z } from 'zod';
import type { Directory, DirectoryGroup, GroupFields } from './directory.ts';
import { memberSchema } from './scim-patch.ts';
import { GROUP_URN, withoutGroupUrn } from './urns.ts';

/** Body of POST and PUT. Attributes that a group does not have are ignored (RFC 7644 section 3.3). */
export const groupBodySchema = z.looseObject({
  schemas: z.array(z.string()).refine((urns) => urns.some((urn) => urn.toLowerCase() === GROUP_URN.toLowerCase()), {
    message: `must contain ${GROUP_URN}`,
  }),
  displayName: z.string().refine((name) => name.trim() !== '', { message: 'must not be empty' }),
  externalId: z.string().nullish(),
  members: z.array(memberSchema).nullish(),
});

/** What a parsed body sets. Extensions are kept as they came. */
export function toGroupFields(body: z.output<typeof groupBodySchema>): GroupFields {
  return {
    displayName: body.displayName,
    // RFC 7643 section 2.5: null, empty and absent are the same.
    externalId: body.externalId === null || body.externalId === '' ? undefined : body.externalId,
    members: (body.members ?? []).map((member) => member.value),
    extensions: Object.fromEntries(Object.entries(body).filter(([name]) => name.toLowerCase().startsWith('urn:'))),
  };
}

/** ETag of a group, also its `meta.version` (RFC 7644 section 3.14). */
export function etagOf(group: DirectoryGroup): string {
  return `W/"${group.version}"`;
}

/** Where a SCIM service is, as its caller sees it. */
export interface ScimPlace {
  /** Scheme and host. */
  readonly origin: string;
  readonly basePath: string;
}

export function groupLocation(place: ScimPlace, id: string): string {
  return `${place.origin}${place.basePath}/groups/${encodeURIComponent(id)}`;
}

/** The SCIM form of a group (RFC 7643 section 4.2). */
export function toGroupResource(group: DirectoryGroup, directory: Directory, place: ScimPlace): ScimGroupResource {
  return {
    schemas: [GROUP_URN, ...Object.keys(group.extensions)],
    id: group.id,
    displayName: group.displayName,
    ...(group.externalId === undefined ? {} : { externalId: group.externalId }),
    members: group.members.map((id) => toMember(id, directory, place)),
    ...group.extensions,
    meta: {
      resourceType: 'Group',
      created: group.created.toISOString(),
      lastModified: group.lastModified.toISOString(),
      location: groupLocation(place, group.id),
      version: etagOf(group),
    },
  };
}

export type ScimGroupResource = Record<string, unknown> & { schemas: string[]; id: string };

function toMember(id: string, directory: Directory, place: ScimPlace): Record<string, string> {
  const user = directory.user(id);
  if (user !== undefined) {
    const ref = `${place.origin}/api/v2/users/${encodeURIComponent(id)}`;
    return { value: id, $ref: ref, display: user.name, type: 'User' };
  }
  const display = directory.group(id)?.displayName ?? id;
  return { value: id, $ref: groupLocation(place, id), display, type: 'Group' };
}

/**
 * Keeps the attributes that were asked for (RFC 7644 section 3.9). Those of `always` are always there.
 * Names may have the core URN in front and a sub-attribute behind, in any case.
 */
export function projectResource(
  resource: ScimGroupResource,
  attributes: readonly string[],
  excludedAttributes: readonly string[],
  always: readonly string[] = ['id', 'schemas'],
): Record<string, unknown> {
  const wanted = attributes.map(splitName);
  const excluded = excludedAttributes.map(splitName);
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(resource)) {
    if (always.includes(name)) {
      result[name] = value;
      continue;
    }
    const asked = wanted.filter((path) => path.name === name.toLowerCase());
    if (wanted.length > 0 && asked.length === 0) continue;
    const without = excluded.filter((path) => path.name === name.toLowerCase());
    if (without.some((path) => path.sub === undefined)) continue;
    const keep = asked.some((path) => path.sub === undefined) ? [] : asked.map((path) => path.sub);
    const drop = without.map((path) => path.sub);
    result[name] = keepSubAttributes(value, (sub) => (keep.length === 0 || keep.includes(sub)) && !drop.includes(sub));
  }
  return result;
}

function splitName(text: string): { name: string; sub: string | undefined } {
  const lower = withoutGroupUrn(text.trim()).toLowerCase();
  // An extension URN holds dots of its own ("2.0"), so it is taken whole.
  if (lower.startsWith('urn:')) return { name: lower, sub: undefined };
  const dot = lower.indexOf('.');
  return dot === -1 ? { name: lower, sub: undefined } : { name: lower.slice(0, dot), sub: lower.slice(dot + 1) };
}

function keepSubAttributes(value: unknown, keep: (lowerName: string) => boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => keepSubAttributes(item, keep));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => keep(name.toLowerCase())));
}
