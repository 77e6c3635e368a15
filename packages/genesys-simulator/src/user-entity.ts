import type { SeedUser } from './seed.ts';

/** The form of a user in Genesys' Platform API. `version` is required there; users never change here. */
export function toUserEntity(user: SeedUser): Record<string, string | number> {
  const { id, name, email } = user;
  return { id, name, email, state: 'active', version: 1, selfUri: `/api/v2/users/${encodeURIComponent(id)}` };
}
