import * as z from 'zod';
import { jsonPath, type IssueCode, type ValidationIssue } from './issues.ts';
import { DEFAULT_RULES, INPUT_LIMITS, type GroupRules } from './rules.ts';

/** A member of the group, by its id in the directory. */
export interface MemberDefinition {
  /** Id of the user or group in the target's directory. */
  readonly id: string;
  /** Shown as `display` in the payload. Personal data: never in search attributes, ids or summaries. */
  readonly email?: string | undefined;
}

/** What an HRIS hands over: a group as it should exist in the target. */
export interface GroupDefinition {
  /** The group's id in the source system; the key that makes an onboarding idempotent. */
  readonly externalId: string;
  readonly displayName: string;
  readonly description?: string | undefined;
  readonly members: readonly MemberDefinition[];
  /** Roles that the group asks for; checked against the role policy, not sent to the target. */
  readonly roles?: readonly string[] | undefined;
  /** externalId of the group above this one; checked, not sent: core SCIM has no such attribute. */
  readonly parentExternalId?: string | undefined;
  /** Schema extensions by URN (RFC 7643 section 3.3), sent as they are. */
  readonly extensions?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined;
}

// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const CONTROL = /[\u0000-\u001f\u007f]/u;

/** Text with a bound, no control characters, and no space at either end. */
const text = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((value) => !CONTROL.test(value) && value.trim() === value, {
      params: { code: 'invalid_characters' },
      message: 'must not start or end with a space or hold control characters',
    });

/** RFC 8141 namespace and string, loosely: `urn:<nid>:<nss>`. */
const URN = /^urn:[A-Za-z0-9][A-Za-z0-9-]{1,31}:[^\s]+$/u;

export const groupDefinitionSchema = z.strictObject({
  externalId: text(INPUT_LIMITS.externalId),
  displayName: text(INPUT_LIMITS.displayName),
  description: z.string().max(INPUT_LIMITS.description).optional(),
  members: z
    .array(z.strictObject({ id: text(INPUT_LIMITS.memberId), email: z.email().max(INPUT_LIMITS.email).optional() }))
    .max(INPUT_LIMITS.members),
  roles: z.array(text(INPUT_LIMITS.roleName)).max(INPUT_LIMITS.roles).optional(),
  parentExternalId: text(INPUT_LIMITS.externalId).optional(),
  extensions: z
    .record(
      z
        .string()
        .refine((key) => URN.test(key), { params: { code: 'invalid_urn' }, message: 'an extension is named by a URN' }),
      z.record(z.string(), z.unknown()),
    )
    .refine((value) => Object.keys(value).length <= INPUT_LIMITS.extensions, {
      params: { code: 'too_long' },
      message: `must have at most ${INPUT_LIMITS.extensions} extensions`,
    })
    .optional(),
});

/** The answer of {@link parseGroupDefinition}. */
export type ParsedDefinition =
  | { readonly ok: true; readonly definition: GroupDefinition; readonly duplicatesDropped: number }
  | { readonly ok: false; readonly issues: readonly ValidationIssue[] };

/**
 * Parses and checks a group definition. All problems are reported at once. Duplicated members (same id, exact case: RFC 7643
 * section 2.4 leaves `value` case-exact) are dropped before the limit is applied; the first one stays.
 *
 * @param input any value, usually from `JSON.parse`
 * @param rules limits and name rule; default {@link DEFAULT_RULES}
 */
export function parseGroupDefinition(input: unknown, rules: GroupRules = DEFAULT_RULES): ParsedDefinition {
  const parsed = groupDefinitionSchema.safeParse(input, { reportInput: true });
  if (!parsed.success) {
    return { ok: false, issues: [...parsed.error.issues.flatMap(toIssues), ...ruleIssues(looseParts(input), rules)] };
  }
  const issues = ruleIssues(
    { displayName: parsed.data.displayName, memberIds: parsed.data.members.map((m) => m.id) },
    rules,
  );
  if (issues.length > 0) return { ok: false, issues };
  const { members, duplicatesDropped } = dropDuplicates(parsed.data.members);
  return { ok: true, definition: { ...parsed.data, members }, duplicatesDropped };
}

