import { createHash } from 'node:crypto';
import type { GroupDefinition } from '@scim-onboarding/scim-core';

/**
 * Digest of a definition: equal if and only if two definitions ask for the same. Order of keys and of members, and duplicated
 * members, make no difference.
 *
 * @returns SHA-256 in hex
 */
export function definitionDigest(definition: GroupDefinition): string {
  const members = [...new Map(definition.members.map((m) => [m.id, m])).values()].sort((a, b) =>
    a.id < b.id ? -1 : 1,
  );
  const roles = definition.roles === undefined ? undefined : [...new Set(definition.roles)].sort();
  return createHash('sha256')
    .update(canonical({ ...definition, members, roles }))
    .digest('hex');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry)}`)
    .join(',')}}`;
}
