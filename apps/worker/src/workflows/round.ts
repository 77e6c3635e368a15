import { workflowInfo } from '@temporalio/workflow';
import type { GroupOutcome, MemberReport } from '@scim-onboarding/onboarding-contract/workflow';
import type { FoundGroups, GroupRef, SyncedMembers, VerifiedGroup } from './activities.ts';
import { runStep } from './activity-proxies.ts';
import { decideConflict, type ConflictDecision } from './conflict.ts';
import { conflictFailure, unexplainedConflict } from './failures.ts';
import type { Progress } from './progress.ts';
import { activityId, type RunState } from './run-state.ts';

/** The group, settled: it is there, with the members that the target took. */
export interface Settled {
  readonly groupId: string;
  readonly displayName: string;
  readonly outcome: GroupOutcome;
  readonly recovered: boolean;
  readonly members: MemberReport;
}

/** One way through validation, creation or adoption, members, and the read-back. Everything in it may be done again. */
export async function runRound(state: RunState, progress: Progress): Promise<Settled> {
  progress.stage('validating');
  const found = await validate(state, progress);
  const resolved = await createOrAdopt(state, found, progress);
  progress.group(resolved.group.groupId);
  return settle(state, resolved, progress);
}

async function validate(state: RunState, progress: Progress): Promise<FoundGroups> {
  const id = activityId(state, 'validate-group');
  const { ref, small, policy, chosen } = state;
  const input = {
    ref,
    ...(small === undefined ? {} : { definition: small }),
    policy,
    ...(chosen === undefined ? {} : { adopt: chosen }),
  };
  const summary = `Check ${state.head.displayName} against rules, directory and role policy`;
  const validated = await progress.step(
    'validate-group',
    id,
    () => runStep('validate-group', id, input, { summary }),
    describeFound,
  );
  state.target = validated.target;
  state.webhook = validated.webhook;
  return validated;
}

function describeFound({ byExternalId: [own], byName: [holder] }: FoundGroups): string {
  if (own !== undefined) return `valid, exists as ${own.groupId}`;
  return holder === undefined ? 'valid, new' : `valid, but the name is that of ${holder.groupId}`;
}

interface Resolved {
  readonly group: GroupRef;
  readonly how: 'created' | 'adopted' | 'existing';
  readonly recovered: boolean;
  /** True if nothing is left to do but to read it back. */
  readonly complete: boolean;
  /** Undefined if that is left to do. */
  readonly verified?: VerifiedGroup;
}

async function createOrAdopt(state: RunState, found: FoundGroups, progress: Progress): Promise<Resolved> {
  const before = decideConflict(withoutOwn(state, found), state.policy, state.chosen);
  if (before.kind === 'adopt') return adopted(before, before.by === 'external-id' ? 'existing' : 'adopted');
  if (before.kind !== 'none') throw conflictFailure(state.head, before);
  if (state.created !== undefined) return { group: state.created, how: 'created', recovered: true, complete: false };

  progress.stage('creating');
  const { displayName, members } = state.head;
  const id = activityId(state, 'create-group');
  const created = await progress.step(
    'create-group',
    id,
    () =>
      runStep(
        'create-group',
        id,
        { ref: state.ref, lookFirst: mayHaveSent(state) },
        { summary: `Create ${displayName} with ${members} members` },
      ),
    (result) =>
      result.kind === 'conflict'
        ? 'exists already (409)'
        : `${result.recovered ? 'found after an unclear attempt' : describeCreated(result)}: ${result.group.groupId}`,
  );
  if (created.kind === 'created') {
    state.created = created.group;
    return { ...created, how: 'created' };
  }
  return resolveConflict(state, created.afterUnclear, progress);
}

function describeCreated({ verified }: { readonly verified?: VerifiedGroup }): string {
  if (verified === undefined) return 'created';
  return verified.missing === 0 ? 'created and read back' : `created, ${verified.missing} members missing`;
}

/** True if a create request may have been sent that this history does not tell of: before a reset, or in an earlier round. */
function mayHaveSent({ round }: RunState): boolean {
  const { runId, originalExecutionRunId } = workflowInfo();
  return round > 1 || runId !== originalExecutionRunId;
}

/** The group that this run created is no conflict in a later round. */
function withoutOwn(state: RunState, found: FoundGroups): FoundGroups {
  const own = state.created?.groupId;
  const others = (groups: readonly GroupRef[]): GroupRef[] => groups.filter((group) => group.groupId !== own);
  return { ...found, byExternalId: others(found.byExternalId), byName: others(found.byName) };
}

