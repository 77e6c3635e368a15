import { definitionDigest, describeOwner, type ConflictPolicy } from '@scim-onboarding/onboarding-contract';
import { planChange, type GroupDefinition, type GroupResource } from '@scim-onboarding/scim-core';
import { digestOf } from './digest.ts';
import { countsOf, type GroupSummary } from './group-summary.ts';
import type { Hold, PlanAction, PlannedGroup } from './planned-group.ts';
import { DEFAULT_REMOVAL_LIMITS, overLimit, type RemovalLimits } from './removal-limits.ts';

/** Groups of the target that a definition may mean; of each all that there are. */
export interface FoundInTarget {
  readonly byExternalId: readonly GroupResource[];
  readonly byName: readonly GroupResource[];
}

export interface PlanGroupOptions {
  readonly policy: ConflictPolicy;
  /** With `update`: remove members that the definition does not have. Without it nobody is removed. */
  readonly allowRemovals: boolean;
  /** Default {@link DEFAULT_REMOVAL_LIMITS}. */
  readonly limits?: RemovalLimits | undefined;
  /** False: the file has rows that may belong to this group and could not be read. Default true. */
  readonly complete?: boolean | undefined;
}

/** Plans one group. Nothing is asked and nothing is written; the limits of the run are applied by `holdRun` afterwards. */
export function planGroup(definition: GroupDefinition, found: FoundInTarget, options: PlanGroupOptions): PlannedGroup {
  const base = {
    externalId: definition.externalId,
    displayName: definition.displayName,
    definitionDigest: definitionDigest(definition),
    stateDigest: stateDigest(found),
  };
  const nobody = { add: [], remove: [], kept: [] };
  const match = matchGroup(definition, found, options.policy);
  if (match.kind === 'conflict') return { ...base, ...nobody, action: 'conflict', reason: match.reason };
  if (match.kind === 'none') {
    return { ...base, ...nobody, action: 'create', add: sorted(new Set(definition.members.map(({ id }) => id))) };
  }
  return { ...base, ...changeOf(definition, match.group, options) };
}

type Change = Omit<PlannedGroup, 'externalId' | 'displayName' | 'definitionDigest' | 'stateDigest'>;

