import { describe, expect, it } from 'vitest';
import type { Simulator, SimulatorOptions } from '@scim-onboarding/genesys-simulator';
import type { GroupTarget } from '../src/client/index.ts';
import { definition, genesysClient, scimErrorOf, simulator } from './support/clients.ts';

const users = Array.from({ length: 120 }, (_, index) => ({
  id: `u${index}`,
  name: `User ${index}`,
  email: `u${index}@example.com`,
}));

async function start(
  options: SimulatorOptions = {},
  env: Readonly<Record<string, string>> = {},
): Promise<{ sim: Simulator; target: GroupTarget }> {
  const sim = await simulator({ api: 'published', v2FilterRequired: true, seed: { users }, ...options });
  return { sim, target: await genesysClient(sim.url, { GENESYS_GROUPS_API: 'platform', ...env }).target() };
}

const writes = (sim: Simulator) =>
  sim
    .requests()
    .filter(({ method, path }) => method !== 'GET' && path !== '/oauth/token')
    .map(({ method, path, status }) => `${method} ${path} ${status}`);
const reads = (sim: Simulator) => sim.requests().filter(({ method }) => method === 'GET');

describe('platform: create', () => {
  it('creates by the Groups API; externalId and members follow by SCIM', async () => {
    const { sim, target } = await start();
    const wanted = definition({ members: [{ id: 'u1' }, { id: 'u2' }], description: 'All who sell' });
    const { group, complete } = await target.create(wanted);
    expect(complete).toBe(false);
    expect(group).toEqual({ id: group.id, displayName: 'Sales', memberIds: [] });
    await target.change(group.id, { externalId: 'hr-1', add: ['u1', 'u2'] });
    expect(await target.get(group.id)).toMatchObject({ externalId: 'hr-1', memberIds: ['u1', 'u2'] });
    expect(writes(sim)).toEqual(['POST /api/v2/groups 200', `PATCH /api/v2/scim/v2/groups/${group.id} 200`]);
    const created = sim.requests({ method: 'POST' }).find(({ path }) => path === '/api/v2/groups');
    expect(created?.body).toEqual({
      name: 'Sales',
      description: 'All who sell',
      type: 'official',
      visibility: 'public',
      rulesVisible: true,
    });
  });

  it('sends type, visibility and rulesVisible of the settings', async () => {
    const { sim, target } = await start(
      {},
      { GENESYS_GROUP_TYPE: 'social', GENESYS_GROUP_VISIBILITY: 'members', GENESYS_GROUP_RULES_VISIBLE: 'false' },
    );
    await target.create(definition());
    expect(sim.requests({ method: 'POST' }).at(-1)?.body).toMatchObject({
      type: 'social',
      visibility: 'members',
      rulesVisible: false,
    });
  });

  it('takes 400 group.name.in.use for a conflict', async () => {
    const { target } = await start({ seed: { users, groups: [{ displayName: 'Sales' }] } });
    const error = await scimErrorOf(target.create(definition()));
    expect(error).toMatchObject({ code: 'conflict', facts: { status: 400, reason: 'group.name.in.use' } });
    expect(error.outcomeUnclear).toBe(false);
  });

  it.each([
    ['create', 'directory:group:add', (target: GroupTarget) => target.create(definition())],
    ['change', 'directory:group:edit', (target: GroupTarget) => target.change('g1', { add: ['u1'] })],
    ['delete', 'directory:group:delete', (target: GroupTarget) => target.delete('g1')],
    ['look-up', 'directory:group:edit', (target: GroupTarget) => target.findByDisplayName('Sales')],
  ])('a 403 to %s names %s and the role', async (_name, permission, call) => {
    const seed = { users, groups: [{ id: 'g1', displayName: 'Sales' }] };
    const { target } = await start({ permissions: [], seed });
    const error = await scimErrorOf(call(target));
    expect(error.code).toBe('forbidden');
    expect(error.message).toContain(`needs permission ${permission} in a role of the OAuth client`);
    expect(error.message).toContain('SCIM Integration');
    expect(error.facts.correlationId).toMatch(/^[0-9a-f-]{36}$/u);
  });
});

