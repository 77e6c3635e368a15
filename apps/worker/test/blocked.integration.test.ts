import { WorkflowUpdateFailedError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoSeed } from '@scim-onboarding/genesys-simulator';
import {
  getOnboardingState,
  resolveOnboarding,
  type BlockedReport,
  type OnboardingState,
  type Resolution,
} from '@scim-onboarding/onboarding-contract';
import { OnboardingFailedError } from '@scim-onboarding/onboarding-client';
import type { GroupDefinition } from '@scim-onboarding/scim-core';
import { conversation, definition, startRig, writes, type Rig } from './support/rig.ts';
import { deleteElsewhere, GROUPS, groupsOf, recordsOf, webhooksOf } from './support/scenario.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await startRig({ seed: demoSeed });
  await rig.work();
});
afterAll(() => rig.close());

async function untilBlocked(externalId: string, block = 1): Promise<BlockedReport> {
  const handle = rig.handle(externalId);
  let state: OnboardingState | undefined;
  await expect
    .poll(
      async () => {
        state = await handle.query(getOnboardingState);
        return state.blocked?.block;
      },
      { timeout: 15_000 },
    )
    .toBe(block);
  if (state?.blocked === undefined) throw new Error('not blocked');
  return state.blocked;
}

/** Starts an onboarding whose name somebody else has, and waits until it is blocked. */
async function blockedByName(externalId: string, more: Partial<GroupDefinition> = {}) {
  const holder = rig.simulator.addGroup({ displayName: `Team_${externalId}`, externalId: `other-${externalId}` });
  await rig.onboarding.start(definition(externalId, more));
  return { holder, blocked: await untilBlocked(externalId) };
}

function resolve(externalId: string, resolution: Resolution, updateId?: string) {
  return rig
    .handle(externalId)
    .executeUpdate(resolveOnboarding, { args: [resolution], ...(updateId === undefined ? {} : { updateId }) });
}

async function refusal(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.catch((thrown: unknown) => thrown);
  if (!(error instanceof WorkflowUpdateFailedError)) throw new Error(`expected a refused update, got ${String(error)}`);
  return String(error.cause?.message);
}

describe('a permanent failure', () => {
  it('parks the run: stage, reason, and what to do are there to see', async () => {
    const { blocked, holder } = await blockedByName('park-1');
    expect(blocked).toMatchObject({
      step: 'validate-group',
      type: 'NameConflict',
      allowed: ['retry', 'adopt', 'abort'],
    });
    expect(Date.parse(blocked.until) - Date.parse(blocked.since)).toBe(7 * 86_400_000);
    const description = await rig.handle('park-1').describe();
    expect(description.status.name).toBe('RUNNING');
    const found: string[] = [];
    await expect
      .poll(
        async () => {
          const query = 'OnboardingStage = "blocked" AND BlockedReason = "NameConflict" AND GroupExternalId = "park-1"';
          for await (const run of rig.client.workflow.list({ query })) found.push(run.workflowId);
          return found.length;
        },
        { timeout: 10_000 },
      )
      .toBeGreaterThan(0);
    const metadata = await rig.handle('park-1').query<{ currentDetails?: string }>('__temporal_workflow_metadata');
    for (const words of [
      'Blocked at validate-group: NameConflict',
      holder.id,
      'other-park-1',
      'onboard resolve park-1 --retry',
      '--adopt <group id>',
      'Rename one of the two groups',
    ]) {
      expect(metadata.currentDetails).toContain(words);
    }
    expect(webhooksOf(rig, 'park-1')).toEqual([]);
    await resolve('park-1', { action: 'abort' });
  });

  it('goes on by retry once the cause is gone', async () => {
    const { holder } = await blockedByName('retry-1');
    await deleteElsewhere(rig, holder.id);
    expect(await resolve('retry-1', { action: 'retry', by: 'ops@example.com' })).toEqual({
      action: 'retry',
      block: 1,
      step: 'validate-group',
    });
    expect(await rig.onboarding.result('retry-1')).toMatchObject({ outcome: 'created' });
    const state = await rig.handle('retry-1').query(getOnboardingState);
    expect(state.resolutions).toEqual([{ block: 1, action: 'retry', by: 'ops@example.com' }]);
    expect(groupsOf(rig, 'retry-1')).toHaveLength(1);
    await rig.replay('retry-1', 'blocked-retried');
  });

  it('goes on with an amended definition, which is validated', async () => {
    await blockedByName('amend-1');
    expect(await refusal(resolve('amend-1', { action: 'retry', definition: definition('another') }))).toContain(
      '"another"',
    );
    await resolve('amend-1', {
      action: 'retry',
      block: 1,
      definition: definition('amend-1', { displayName: 'not a name!' }),
    });
    expect(await untilBlocked('amend-1', 2)).toMatchObject({ type: 'ValidationFailed' });
    await resolve('amend-1', { action: 'retry', definition: definition('amend-1', { displayName: 'Amended_1' }) });
    expect(await rig.onboarding.result('amend-1')).toMatchObject({ outcome: 'created', displayName: 'Amended_1' });
    expect(groupsOf(rig, 'amend-1')).toMatchObject([{ displayName: 'Amended_1' }]);
    await rig.replay('amend-1', 'blocked-amended');
  });

  it('adopts the group that a person names, if it has no other owner', async () => {
    const { holder } = await blockedByName('adopt-1');
    await resolve('adopt-1', { action: 'adopt', groupId: holder.id });
    expect(await untilBlocked('adopt-1', 2)).toMatchObject({ step: 'sync-members', type: 'GroupHasOtherOwner' });
    const free = rig.simulator.addGroup({ displayName: 'Free_adopt-1' });
    await resolve('adopt-1', { action: 'adopt', groupId: free.id });
    expect(await rig.onboarding.result('adopt-1')).toMatchObject({
      outcome: 'adopted',
      groupId: free.id,
      status: 'conflict_resolved',
    });
    expect(groupsOf(rig, 'adopt-1')).toMatchObject([{ id: free.id }]);
    expect(groupsOf(rig, 'adopt-1')[0]?.members).toHaveLength(2);
    await rig.replay('adopt-1', 'blocked-adopted');
  });

  it('is skipped only where that is safe', async () => {
    rig.simulator.addGroup({ displayName: 'Team_skip-1', externalId: 'skip-1' });
    rig.simulator.addFault({ kind: 'respond', match: { method: 'PATCH' }, status: 403, body: '{"message":"no"}' });
    await rig.onboarding.start(definition('skip-1'));
    expect(await untilBlocked('skip-1')).toMatchObject({
      step: 'sync-members',
      type: 'Forbidden',
      allowed: ['retry', 'skip', 'adopt', 'abort'],
    });
    await resolve('skip-1', { action: 'skip' });
    expect(await rig.onboarding.result('skip-1')).toMatchObject({
      outcome: 'partial',
      members: { added: 0, missing: 2 },
    });
    await rig.replay('skip-1', 'blocked-skipped');

    await blockedByName('skip-2');
    expect(await refusal(resolve('skip-2', { action: 'skip' }))).toContain('cannot be skipped');
    await resolve('skip-2', { action: 'abort' });
  });
});

