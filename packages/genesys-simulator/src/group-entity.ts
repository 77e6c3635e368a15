import { z } from 'zod';
import type { Directory, DirectoryGroup, GroupSettings } from './directory.ts';
import { toUserEntity } from './user-entity.ts';

const name = z
  .string()
  .max(4096)
  .refine((text) => text.trim() !== '', { message: 'must not be empty' });

// An empty owner list cannot be sent to Genesys; clients send a list with one blank instead.
const ownerIds = z
  .array(z.string().max(256))
  .max(1000)
  .transform((ids) => ids.filter((id) => id.trim() !== ''));

const flags = {
  rolesEnabled: z.boolean().optional(),
  includeOwners: z.boolean().optional(),
  callsEnabled: z.boolean().optional(),
  ownerIds: ownerIds.optional(),
};

/** Body of `POST /api/v2/groups`. Addresses and images are not kept. */
export const groupCreateSchema = z.looseObject({
  ...flags,
  name,
  type: z.enum(['official', 'social']),
  visibility: z.enum(['public', 'owners', 'members']),
  rulesVisible: z.boolean(),
});

/** Body of `PUT /api/v2/groups/{id}`. Only `version` is required; what is absent stays as it is. */
export const groupUpdateSchema = z.looseObject({
  ...flags,
  version: z.number().int(),
  name: name.optional(),
  description: z.string().max(4096).optional(),
  // The contract spells the value "owners" as "ownerIds" here and nowhere else.
  visibility: z
    .enum(['public', 'owners', 'ownerIds', 'members'])
    .transform((value) => (value === 'ownerIds' ? 'owners' : value))
    .optional(),
  rulesVisible: z.boolean().optional(),
  state: z.literal('active', { error: 'only active groups are simulated; use DELETE to remove a group' }).optional(),
});

const SETTINGS = [
  'type',
  'visibility',
  'rulesVisible',
  'rolesEnabled',
  'includeOwners',
  'callsEnabled',
  'ownerIds',
] as const satisfies readonly (keyof GroupSettings)[];

/** Settings of a new group. A description in the POST is lost: a bug that Genesys has and its clients know. */
export function settingsOfCreate(body: z.output<typeof groupCreateSchema>): GroupSettings {
  return pick(body, SETTINGS);
}

/** Settings that a PUT changes. */
export function settingsOfUpdate(body: z.output<typeof groupUpdateSchema>): GroupSettings {
  // The type of a group is fixed when it is created.
  return pick(
    body,
    ['description', ...SETTINGS].filter((key) => key !== 'type'),
  );
}

function pick(body: Record<string, unknown>, keys: readonly string[]): GroupSettings {
  return Object.fromEntries(keys.filter((key) => body[key] !== undefined).map((key) => [key, body[key]]));
}

/**
 * The form of a group in Genesys' Groups API. A group that was made over SCIM is official and public with visible
 * rules: what SCIM POST made while Genesys published it.
 */
export function toGroupEntity(group: DirectoryGroup, directory: Directory): Record<string, unknown> {
  const { settings } = group;
  const owners = (settings.ownerIds ?? []).map((id) => directory.user(id)).filter((user) => user !== undefined);
  return {
    id: group.id,
    name: group.displayName,
    ...(settings.description === undefined ? {} : { description: settings.description }),
    dateModified: group.lastModified.toISOString(),
    memberCount: group.members.length,
    state: 'active',
    version: group.version,
    type: settings.type ?? 'official',
    rulesVisible: settings.rulesVisible ?? true,
    visibility: settings.visibility ?? 'public',
    rolesEnabled: settings.rolesEnabled ?? true,
    includeOwners: settings.includeOwners ?? false,
    callsEnabled: settings.callsEnabled ?? false,
    ...(owners.length === 0 ? {} : { owners: owners.map(toUserEntity) }),
    selfUri: `/api/v2/groups/${encodeURIComponent(group.id)}`,
  };
}
