import { readFileSync, statSync } from 'node:fs';
import { jsonPath, NO_ROLE_POLICY, rolePolicySchema, type RolePolicy } from '@scim-onboarding/scim-core';
import { WorkerConfigError } from './config.ts';

const MAX_BYTES = 8 * 1024 * 1024;

/**
 * Reads the role policy. No file means that no role is allowed.
 *
 * @throws {WorkerConfigError} if the file cannot be read or is not a policy
 */
export function loadRolePolicy(file: string | undefined): RolePolicy {
  if (file === undefined) return NO_ROLE_POLICY;
  const parsed = rolePolicySchema.safeParse(readJson(file));
  if (parsed.success) return parsed.data;
  throw new WorkerConfigError(
    parsed.error.issues.map((issue) => `ROLE_POLICY_FILE ${file}: ${jsonPath(issue.path)} ${issue.message}`),
  );
}

function readJson(file: string): unknown {
  try {
    if (statSync(file).size > MAX_BYTES) throw new Error(`is larger than ${MAX_BYTES} bytes`);
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new WorkerConfigError([
      `ROLE_POLICY_FILE ${file}: ${error instanceof Error ? error.message : String(error)}`,
    ]);
  }
}
