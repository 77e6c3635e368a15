import { describeOwner, type ConflictPolicy } from '@scim-onboarding/onboarding-contract/workflow';
import {
  checkHierarchy,
  checkRoles,
  isScimError,
  type GroupDefinition,
  type GroupResource,
  type RolePolicy,
  type ValidationIssue,
} from '@scim-onboarding/scim-core';
import type { GroupTarget } from '@scim-onboarding/scim-core/client';
import type { OnboardingActivities } from '../workflows/activities.ts';
import { decideConflict } from '../workflows/conflict.ts';
import { definitionOf, invalid } from './definition.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { groupRef } from './group-ref.ts';
import { runActivity } from './run-activity.ts';
import { targetOf } from './target-of.ts';

/** Groups that are looked at on the way down through members that are groups. */
const MAX_NESTED_GROUPS = 200;

export function validateGroup(deps: ActivityDependencies): OnboardingActivities['validateGroup'] {
  return ({ ref, definition: given, policy, adopt }) =>
    runActivity(deps.metrics, async ({ signal }) => {
      const definition = await definitionOf(deps, ref, given);
      const target = await targetOf(deps, ref, signal);
      const { issues, selves, sameName } = await checkDirectory(definition, deps.policy, target);
      const found = { byExternalId: selves.map(groupRef), byName: sameName.map(groupRef) };
      if (issues.length > 0) throw invalid([...issues, ...nameIssues(definition, found, policy, adopt)]);
      return {
        ...found,
        listedAll: false,
        target: target.capabilities.name,
        ...(deps.webhook === undefined ? {} : { webhook: { giveUpAfterSeconds: deps.webhook.giveUpAfterSeconds } }),
      };
    });
}

interface DirectoryCheck {
  readonly issues: readonly ValidationIssue[];
  /** Groups with this externalId: where this is a re-run, the group itself. */
  readonly selves: readonly GroupResource[];
  /** Groups of another externalId that have the name. */
  readonly sameName: readonly GroupResource[];
}

/** Asks the directory everything that it must be asked, so that all problems are reported at once. */
async function checkDirectory(
  definition: GroupDefinition,
  policy: RolePolicy,
  target: GroupTarget,
): Promise<DirectoryCheck> {
  const { externalId, displayName, parentExternalId } = definition;
  const related = await relatedGroups(definition, policy, target);
  const selves = related.filter((group) => group.externalId === externalId);
  const named = await target.findByDisplayName(displayName);
  const parent = parentExternalId === undefined ? undefined : await findParent(parentExternalId, related, target);
  const unknown = await unknownMembers(definition, target);
  const { groups, truncated } = await nestedGroups(unknown, target);
  const issues = [
    ...checkRoles(definition, policy),
    ...checkHierarchy(definition, policy, { related, parent, memberGroups: groups, self: selves[0] }),
    ...unknownIssues(definition, unknown, groups),
    ...(truncated
      ? [
          {
            path: '$.members',
            code: 'hierarchy_too_large' as const,
            message: `holds more than ${MAX_NESTED_GROUPS} groups at all depths; a loop cannot be ruled out`,
          },
        ]
      : []),
  ];
  // A name that belongs to the same externalId is a re-run.
  return { issues, selves, sameName: named.filter((group) => group.externalId !== externalId) };
}

/** The group itself, and the restricted groups above and below it by prefix. One request where no restricted group is near. */
async function relatedGroups(
  { externalId, displayName }: GroupDefinition,
  policy: RolePolicy,
  target: GroupTarget,
): Promise<GroupResource[]> {
  const near = policy.restrictedParentGroups.filter((name) => name !== externalId);
  const below = near.some((name) => name.startsWith(externalId));
  const own = below
    ? await target.findByExternalIdPrefix(externalId)
    : await target.findByExternalId(externalId, displayName);
  const above = near.filter((name) => externalId.startsWith(name));
  const found = await Promise.all(above.map((name) => target.findByExternalId(name)));
  return [...found.flat(), ...own];
}

async function findParent(
  externalId: string,
  related: readonly GroupResource[],
  target: GroupTarget,
): Promise<GroupResource | null> {
  return (
    related.find((group) => group.externalId === externalId) ?? (await target.findByExternalId(externalId))[0] ?? null
  );
}

async function unknownMembers(definition: GroupDefinition, target: GroupTarget): Promise<string[]> {
  const ids = definition.members.map((member) => member.id);
  const users = await target.existingUsers(ids);
  return ids.filter((id) => !users.has(id));
}

/** Members that are no users may be groups; those are followed down, each once. */
async function nestedGroups(
  ids: readonly string[],
  target: GroupTarget,
): Promise<{ groups: GroupResource[]; truncated: boolean }> {
  const groups: GroupResource[] = [];
  const seen = new Set<string>();
  let level = [...ids];
  while (level.length > 0) {
    const next: string[] = [];
    for (const id of level) {
      if (seen.has(id)) continue;
      if (groups.length >= MAX_NESTED_GROUPS) return { groups, truncated: true };
      seen.add(id);
      const group = await groupOrUndefined(id, target);
      if (group === undefined) continue;
      groups.push(group);
      const members = (group.memberIds ?? []).filter((member) => !seen.has(member));
      const users = await target.existingUsers(members);
      next.push(...members.filter((member) => !users.has(member)));
    }
    level = next;
  }
  return { groups, truncated: false };
}

async function groupOrUndefined(id: string, target: GroupTarget): Promise<GroupResource | undefined> {
  try {
    return await target.get(id);
  } catch (error) {
    if (isScimError(error, 'not_found')) return undefined;
    throw error;
  }
}

function unknownIssues(
  definition: GroupDefinition,
  unknown: readonly string[],
  groups: readonly GroupResource[],
): ValidationIssue[] {
  const known = new Set(groups.map((group) => group.id));
  const missing = new Set(unknown.filter((id) => !known.has(id)));
  return definition.members.flatMap(({ id }, index) =>
    missing.has(id)
      ? [
          {
            path: `$.members[${index}].id`,
            code: 'unknown_member' as const,
            message: `no user or group of the directory has the id ${JSON.stringify(id)}; create the user first, or correct the id`,
          },
        ]
      : [],
  );
}

/** The workflow decides about names; where other problems are reported, this one is among them. */
function nameIssues(
  { displayName }: GroupDefinition,
  found: Parameters<typeof decideConflict>[0],
  policy: ConflictPolicy,
  adopt: string | undefined,
): ValidationIssue[] {
  const decision = decideConflict(found, policy, adopt);
  if (decision.kind !== 'name-held') return [];
  return [
    {
      path: '$.displayName',
      code: 'name_taken',
      message: `${JSON.stringify(displayName)} belongs to ${describeOwner(decision.holder)}`,
    },
  ];
}
