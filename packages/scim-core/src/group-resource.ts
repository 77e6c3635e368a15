import * as z from 'zod';

/** A group as the target has it, in one shape whatever the spelling of the keys was. */
export interface GroupResource {
  readonly id: string;
  readonly displayName: string;
  readonly externalId?: string;
  /** Ids of the members, each once; undefined if the target did not return members. */
  readonly memberIds?: readonly string[];
  /** `meta.version` as received, to be sent back in `If-Match` (RFC 7644 section 3.14). */
  readonly version?: string;
}

/** One page of a list answer (RFC 7644 section 3.4.2). */
export interface GroupPage {
  readonly groups: readonly GroupResource[];
  readonly totalResults: number;
}

/** Some servers write ids and versions as numbers. */
const text = z.union([z.string(), z.number()]).transform(String);

const resourceSchema = z.object({
  id: text.refine((id) => id !== ''),
  displayname: z.string(),
  externalid: text.nullish(),
  members: z.array(z.unknown()).nullish(),
  meta: z.unknown().optional(),
});

/** In a list one group without a name must not hide the others: it matches no name, that is all. */
const listedSchema = resourceSchema.extend({
  displayname: z
    .string()
    .nullish()
    .transform((name) => name ?? ''),
});

/**
 * Reads a SCIM group. Attribute names are compared without case (RFC 7643 section 2.1); where two spellings occur the canonical
 * one wins.
 *
 * @returns the group, or undefined if the value is not one
 */
export function readGroup(value: unknown): GroupResource | undefined {
  return readResource(value, resourceSchema);
}

function readResource(value: unknown, schema: typeof resourceSchema | typeof listedSchema): GroupResource | undefined {
  const parsed = schema.safeParse(lowerKeys(value, ['id', 'displayName', 'externalId', 'members', 'meta']));
  if (!parsed.success) return undefined;
  const { id, displayname, externalid, members, meta } = parsed.data;
  const version = text.safeParse(lowerKeys(meta, ['version'])['version']).data;
  return {
    id,
    displayName: displayname,
    ...(externalid == null || externalid === '' ? {} : { externalId: externalid }),
    ...(members == null ? {} : { memberIds: [...new Set(members.flatMap(memberId))] }),
    ...(version === undefined || version === '' ? {} : { version }),
  };
}

/** Reads a ListResponse of groups; undefined if the value is not one. `totalResults` may be a number or a string of digits. */
export function readGroupPage(value: unknown): GroupPage | undefined {
  const page = lowerKeys(value, ['Resources', 'totalResults']);
  const total = z.coerce.number().int().nonnegative().safeParse(page['totalresults']);
  if (page['totalresults'] == null || !total.success) return undefined;
  // RFC 7644 section 3.4.2: Resources may be absent when there is nothing to return.
  const resources = page['resources'] ?? [];
  if (!Array.isArray(resources)) return undefined;
  const groups = resources.map((resource) => readResource(resource, listedSchema));
  return groups.every((group) => group !== undefined) ? { groups, totalResults: total.data } : undefined;
}

function memberId(member: unknown): string[] {
  const value = text.safeParse(lowerKeys(member, ['value'])['value']).data;
  return value === undefined || value === '' ? [] : [value];
}

function lowerKeys(value: unknown, canonical: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const entries = Object.entries(value);
  const result: Record<string, unknown> = {};
  for (const [key, entry] of entries) result[key.toLowerCase()] ??= entry;
  for (const [key, entry] of entries) if (canonical.includes(key)) result[key.toLowerCase()] = entry;
  return result;
}
