import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoSeed } from '@scim-onboarding/genesys-simulator';
import { OnboardingFailedError } from '@scim-onboarding/onboarding-client';
import { definition, startRig, writes, type Rig } from './support/rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await startRig({
    seed: {
      users: demoSeed.users ?? [],
      groups: [
        { id: '11111111-0000-4000-8000-000000000001', displayName: 'Corp', externalId: 'corp' },
        { id: '11111111-0000-4000-8000-000000000002', displayName: 'Vault', externalId: 'corp.eng.vault' },
        { id: '11111111-0000-4000-8000-000000000003', displayName: 'Staff', externalId: 'staff' },
        { id: '11111111-0000-4000-8000-000000000004', displayName: 'Inner', externalId: 'inner' },
        {
          id: '11111111-0000-4000-8000-000000000005',
          displayName: 'Outer',
          externalId: 'outer',
          members: ['11111111-0000-4000-8000-000000000004'],
        },
      ],
    },
  });
  await rig.work({ policy: { allowedRoles: ['agent'], restrictedParentGroups: ['corp', 'corp.eng.vault', 'board'] } });
});
afterAll(() => rig.close());

async function issues(input: ReturnType<typeof definition>): Promise<string[]> {
  const since = rig.simulator.requests().length;
  const { workflowId, runId } = await rig.onboarding.start(input, { onFailure: 'fail' });
  const error: unknown = await rig.onboarding.result(workflowId, { runId }).catch((thrown: unknown) => thrown);
  if (!(error instanceof OnboardingFailedError))
    throw new Error(`expected a failed onboarding, got ${JSON.stringify(error)}`);
  expect(writes(rig.simulator.requests().slice(since))).toEqual([]);
  expect(error.type).toBe('ValidationFailed');
  return (error.details?.issues ?? []).map((issue) => `${issue.path} ${issue.code}`);
}

describe('validation against the directory, before anything is written', () => {
  it('lists unknown members by id, and every other problem with them', async () => {
    rig.simulator.addGroup({ displayName: 'Team_many-1', externalId: 'holder' });
    const members = [...definition('x').members, { id: 'nobody-1' }, { id: 'nobody-2' }];
    expect(
      await issues(definition('many-1', { members, roles: ['agent', 'admin'], parentExternalId: 'nowhere' })),
    ).toEqual([
      '$.roles[1] role_not_allowed',
      '$.parentExternalId parent_not_found',
      '$.members[2].id unknown_member',
      '$.members[3].id unknown_member',
      '$.displayName name_taken',
    ]);
  });

  it('refuses a group under or above a restricted one, by prefix', async () => {
    expect(await issues(definition('corp.sales'))).toEqual(['$.externalId restricted_ancestor']);
    expect(await issues(definition('corp.eng'))).toEqual([
      '$.externalId restricted_ancestor',
      '$.externalId restricted_descendant',
    ]);
  });

  it('ignores restricted groups that do not exist', async () => {
    const { workflowId } = await rig.onboarding.start(definition('board.minutes'));
    expect(await rig.onboarding.result(workflowId)).toMatchObject({ outcome: 'created' });
  });

  it('accepts an existing parent that is not restricted', async () => {
    const { workflowId } = await rig.onboarding.start(
      definition('child-1', { parentExternalId: 'staff', roles: ['agent'] }),
    );
    expect(await rig.onboarding.result(workflowId)).toMatchObject({ outcome: 'created' });
  });

  it('refuses a group that would become its own ancestor', async () => {
    expect(await issues(definition('loop-1', { parentExternalId: 'loop-1' }))).toContain(
      '$.parentExternalId privilege_loop',
    );
    const outer = { id: '11111111-0000-4000-8000-000000000005' };
    expect(await issues(definition('inner', { displayName: 'Inner', members: [outer] }))).toEqual([
      '$.members privilege_loop',
    ]);
    expect(
      await issues(definition('staff.night', { members: [{ id: '11111111-0000-4000-8000-000000000003' }] })),
    ).toEqual(['$.members[0].id privilege_loop']);
  });

  it('accepts a member that is a group without a loop', async () => {
    const { workflowId } = await rig.onboarding.start(
      definition('nest-1', { members: [{ id: '11111111-0000-4000-8000-000000000005' }] }),
    );
    expect(await rig.onboarding.result(workflowId)).toMatchObject({ outcome: 'created', members: { missing: 0 } });
  });

  it('asks for users in batches', async () => {
    const ids = Array.from({ length: 250 }, (_, index) => `user-${index}`);
    rig.simulator.addUsers(ids.map((id) => ({ id, name: id, email: `${id}@example.com` })));
    const since = rig.simulator.requests().length;
    const { workflowId } = await rig.onboarding.start(definition('batch-1', { members: ids.map((id) => ({ id })) }));
    expect(await rig.onboarding.result(workflowId)).toMatchObject({
      outcome: 'created',
      members: { requested: 250, missing: 0 },
    });
    expect(
      rig.simulator
        .requests()
        .slice(since)
        .filter(({ path }) => path.startsWith('/api/v2/users?')),
    ).toHaveLength(3);
  });
});
