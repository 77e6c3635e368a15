import { z } from 'zod';
import { describeIssues } from './errors.ts';

/** A user of the simulated organization. */
export interface SeedUser {
  id: string;
  name: string;
  email: string;
}

/** A group of the simulated organization. Without `id` it gets a random one. Members are ids of users or groups. */
export interface SeedGroup {
  id?: string | undefined;
  displayName: string;
  externalId?: string | undefined;
  members?: string[] | undefined;
  /** Shown by Genesys' Groups API only, like `type` and `visibility`. */
  description?: string | undefined;
  type?: 'official' | 'social' | undefined;
  visibility?: 'public' | 'owners' | 'members' | undefined;
  /** Extension objects by schema URN. */
  extensions?: Record<string, unknown> | undefined;
}

/** What the organization holds at the start. */
export interface Seed {
  users?: SeedUser[] | undefined;
  groups?: SeedGroup[] | undefined;
}

const id = z.string().min(1).max(256);
const text = z.string().min(1).max(4096);

const userSchema = z.strictObject({ id, name: text, email: text });

const groupSchema = z.strictObject({
  id: id.optional(),
  displayName: text,
  externalId: text.optional(),
  members: z.array(id).max(1_000_000).optional(),
  description: text.optional(),
  type: z.enum(['official', 'social']).optional(),
  visibility: z.enum(['public', 'owners', 'members']).optional(),
  extensions: z.record(z.string().startsWith('urn:').max(512), z.unknown()).optional(),
});

const seedSchema = z.strictObject({
  users: z.array(userSchema).max(1_000_000).optional(),
  groups: z.array(groupSchema).max(1_000_000).optional(),
});

/**
 * Checks a seed that comes from outside.
 * @throws TypeError naming the JSON paths that are wrong
 */
export function parseSeed(value: unknown): Seed {
  const result = seedSchema.safeParse(value);
  if (!result.success) throw new TypeError(`not a seed: ${describeIssues(result.error)}`);
  return result.data;
}