describe('an abort', () => {
  it('of a blocked run deletes only what the run created, and only if asked to', async () => {
    rig.simulator.addFault({
      kind: 'respond',
      match: { method: 'GET', path: `${GROUPS}/` },
      // The first is the one of create-group, which leaves it to verify-group.
      times: 2,
      status: 403,
      body: '{"message":"no"}',
    });
    await rig.onboarding.start(definition('undo-1'));
    expect(await untilBlocked('undo-1')).toMatchObject({ step: 'verify-group', type: 'Forbidden' });
    expect(groupsOf(rig, 'undo-1')).toHaveLength(1);
    await resolve('undo-1', { action: 'abort', compensate: true, by: 'ops' });
    const error: unknown = await rig.onboarding.result('undo-1').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OnboardingFailedError);
    expect(error).toMatchObject({ type: 'Aborted' });
    expect(groupsOf(rig, 'undo-1')).toEqual([]);
    expect(await recordsOf(rig, 'undo-1')).toMatchObject([
      { outcome: 'cancelled', status: 'failure', failure: { type: 'Aborted' } },
    ]);
    await rig.replay('undo-1', 'aborted-compensated');
  });

  it('leaves a group alone that was there before', async () => {
    const { id } = rig.simulator.addGroup({ displayName: 'Team_undo-2', externalId: 'undo-2' });
    rig.simulator.addFault({ kind: 'respond', match: { method: 'PATCH' }, status: 403, body: '{"message":"no"}' });
    await rig.onboarding.start(definition('undo-2'));
    await untilBlocked('undo-2');
    const since = rig.simulator.requests().length;
    await resolve('undo-2', { action: 'abort', compensate: true });
    await expect(rig.onboarding.result('undo-2')).rejects.toMatchObject({ type: 'Aborted' });
    expect(groupsOf(rig, 'undo-2')).toMatchObject([{ id }]);
    expect(writes(rig.simulator.requests().slice(since))).toEqual([]);
  });

  it('of a running onboarding with compensation takes the group back', async () => {
    rig.simulator.addFault({
      kind: 'respond',
      match: { path: '/hris/webhook', bodyIncludes: '"undo-3"' },
      times: 'always',
      status: 503,
    });
    await rig.onboarding.start(definition('undo-3'));
    await expect
      .poll(async () => (await rig.handle('undo-3').query(getOnboardingState)).stage, { timeout: 15_000 })
      .toBe('notifying');
    expect(await resolve('undo-3', { action: 'abort', compensate: true })).toEqual({ action: 'abort', block: 0 });
    await expect(rig.onboarding.result('undo-3')).rejects.toMatchObject({ type: 'Aborted' });
    expect(groupsOf(rig, 'undo-3')).toEqual([]);
    await rig.replay('undo-3', 'cancelled-compensated');
  });
});