describe('platform: look-up', () => {
  const groups = [
    { id: 'g1', displayName: 'sales', externalId: 'HR-1' },
    { id: 'g2', displayName: 'Support', externalId: 'hr-1', members: ['u1'] },
    ...Array.from({ length: 60 }, (_, index) => ({ displayName: `Team ${index}`, externalId: `team-${index}` })),
  ];

  it('by name leaves out what is costly, then reads each match whole', async () => {
    const { sim, target } = await start({ seed: { users, groups } });
    expect(await target.findByDisplayName('Sales')).toMatchObject([{ id: 'g1', externalId: 'HR-1', memberIds: [] }]);
    expect(reads(sim).map(({ path }) => path)).toEqual([
      '/api/v2/scim/v2/groups?filter=displayName eq "Sales"&excludedAttributes=members,externalId&startIndex=1&count=100',
      '/api/v2/scim/v2/groups/g1',
    ]);
  });

  it('by externalId looks at groups of the name first, and compares by exact case', async () => {
    const { sim, target } = await start({ seed: { users, groups } });
    expect(await target.findByExternalId('hr-1', 'Support')).toMatchObject([{ id: 'g2', memberIds: ['u1'] }]);
    expect(reads(sim)).toHaveLength(2);
  });

  it('by externalId reads the whole list where the name does not give it: 25 a page, or the vendor answers 429', async () => {
    const { sim, target } = await start({ seed: { users, groups } });
    expect((await target.findByExternalId('hr-1', 'Sales')).map(({ id }) => id)).toEqual(['g2']);
    expect(await target.findByExternalId('nobody')).toEqual([]);
    const lists = reads(sim).filter(({ path }) => path.startsWith('/api/v2/scim/groups?'));
    expect(lists.map(({ path }) => new URL(path, sim.url).searchParams.get('startIndex'))).toEqual([
      '1',
      '26',
      '51',
      '1',
      '26',
      '51',
    ]);
    expect(lists.every(({ path }) => path.includes('count=25') && path.includes('excludedAttributes=members&'))).toBe(
      true,
    );
  });

  it('by prefix, and the list', async () => {
    const { target } = await start({ seed: { users, groups } });
    expect((await target.findByExternalIdPrefix('team-5')).map(({ externalId }) => externalId)).toHaveLength(11);
    const all: string[] = [];
    for await (const group of target.list()) all.push(group.id);
    expect(new Set(all).size).toBe(62);
  });

  it('leaves out a group that was deleted between list and read', async () => {
    const { sim, target } = await start({ seed: { users, groups } });
    sim.addFault({ kind: 'respond', status: 404, match: { method: 'GET', path: '/groups/g1' } });
    expect(await target.findByDisplayName('Sales')).toEqual([]);
  });

  it('of users asks for 100 at a time', async () => {
    const { sim, target } = await start();
    const ids = [...users.map(({ id }) => id), 'nobody'];
    expect((await target.existingUsers(ids)).size).toBe(120);
    expect(reads(sim)).toHaveLength(2);
  });
});

describe('platform: change', () => {
  const seed = { users, groups: [{ id: 'g1', displayName: 'Sales', members: ['u1', 'u2', 'u3'] }] };

  it('removes one member by path and adds others, guarded by the version as received', async () => {
    const { sim, target } = await start({ seed });
    const { version } = await target.get('g1');
    await target.change('g1', { add: ['u4'], remove: ['u2'] }, version);
    expect((await target.get('g1')).memberIds).toEqual(['u1', 'u3', 'u4']);
    const [patch] = sim.requests({ method: 'PATCH' });
    expect(patch?.body).toMatchObject({
      Operations: [
        { op: 'add', path: 'members', value: [{ value: 'u4' }] },
        { op: 'remove', path: 'members[value eq "u2"]' },
      ],
    });
  });

  it.each(['invalidVers', '409', '412'] as const)(
    'takes %s for stale, and changes nothing',
    async (versionMismatch) => {
      const { sim, target } = await start({ seed, versionMismatch });
      const { version } = await target.get('g1');
      await target.change('g1', { add: ['u5'] }, version);
      const error = await scimErrorOf(target.change('g1', { remove: ['u1'] }, version));
      expect(error).toMatchObject({ code: 'stale', retryable: true, outcomeUnclear: false });
      expect(sim.groups()[0]?.members).toEqual(['u1', 'u2', 'u3', 'u5']);
    },
  );

  it('takes a version without quotes, as the vendor shows it in meta', async () => {
    const { target } = await start({ seed });
    const version = (await target.get('g1')).version?.replaceAll('"', '');
    await target.change('g1', { add: ['u4'] }, version);
    expect((await target.get('g1')).memberIds).toContain('u4');
  });

  it('renames by the Groups API, after what SCIM changes', async () => {
    const { sim, target } = await start({ seed });
    const { version } = await target.get('g1');
    await target.change('g1', { displayName: 'Sales EMEA', externalId: 'hr-1', add: ['u4'] }, version);
    expect(await target.get('g1')).toMatchObject({ displayName: 'Sales EMEA', externalId: 'hr-1' });
    expect(writes(sim)).toEqual(['PATCH /api/v2/scim/v2/groups/g1 200', 'PUT /api/v2/groups/g1 200']);
  });

  it('a rename alone sends no PATCH; a name in use is a conflict', async () => {
    const { sim, target } = await start({ seed: { users, groups: [...seed.groups, { displayName: 'Taken' }] } });
    expect((await scimErrorOf(target.change('g1', { displayName: 'Taken' }))).code).toBe('conflict');
    expect(writes(sim)).toEqual(['PUT /api/v2/groups/g1 400']);
  });

  it('takes 409 to a rename for stale', async () => {
    const { sim, target } = await start({ seed });
    sim.addFault({
      kind: 'respond',
      status: 409,
      match: { method: 'PUT' },
      body: JSON.stringify({
        message: 'version number of the modified resource must match',
        code: 'request.conflict',
        status: 409,
      }),
    });
    expect((await scimErrorOf(target.change('g1', { displayName: 'New' }))).code).toBe('stale');
  });

  it('deletes by the Groups API', async () => {
    const { sim, target } = await start({ seed });
    await target.delete('g1');
    expect(sim.groups()).toEqual([]);
    expect((await scimErrorOf(target.delete('g1'))).code).toBe('not_found');
  });
});