/** Drops members whose id was there before; keeps the first of each and the order. */
export function dropDuplicates<T extends { readonly id: string }>(
  members: readonly T[],
): { members: T[]; duplicatesDropped: number } {
  const first = new Map<string, T>();
  for (const member of members) if (!first.has(member.id)) first.set(member.id, member);
  return { members: [...first.values()], duplicatesDropped: members.length - first.size };
}

interface RuleInput {
  readonly displayName?: string | undefined;
  readonly memberIds?: readonly string[] | undefined;
}

function ruleIssues({ displayName, memberIds }: RuleInput, rules: GroupRules): ValidationIssue[] {
  const issues: ValidationIssue[] = [];
  if (displayName !== undefined && displayName !== '' && !matchesWhole(rules.namePattern, displayName)) {
    issues.push({
      path: '$.displayName',
      code: 'invalid_name',
      message: `${JSON.stringify(displayName)} does not match the name rule ${rules.namePattern.source}; rename the group, or change GROUP_NAME_PATTERN`,
    });
  }
  const count = new Set(memberIds).size;
  if (count > rules.maxMembers) {
    issues.push({
      path: '$.members',
      code: 'too_many_members',
      message: `has ${count} different members, the limit is ${rules.maxMembers}; split the group, or raise MAX_GROUP_MEMBERS`,
    });
  }
  return issues;
}

function matchesWhole(pattern: RegExp, value: string): boolean {
  const match = new RegExp(pattern.source, pattern.flags.replace(/[gy]/gu, '')).exec(value);
  return match !== null && match[0] === value;
}

/** What the rules need, from an input that did not pass the schema, so that one run reports both kinds of problems. */
function looseParts(input: unknown): RuleInput {
  const shape = z.object({
    displayName: z.string().max(INPUT_LIMITS.displayName).optional().catch(undefined),
    members: z.unknown().optional(),
  });
  const parsed = shape.safeParse(input);
  if (!parsed.success) return {};
  const members = Array.isArray(parsed.data.members) ? parsed.data.members : [];
  const ids = members.flatMap((m: unknown) => z.object({ id: z.string() }).safeParse(m).data?.id ?? []);
  return { displayName: parsed.data.displayName, memberIds: ids };
}

function toIssues(issue: z.core.$ZodIssue): ValidationIssue[] {
  const path = jsonPath(issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: jsonPath([...issue.path, key]),
        code: 'unknown_key' as const,
        message: 'is not a key of a group definition; remove it or correct its name',
      }));
    case 'invalid_type':
      return issue.input === undefined
        ? [{ path, code: 'required', message: `is required (${issue.expected})` }]
        : [{ path, code: 'invalid_type', message: `must be ${article(issue.expected)}` }];
    case 'too_small':
      return [{ path, code: 'empty', message: 'must not be empty' }];
    case 'too_big':
      return [
        issue.origin === 'array' && path === '$.members'
          ? { path, code: 'too_many_members', message: `has more than ${String(issue.maximum)} entries` }
          : { path, code: 'too_long', message: `is longer than ${String(issue.maximum)}` },
      ];
    case 'invalid_format':
      return [
        {
          path,
          code: issue.format === 'email' ? 'invalid_email' : 'invalid_value',
          message: `is not a valid ${issue.format}`,
        },
      ];
    case 'invalid_key':
      return [{ path, code: 'invalid_urn', message: 'an extension is named by a URN' }];
    case 'custom': {
      const code = (issue.params?.['code'] ?? 'invalid_value') as IssueCode;
      return [{ path, code, message: issue.message }];
    }
    default:
      return [{ path, code: 'invalid_value', message: issue.message }];
  }
}

function article(noun: string): string {
  return `${/^[aeiou]/u.test(noun) ? 'an' : 'a'} ${noun}`;
}
