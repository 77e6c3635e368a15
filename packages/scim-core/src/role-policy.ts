import * as z from 'zod';

/** What groups may ask for; read from `ROLE_POLICY_FILE`. Without a file no role is allowed and no group is restricted. */
export interface RolePolicy {
  /** Roles that a definition may name. */
  readonly allowedRoles: readonly string[];
  /** externalIds under which, and above which, no group may be onboarded. */
  readonly restrictedParentGroups: readonly string[];
}

export const NO_ROLE_POLICY: RolePolicy = { allowedRoles: [], restrictedParentGroups: [] };

const name = z.string().min(1).max(256);

export const rolePolicySchema = z.strictObject({
  allowedRoles: z.array(name).max(10_000).default([]),
  restrictedParentGroups: z.array(name).max(10_000).default([]),
});