async function resolveConflict(state: RunState, afterUnclear: boolean, progress: Progress): Promise<Resolved> {
  progress.stage('resolving-conflict');
  const id = activityId(state, 'find-group');
  const found = await progress.step(
    'find-group',
    id,
    () =>
      runStep('find-group', id, state.ref, {
        summary: `Find the group that is in the way of ${state.head.displayName}`,
      }),
    (result) => `${result.byExternalId.length} by externalId, ${result.byName.length} by name`,
  );
  // A 409 that follows an unclear attempt of ours, on a group with our externalId, is that attempt's group.
  const policy = afterUnclear && state.policy === 'fail' ? 'adopt' : state.policy;
  const decision = decideConflict(found, policy);
  if (decision.kind === 'none') throw unexplainedConflict(state.head, found.listedAll);
  if (decision.kind !== 'adopt') throw conflictFailure(state.head, decision);
  if (!afterUnclear || decision.by !== 'external-id') return adopted(decision, 'adopted');
  state.created = decision.group;
  return { group: decision.group, how: 'created', recovered: true, complete: false };
}

function adopted({ group }: ConflictDecision & { kind: 'adopt' }, how: 'adopted' | 'existing'): Resolved {
  return { group, how, recovered: false, complete: false };
}

const NOTHING: SyncedMembers = { added: 0, removed: 0, relabelled: false, refused: 0 };

/** Does what is left to do on the group, and reads it back. A group that was created whole is read back only. */
async function settle(state: RunState, resolved: Resolved, progress: Progress): Promise<Settled> {
  const { groupId } = resolved.group;
  let synced = resolved.complete ? NOTHING : await sync(state, resolved, progress);
  let verified = resolved.verified ?? (await verify(state, resolved, progress));
  if (resolved.complete && verified.missing > 0) {
    // The target took the group without all of its members; adding them is a request of its own.
    synced = await sync(state, resolved, progress);
    verified = await verify(state, resolved, progress, 'after-sync');
  }
  const requested = state.head.members;
  const missing = Math.max(verified.missing, synced.refused);
  return {
    groupId,
    displayName: verified.displayName,
    outcome: missing > 0 ? 'partial' : cleanOutcome(resolved, synced),
    recovered: resolved.recovered,
    members: {
      requested,
      // Members of a group that this run created came with it, also where that was found out later.
      added: resolved.how === 'created' ? requested - missing : synced.added,
      removed: synced.removed,
      missing,
      missingIds: verified.missingIds,
      duplicatesDropped: state.input.duplicatesDropped,
    },
  };
}

function cleanOutcome({ how }: Resolved, { added, removed, relabelled }: SyncedMembers): GroupOutcome {
  if (how !== 'existing') return how;
  return added + removed > 0 || relabelled ? 'updated' : 'unchanged';
}

async function sync(state: RunState, { group, how }: Resolved, progress: Progress): Promise<SyncedMembers> {
  if (state.skip.has('sync-members')) {
    progress.skipped('sync-members');
    return NOTHING;
  }
  progress.stage('syncing-members');
  const id = activityId(state, 'sync-members');
  const input = {
    ref: state.ref,
    groupId: group.groupId,
    makeEqual: state.policy === 'update' && how !== 'created',
    allowRemovals: state.allowRemovals,
  };
  return progress.step(
    'sync-members',
    id,
    () => runStep('sync-members', id, input, { summary: `Bring ${group.groupId} to its definition` }),
    (result) => describeSync(result),
  );
}

function describeSync({ added, removed, relabelled, refused }: SyncedMembers): string {
  return [
    `${added} added`,
    ...(removed > 0 ? [`${removed} removed`] : []),
    ...(relabelled ? ['name or externalId set'] : []),
    ...(refused > 0 ? [`${refused} refused`] : []),
  ].join(', ');
}

async function verify(
  state: RunState,
  { group }: Resolved,
  progress: Progress,
  suffix?: string,
): Promise<VerifiedGroup> {
  if (state.skip.has('verify-group')) {
    progress.skipped('verify-group');
    return { displayName: state.head.displayName, missing: 0, missingIds: [] };
  }
  progress.stage('verifying');
  const id = activityId(state, 'verify-group', suffix);
  return progress.step(
    'verify-group',
    id,
    () =>
      runStep(
        'verify-group',
        id,
        { ref: state.ref, groupId: group.groupId },
        { summary: `Read ${group.groupId} back` },
      ),
    (result) => (result.missing === 0 ? 'as asked for' : `${result.missing} members missing`),
  );
}
