import type { ApplicationFailure } from '@temporalio/common';
import {
  ambiguousText,
  describeOwner,
  FAILURE_TYPES,
  nameConflictText,
} from '@scim-onboarding/onboarding-contract/workflow';
import {
  checkHierarchy,
  checkRoles,
  formatIssues,
  isScimError,
  parseGroupDefinition,
  type GroupDefinition,
  type GroupResource,
  type RolePolicy,
  type ValidationIssue,
} from '@scim-onboarding/scim-core';
import type { GroupTarget } from '@scim-onboarding/scim-core/client';
import type { OnboardingActivities } from '../workflows/activities.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { groupRef } from './group-ref.ts';
import { runActivity } from './run-activity.ts';
import { typedFailure } from './to-failure.ts';

/** Groups that are looked at on the way down through members that are groups. */
const MAX_NESTED_GROUPS = 200;

export function validateGroup(deps: ActivityDependencies): OnboardingActivities['validateGroup'] {
  return (input) =>
    runActivity(async ({ signal }) => {
      // Parsed again: the worker's rules decide, and a caller need not be our client.
      const parsed = parseGroupDefinition(input, deps.rules);
      if (!parsed.ok) throw invalid(parsed.issues);
      const target = deps.target.target(signal);
      const { issues, nameHolder, self } = await checkDirectory(parsed.definition, deps.policy, target);
      if (issues.length > 0)
        throw invalid([...issues, ...(nameHolder === undefined ? [] : [nameIssue(parsed.definition, nameHolder)])]);
      if (nameHolder !== undefined) throw nameConflict(parsed.definition, nameHolder);
      return {
        target: target.capabilities.name,
        ...(self === undefined ? {} : { existing: groupRef(self) }),
        ...(deps.webhook === undefined ? {} : { webhook: { giveUpAfterSeconds: deps.webhook.giveUpAfterSeconds } }),
      };
    });
}

interface DirectoryCheck {
  readonly issues: readonly ValidationIssue[];
  /** The group of another externalId that has the name. */
  readonly nameHolder: GroupResource | undefined;
  /** The group itself, where this is a re-run. */
  readonly self: GroupResource | undefined;
}

/** Asks the directory everything that it must be asked, so that all problems are reported at once. */
async function checkDirectory(
  definition: GroupDefinition,
  policy: RolePolicy,
  target: GroupTarget,
): Promise<DirectoryCheck> {
  const { externalId, displayName, parentExternalId } = definition;
  const related = await relatedGroups(externalId, policy, target);
  const selves = related.filter((group) => group.externalId === externalId);
  if (selves.length > 1) throw ambiguous(externalId, selves);
  const self = selves[0];
  const sameName = await target.findByDisplayName(displayName);
  const parent = parentExternalId === undefined ? undefined : await findParent(parentExternalId, related, target);
  const unknown = await unknownMembers(definition, target);
  const { groups, truncated } = await nestedGroups(unknown, target);
  const issues = [
    ...checkRoles(definition, policy),
    ...checkHierarchy(definition, policy, { related, parent, memberGroups: groups, self }),
    ...unknown.filter((id) => !groups.some((group) => group.id === id)).map((id) => unknownMember(definition, id)),
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
  return { issues, self, nameHolder: sameName.find((group) => group.externalId !== externalId) };
}

/** The group itself, and the restricted groups above and below it by prefix. One request where no restricted group is near. */
async function relatedGroups(externalId: string, policy: RolePolicy, target: GroupTarget): Promise<GroupResource[]> {
  const near = policy.restrictedParentGroups.filter((name) => name !== externalId);
  const below = near.some((name) => name.startsWith(externalId));
  const own = below ? await target.findByExternalIdPrefix(externalId) : await target.findByExternalId(externalId);
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

function unknownMember(definition: GroupDefinition, id: string): ValidationIssue {
  const index = definition.members.findIndex((member) => member.id === id);
  return {
    path: `$.members[${index}].id`,
    code: 'unknown_member',
    message: `no user or group of the directory has the id ${JSON.stringify(id)}; create the user first, or correct the id`,
  };
}

function nameIssue(definition: GroupDefinition, holder: GroupResource): ValidationIssue {
  return {
    path: '$.displayName',
    code: 'name_taken',
    message: `${JSON.stringify(definition.displayName)} belongs to ${describeOwner(groupRef(holder))}`,
  };
}

function invalid(issues: readonly ValidationIssue[]): ApplicationFailure {
  return typedFailure(
    FAILURE_TYPES.validationFailed,
    `${issues.length} problem${issues.length === 1 ? '' : 's'} in the definition; nothing was written.\n${formatIssues(issues)}`,
    'Correct the definition (each problem names its JSON path), then start the onboarding again.',
    { details: { issues } },
  );
}

function nameConflict(definition: GroupDefinition, holder: GroupResource): ApplicationFailure {
  const { message, hint } = nameConflictText(definition, groupRef(holder));
  return typedFailure(FAILURE_TYPES.nameConflict, message, hint, {
    details: { issues: [nameIssue(definition, holder)] },
  });
}

function ambiguous(externalId: string, groups: readonly GroupResource[]): ApplicationFailure {
  const { message, hint } = ambiguousText(
    externalId,
    groups.map((group) => group.id),
  );
  return typedFailure(FAILURE_TYPES.ambiguousGroup, message, hint);
}
