import { describe, expect, it } from 'vitest';
import { type Answer, clientOf, seedUsers, start } from './support/client.ts';
import { expectPublishedAnswer, GROUPS, newGroup, SCIM } from './support/published-client.ts';
import { errorBody, groupEntity, scimError, scimGroup } from './support/published-schemas.ts';

// The other tests of the published family send everything through these checks; this one shows that they bite.
describe('checks of published answers', () => {
  async function rig() {
    const simulator = await start({
      seed: { users: seedUsers, groups: [{ id: 'g', displayName: 'G', members: ['u-1'] }] },
    });
    return clientOf(simulator);
  }

  it('refuse the same group in the form of the other SCIM API', async () => {
    const call = await rig();
    const other = (await call('GET', '/api/v2/users/scim/groups/g')).json;
    const paths = scimGroup.safeParse(other).error?.issues.map(({ path }) => path.join('.'));
    expect(paths).toEqual(expect.arrayContaining(['members.0', 'meta', 'meta.version']));
    expect(scimGroup.safeParse((await call('GET', `${SCIM}/g`)).json).success).toBe(true);
  });

  it('tell both error shapes apart', async () => {
    const call = await rig();
    const gateway = (await call('GET', `${SCIM}/none`)).json;
    const scim = (await call('GET', `${SCIM}?filter=x`)).json;
    expect([errorBody.safeParse(gateway).success, errorBody.safeParse(scim).success]).toEqual([true, false]);
    expect([scimError.safeParse(gateway).success, scimError.safeParse(scim).success]).toEqual([false, true]);
  });

  it.each(['id', 'name', 'dateModified', 'memberCount', 'state', 'version', 'type', 'visibility', 'rulesVisible'])(
    'miss %s of a group',
    async (field) => {
      const call = await rig();
      const entity = (await call('GET', `${GROUPS}/g`)).json;
      expect(groupEntity.safeParse(entity).success).toBe(true);
      const without = Object.fromEntries(Object.entries(entity as object).filter(([name]) => name !== field));
      expect(groupEntity.safeParse(without).success).toBe(false);
      expect(groupEntity.safeParse({ ...entity, [field]: {} }).success).toBe(false);
      expect(groupEntity.safeParse({ ...entity, extra: 1 }).success).toBe(false);
    },
  );

  it('look at status and headers', async () => {
    const call = await rig();
    const created = await call('POST', GROUPS, newGroup('A'), { 'content-type': 'application/json' });
    expectPublishedAnswer('POST', GROUPS, created);
    const without = (name: string): Answer => {
      const headers = new Headers(created.headers);
      headers.delete(name);
      return { ...created, headers };
    };
    for (const name of ['inin-correlation-id', 'inin-ratelimit-count', 'inin-ratelimit-reset', 'content-type']) {
      expect(() => expectPublishedAnswer('POST', GROUPS, without(name))).toThrow(/expect/i);
    }
    expect(() => expectPublishedAnswer('POST', GROUPS, { ...created, status: 201 })).toThrow('cannot answer 201');
  });
});
