import type { GroupDefinition } from './group-definition.ts';
import type { GroupResource } from './group-resource.ts';
import { PATCH_OP } from './urns.ts';
import type { PatchOperation, PatchRequest } from './patch.ts';

/** What to change of a group; what is left out stays. */
export interface GroupChange {
  readonly displayName?: string;
  readonly externalId?: string;
  /** Ids of members to add. */
  readonly add?: readonly string[];
  /** Ids of members to remove. */
  readonly remove?: readonly string[];
}

/** How far a definition is allowed to change a group that exists. */
export interface ChangeScope {
  /** Rename the group, and remove members that the definition does not have. Default false: only add what is missing. */
  readonly makeEqual: boolean;
}

/**
 * The change that brings a group to its definition. Members are compared by exact id. Where the target did not return members,
 * all are added and none is removed: an incomplete read never yields removals.
 */
export function planChange(definition: GroupDefinition, group: GroupResource, scope: ChangeScope): GroupChange {
  const wanted = new Set(definition.members.map((member) => member.id));
  const present = new Set(group.memberIds);
  const add = [...wanted].filter((id) => !present.has(id));
  const remove = scope.makeEqual ? [...present].filter((id) => !wanted.has(id)) : [];
  return {
    ...(scope.makeEqual && group.displayName !== definition.displayName ? { displayName: definition.displayName } : {}),
    ...(group.externalId === undefined ? { externalId: definition.externalId } : {}),
    ...(add.length === 0 ? {} : { add }),
    ...(remove.length === 0 ? {} : { remove }),
  };
}

/** True if there is nothing to change. */
export function isEmptyChange(change: GroupChange): boolean {
  return Object.values(change).every((value) => value === undefined || (Array.isArray(value) && value.length === 0));
}

/**
 * The change as a SCIM PATCH (RFC 7644 section 3.5.2). A removal names its member in the path: with a value, strict servers remove
 * everybody.
 */
export function patchRequest(change: GroupChange): PatchRequest {
  const operations: PatchOperation[] = [];
  if (change.displayName !== undefined)
    operations.push({ op: 'replace', path: 'displayName', value: change.displayName });
  if (change.externalId !== undefined) operations.push({ op: 'replace', path: 'externalId', value: change.externalId });
  if (change.add !== undefined && change.add.length > 0) {
    operations.push({ op: 'add', path: 'members', value: change.add.map((value) => ({ value })) });
  }
  for (const id of change.remove ?? [])
    operations.push({ op: 'remove', path: `members[value eq ${JSON.stringify(id)}]` });
  return { schemas: [PATCH_OP], Operations: operations };
}
