import { DEFAULT_NAME_PATTERN, DEFAULT_RULES, INPUT_LIMITS, type GroupRules } from '@scim-onboarding/scim-core';
import * as z from 'zod';

/** Settings that worker and callers must read alike, or one would refuse what the other accepts. */
export const rulesSettings = {
  /** The most members of a group. Default 500. */
  MAX_GROUP_MEMBERS: z.coerce.number().int().min(1).max(INPUT_LIMITS.members).default(DEFAULT_RULES.maxMembers),
  /** Regular expression that a displayName must match as a whole. Default letters, digits, `_`, `-`. */
  GROUP_NAME_PATTERN: z
    .string()
    .min(1)
    .max(500)
    .refine(isPattern, { message: 'is not a regular expression' })
    .default(DEFAULT_NAME_PATTERN),
} as const;

/** The rules that parsed settings stand for. */
export function groupRules(settings: {
  readonly MAX_GROUP_MEMBERS: number;
  readonly GROUP_NAME_PATTERN: string;
}): GroupRules {
  return { maxMembers: settings.MAX_GROUP_MEMBERS, namePattern: new RegExp(settings.GROUP_NAME_PATTERN, 'u') };
}

function isPattern(source: string): boolean {
  try {
    return new RegExp(source, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
