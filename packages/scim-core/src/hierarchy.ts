import type { GroupDefinition } from './group-definition.ts';
import type { GroupResource } from './group-resource.ts';
import type { ValidationIssue } from './issues.ts';
import type { RolePolicy } from './role-policy.ts';

/** Each requested role must be in the policy. */
export function checkRoles(definition: GroupDefinition, policy: RolePolicy): ValidationIssue[] {
  const allowed = new Set(policy.allowedRoles);
  return (definition.roles ?? []).flatMap((role, index) =>
    allowed.has(role)
      ? []
      : [
          {
            path: `$.roles[${index}]`,
            code: 'role_not_allowed' as const,
            message: `role ${JSON.stringify(role)} is not in allowedRoles of the policy file (ROLE_POLICY_FILE); ask its owner, or remove the role`,
          },
        ],
  );
}

/** What the directory says about the surroundings of a definition. */
export interface HierarchyFacts {
  /** Existing groups whose externalId begins with, or is a beginning of, the definition's. May include the group itself. */
  readonly related: readonly GroupResource[];
  /** The group that `parentExternalId` names: undefined if none was asked for, null if it does not exist. */
  readonly parent: GroupResource | null | undefined;
  /** Groups that are members of the definition, or members of those, at any depth. */
  readonly memberGroups: readonly GroupResource[];
  /** This group, if it exists already. */
  readonly self: GroupResource | undefined;
}

/**
 * Checks a definition against the groups around it. A group is an ancestor of another if its externalId is a beginning of the
 * other's (`externalId sw`).
 */
export function checkHierarchy(
  definition: GroupDefinition,
  policy: RolePolicy,
  facts: HierarchyFacts,
): ValidationIssue[] {
  return [
    ...restricted(definition, policy, facts),
    ...parentIssues(definition, policy, facts),
    ...loops(definition, facts),
  ];
}

function restricted(definition: GroupDefinition, policy: RolePolicy, facts: HierarchyFacts): ValidationIssue[] {
  const names = new Set(policy.restrictedParentGroups);
  const own = definition.externalId;
  return facts.related.flatMap(({ externalId, displayName }): ValidationIssue[] => {
    if (externalId === undefined || externalId === own || !names.has(externalId)) return [];
    const which = `${JSON.stringify(displayName)} (externalId ${JSON.stringify(externalId)})`;
    if (own.startsWith(externalId)) {
      return [
        {
          path: '$.externalId',
          code: 'restricted_ancestor',
          message: `lies under the group ${which}, which is in restrictedParentGroups`,
        },
      ];
    }
    if (externalId.startsWith(own)) {
      return [
        {
          path: '$.externalId',
          code: 'restricted_descendant',
          message: `would stand above the group ${which}, which is in restrictedParentGroups`,
        },
      ];
    }
    return [];
  });
}

function parentIssues(definition: GroupDefinition, policy: RolePolicy, facts: HierarchyFacts): ValidationIssue[] {
  const parent = definition.parentExternalId;
  if (parent === undefined) return [];
  const path = '$.parentExternalId';
  const issues: ValidationIssue[] = [];
  if (facts.parent === null && parent !== definition.externalId) {
    issues.push({
      path,
      code: 'parent_not_found',
      message: `no group has the externalId ${JSON.stringify(parent)}; onboard the parent first`,
    });
  }
  if (policy.restrictedParentGroups.includes(parent)) {
    issues.push({
      path,
      code: 'parent_restricted',
      message: `the group ${JSON.stringify(parent)} is in restrictedParentGroups of the policy file`,
    });
  }
  return issues;
}

/** A group must not become its own ancestor: by its parent, by prefix, or through a member that is a group. */
function loops(definition: GroupDefinition, facts: HierarchyFacts): ValidationIssue[] {
  const own = definition.externalId;
  const parent = definition.parentExternalId;
  const issues: ValidationIssue[] = [];
  const loop = (path: string, message: string): void => {
    issues.push({ path, code: 'privilege_loop', message });
  };
  if (parent === own) loop('$.parentExternalId', 'the group would be its own parent');
  else if (parent?.startsWith(own) === true) {
    loop(
      '$.parentExternalId',
      `the parent ${JSON.stringify(parent)} lies under this group by its prefix, so the group would be its own ancestor`,
    );
  }
  for (const member of facts.memberGroups) {
    const index = definition.members.findIndex((candidate) => candidate.id === member.id);
    const path = index === -1 ? '$.members' : `$.members[${index}].id`;
    const which = `the group ${JSON.stringify(member.displayName)} (${member.id})`;
    if (member.id === facts.self?.id || member.externalId === own)
      loop(path, `${which} is this group itself, directly or through its members`);
    else if (member.externalId !== undefined && own.startsWith(member.externalId)) {
      loop(path, `${which} stands above this group by its prefix, so it cannot be a member too`);
    } else if (member.id === facts.parent?.id)
      loop(path, `${which} is the parent of this group, so it cannot be a member too`);
  }
  return issues;
}