describe('the update', () => {
  it('counts once however often it is sent with one id', async () => {
    await blockedByName('once-1');
    const sent = [1, 2, 3].map(() => resolve('once-1', { action: 'retry', block: 1 }, '1:retry'));
    expect(await Promise.all(sent)).toEqual(
      [1, 2, 3].map(() => ({ action: 'retry', block: 1, step: 'validate-group' })),
    );
    await untilBlocked('once-1', 2);
    expect((await rig.handle('once-1').query(getOnboardingState)).resolutions).toHaveLength(1);
    expect(await refusal(resolve('once-1', { action: 'retry', block: 1 }, 'late'))).toContain('block 1');
    await resolve('once-1', { action: 'abort' });
  });

  it('is refused by a run that is not blocked, and when it makes no sense', async () => {
    rig.simulator.addFault({
      kind: 'respond',
      match: { path: '/hris/webhook', bodyIncludes: '"early-1"' },
      times: 'always',
      status: 503,
    });
    await rig.onboarding.start(definition('early-1'));
    await expect
      .poll(async () => (await rig.handle('early-1').query(getOnboardingState)).stage, { timeout: 15_000 })
      .toBe('notifying');
    expect(await refusal(resolve('early-1', { action: 'retry' }))).toContain('not blocked');
    expect(await refusal(resolve('early-1', { action: 'explode' } as unknown as Resolution))).toContain(
      'must be one of',
    );
    await resolve('early-1', { action: 'abort' });
  });
});

describe('nobody decides', () => {
  it('the run reminds, and ends as failed at its deadline', async () => {
    rig.simulator.addGroup({ displayName: 'Team_nobody-1', externalId: 'other-nobody-1' });
    await rig.onboarding.start(definition('nobody-1'), { blocked: { remindAfterSeconds: 1, giveUpAfterSeconds: 3 } });
    await expect(rig.onboarding.result('nobody-1')).rejects.toMatchObject({ type: 'NameConflict' });
    const { json } = await rig.history('nobody-1');
    expect(json.match(/EVENT_TYPE_TIMER_FIRED/gu)?.length).toBe(3);
    expect(await recordsOf(rig, 'nobody-1')).toMatchObject([{ outcome: 'failed', failure: { type: 'NameConflict' } }]);
    await rig.replay('nobody-1', 'blocked-given-up');
  });
});

describe('conflict policies', () => {
  const first = definition('x').members[0]?.id ?? '';
  const second = definition('x').members[1]?.id ?? '';
  const third = demoSeed.users?.[2]?.id ?? '';

  async function run(externalId: string, policy: 'adopt-by-name' | 'update' | 'fail', allowRemovals = false) {
    const since = rig.simulator.requests().length;
    await rig.onboarding.start(definition(externalId), { conflictPolicy: policy, onFailure: 'fail', allowRemovals });
    const result = await rig.onboarding.result(externalId);
    return { result, lines: conversation(writes(rig.simulator.requests().slice(since))) };
  }

  it('adopt-by-name takes a group without externalId, and its members stay', async () => {
    const { id } = rig.simulator.addGroup({ displayName: 'Team_byname-1', members: [third] });
    expect((await run('byname-1', 'adopt-by-name')).result).toMatchObject({
      outcome: 'adopted',
      groupId: id,
      members: { added: 2, removed: 0 },
    });
    expect(new Set(groupsOf(rig, 'byname-1')[0]?.members)).toEqual(new Set([first, second, third]));
    rig.simulator.addGroup({ displayName: 'Team_byname-2', externalId: 'owned' });
    await expect(run('byname-2', 'adopt-by-name')).rejects.toMatchObject({ type: 'NameConflict' });
  });

  it('update makes the group equal to the definition, and then has nothing to do', async () => {
    rig.simulator.addGroup({ displayName: 'Old_name', externalId: 'equal-1', members: [first, third] });
    expect((await run('equal-1', 'update')).result).toMatchObject({
      outcome: 'updated',
      displayName: 'Team_equal-1',
      members: { added: 1, removed: 1, missing: 0 },
    });
    expect(groupsOf(rig, 'equal-1')).toMatchObject([{ displayName: 'Team_equal-1' }]);
    expect(new Set(groupsOf(rig, 'equal-1')[0]?.members)).toEqual(new Set([first, second]));
    expect(await run('equal-1', 'update')).toMatchObject({ result: { outcome: 'unchanged' }, lines: [] });
  });

  it('update holds when the source would empty the group', async () => {
    rig.simulator.addGroup({ displayName: 'Team_hold-1', externalId: 'hold-1', members: [third] });
    await expect(run('hold-1', 'update')).rejects.toMatchObject({ type: 'RemovalsHeld' });
    expect(groupsOf(rig, 'hold-1')[0]?.members).toEqual([third]);
    expect((await run('hold-1', 'update', true)).result).toMatchObject({
      outcome: 'updated',
      members: { added: 2, removed: 1 },
    });
  });

  it('fail fails on a group that exists, also on a re-run', async () => {
    expect((await run('strict-1', 'fail')).result).toMatchObject({ outcome: 'created' });
    await expect(run('strict-1', 'fail')).rejects.toMatchObject({ type: 'GroupExists' });
  });
});