function changeOf(definition: GroupDefinition, group: GroupResource, options: PlanGroupOptions): Change {
  const makeEqual = options.policy === 'update';
  const change = planChange(definition, group, { makeEqual });
  const wanted = new Set(definition.members.map(({ id }) => id));
  const extra = sorted(new Set(group.memberIds)).filter((id) => !wanted.has(id));
  const removes = makeEqual && options.allowRemovals;
  const planned = {
    groupId: group.id,
    add: sorted(change.add ?? []),
    remove: removes ? extra : [],
    kept: removes ? [] : extra,
    ...(change.displayName === undefined ? {} : { rename: { from: group.displayName, to: change.displayName } }),
    ...(change.externalId === undefined ? {} : { claims: true }),
    ...(group.memberIds === undefined ? {} : { membersNow: new Set(group.memberIds).size }),
  };
  const held = holdOf(definition, planned, options);
  if (held !== undefined) return { ...planned, action: 'held', ...held };
  const reason = reasonOf(group, planned.kept, makeEqual);
  return {
    ...planned,
    action: actionOf(countsOf(planned), options.policy),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** What is done with a group that exists, once nothing holds it. */
export function actionOf(
  planned: Pick<GroupSummary, 'add' | 'remove' | 'rename' | 'claims'>,
  policy: ConflictPolicy,
): PlanAction {
  const changes = planned.add > 0 || planned.remove > 0 || planned.rename !== undefined || planned.claims === true;
  if (!changes) return 'unchanged';
  return policy === 'update' ? 'update' : 'adopt';
}

function holdOf(
  definition: GroupDefinition,
  { remove, membersNow = 0 }: Pick<PlannedGroup, 'remove' | 'membersNow'>,
  { limits = DEFAULT_REMOVAL_LIMITS, complete = true }: PlanGroupOptions,
): { readonly hold: Hold; readonly reason: string } | undefined {
  if (!complete && remove.length > 0) {
    const reason =
      'the file has rows that could not be assigned to a group, and they may be members of this one. Correct them';
    return { hold: 'incomplete-source', reason };
  }
  if (definition.members.length === 0 && membersNow > 0) {
    const reason = `the roster has no members, the target has ${membersNow}. An empty source is more often a mistake than a wish: check it, then approve`;
    return { hold: 'empty-source', reason };
  }
  const all = remove.length > 0 && remove.length === membersNow;
  const why = all ? `all ${membersNow} members would be removed` : overLimit(remove.length, membersNow, limits.group);
  return why === undefined ? undefined : { hold: 'group-limit', reason: `${why}. Check the roster, then approve` };
}

function reasonOf(group: GroupResource, kept: readonly string[], makeEqual: boolean): string | undefined {
  if (group.memberIds === undefined) return 'the target did not return members: all are added, and none is removed';
  if (makeEqual && kept.length > 0)
    return `${kept.length} members that the roster does not have stay: removals are not allowed`;
  return undefined;
}

type Match =
  | { readonly kind: 'none' }
  | { readonly kind: 'group'; readonly group: GroupResource }
  | { readonly kind: 'conflict'; readonly reason: string };

/** Decides as the worker does: the externalId goes before the name, and a name counts only under `adopt-by-name`. */
function matchGroup(
  definition: GroupDefinition,
  { byExternalId, byName }: FoundInTarget,
  policy: ConflictPolicy,
): Match {
  const conflict = (reason: string): Match => ({ kind: 'conflict', reason });
  const [ours, second] = byExternalId;
  if (second !== undefined) return conflict(ambiguous('externalId', definition.externalId, byExternalId));
  const others = byName.filter((group) => group.id !== ours?.id);
  const [holder, another] = others;
  if (ours !== undefined) {
    if (policy === 'fail') return conflict(`it exists already, and the policy is fail: ${describe(ours)}`);
    const renames = policy === 'update' && ours.displayName !== definition.displayName;
    if (renames && holder !== undefined) {
      return conflict(
        `group ${ours.id} cannot be renamed: the name ${JSON.stringify(definition.displayName)} is held by ${describe(holder)}`,
      );
    }
    return { kind: 'group', group: ours };
  }
  if (holder === undefined) return { kind: 'none' };
  const owned = others.find((group) => group.externalId !== undefined);
  if (policy !== 'adopt-by-name' || owned !== undefined) {
    return conflict(`the name ${JSON.stringify(definition.displayName)} is held by ${describe(owned ?? holder)}`);
  }
  if (another !== undefined) return conflict(ambiguous('displayName', definition.displayName, others));
  return { kind: 'group', group: holder };
}

function ambiguous(attribute: string, value: string, groups: readonly GroupResource[]): string {
  const shown = groups.slice(0, 5).map(({ id }) => id);
  return `${groups.length} groups have the ${attribute} ${JSON.stringify(value)}: ${shown.join(', ')}${groups.length > 5 ? ', …' : ''}`;
}

function describe({ id, externalId }: GroupResource): string {
  return describeOwner({ groupId: id, externalId });
}

/** Digest of what the target had: every group that was found, with id, name, externalId, version and members. */
export function stateDigest({ byExternalId, byName }: FoundInTarget): string {
  const groups = [...new Map([...byExternalId, ...byName].map((group) => [group.id, group])).values()]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, displayName, externalId, version, memberIds }) => ({
      id,
      displayName,
      externalId,
      version,
      members: memberIds === undefined ? undefined : sorted(new Set(memberIds)),
    }));
  return digestOf(groups);
}

/** What {@link checkPlanState} answers. */
export type PlanState = { readonly current: true } | { readonly current: false; readonly message: string };

/** Says whether the target still has what the group was planned with. */
export function checkPlanState(
  planned: Pick<PlannedGroup, 'externalId' | 'groupId' | 'stateDigest'>,
  found: FoundInTarget,
): PlanState {
  if (stateDigest(found) === planned.stateDigest) return { current: true };
  const known = [...found.byExternalId, ...found.byName].some(({ id }) => id === planned.groupId);
  const what =
    planned.groupId === undefined
      ? 'groups with its externalId or name came, went or changed'
      : known
        ? `group ${planned.groupId} was changed`
        : `group ${planned.groupId} is not found any more`;
  return {
    current: false,
    message: `${JSON.stringify(planned.externalId)}: ${what} in the target since the plan was made. Make the plan again`,
  };
}

function sorted(ids: Iterable<string>): string[] {
  return [...ids].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
