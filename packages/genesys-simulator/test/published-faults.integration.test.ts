import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  BASE,
  clientOf,
  groupBody,
  patchBody,
  requestToken,
  seedUsers,
  send,
  start,
  valuesOf,
} from './support/client.ts';
import { GROUPS, newGroup, publishedClientOf, SCIM } from './support/published-client.ts';

async function rig(options = {}) {
  const simulator = await start({ seed: { users: seedUsers }, ...options });
  return { simulator, call: await publishedClientOf(simulator) };
}

describe('option api', () => {
  it('scim has no published paths for groups', async () => {
    const { call } = await rig({ api: 'scim' });
    for (const path of [GROUPS, SCIM, '/api/v2/scim/groups']) {
      expect((await call('GET', path)).json.code).toBe('not.found');
    }
    const simulator = await start({ api: 'scim' });
    expect((await (await clientOf(simulator))('GET', `${BASE}/groups`)).status).toBe(200);
  });

  it('published has nothing at scimBasePath', async () => {
    const { call } = await rig({ api: 'published' });
    for (const path of [`${BASE}/groups`, `${BASE}/groups/x`, `${BASE}/ServiceProviderConfig`, BASE]) {
      expect((await call('GET', path)).json.code).toBe('not.found');
    }
    expect((await call('POST', `${BASE}/groups`, groupBody('A'))).status).toBe(404);
    expect((await call('GET', SCIM)).status).toBe(200);
    expect((await call('GET', '/api/v2/users/u-1')).status).toBe(200);
  });

  it('both shows one organization twice', async () => {
    const { simulator, call } = await rig();
    const scim = await clientOf(simulator);
    const { id } = (await call('POST', GROUPS, newGroup('A'))).json;
    expect((await scim('GET', `${BASE}/groups/${id}`)).json.displayName).toBe('A');
    const other = (await scim('POST', `${BASE}/groups`, groupBody('B', { externalId: 'b' }))).json.id;
    expect((await call('GET', `${GROUPS}/${other}`)).json).toMatchObject({ type: 'official', visibility: 'public' });
    expect((await call('GET', `${SCIM}/${other}`)).json.externalId).toBe('b');
  });

  it('lets scimBasePath win where both have a path', async () => {
    const simulator = await start({ scimBasePath: '/api/v2/scim/v2' });
    expect((await (await clientOf(simulator))('POST', SCIM, groupBody('A'))).status).toBe(201);
  });
});

describe('headers and limits of the published family', () => {
  it('counts requests and refuses the one too many', async () => {
    const { call } = await rig({ rateLimitPerMinute: 2 });
    expect((await call('GET', GROUPS)).headers.get('inin-ratelimit-count')).toBe('1');
    expect((await call('GET', SCIM)).headers.get('inin-ratelimit-allowed')).toBe('2');
    const refused = await call('GET', GROUPS);
    expect([refused.status, refused.json.code]).toEqual([429, 'too.many.requests.retry.after']);
    expect(refused.headers.get('retry-after')).toBe(refused.headers.get('inin-ratelimit-reset'));
  });

  it('needs a live token', async () => {
    const { simulator } = await rig();
    for (const path of [GROUPS, SCIM])
      expect((await send(`${simulator.url}${path}`)).json.code).toBe('bad.credentials');
  });
});

describe('visibility after a create', () => {
  it('comes late to reads, and at once to unique names', async () => {
    const { simulator, call } = await rig({ visibilityDelayMs: 1000 });
    const before = performance.now();
    const { id } = (await call('POST', GROUPS, newGroup('A'))).json;
    expect((await call('GET', `${GROUPS}/${id}`)).status).toBe(404);
    expect((await call('GET', `${GROUPS}/${id}/members`)).status).toBe(404);
    expect((await call('GET', `${SCIM}/${id}`)).status).toBe(404);
    expect((await call('GET', GROUPS)).json.total).toBe(0);
    expect((await call('GET', `${SCIM}?filter=displayName eq A`)).json.totalResults).toBe(0);
    expect((await call('POST', `${GROUPS}/search`, { query: [] })).json.total).toBe(0);
    expect((await call('POST', GROUPS, newGroup('a'))).json.code).toBe('group.name.in.use');
    const patch = patchBody({ op: 'add', path: 'members', value: valuesOf('u-1') });
    expect((await call('PATCH', `${SCIM}/${id}`, patch)).status).toBe(200);
    expect(simulator.groups()).toHaveLength(1);
    // Otherwise the machine was too slow for this to mean anything.
    expect(performance.now() - before).toBeLessThan(1000);
    await sleep(1000);
    expect((await call('GET', `${GROUPS}/${id}`)).json.memberCount).toBe(1);
    expect((await call('GET', `${SCIM}?filter=displayName eq A`)).json.totalResults).toBe(1);
  });

  it('can differ between the APIs, and hold for writes', async () => {
    const { simulator, call } = await rig({ visibilityDelayMs: { publishedScim: 60_000 }, hideFromWrites: true });
    const { id } = (await call('POST', GROUPS, newGroup('A'))).json;
    const scim = await clientOf(simulator);
    expect((await call('GET', `${GROUPS}/${id}`)).status).toBe(200);
    expect((await scim('GET', `${BASE}/groups/${id}`)).status).toBe(200);
    expect((await call('GET', `${SCIM}/${id}`)).status).toBe(404);
    const patch = await call('PATCH', `${SCIM}/${id}`, patchBody({ op: 'remove', path: 'externalId' }));
    expect(patch.status).toBe(404);
    simulator.reset({ groups: [{ id: 'seeded', displayName: 'S' }] });
    expect((await call('GET', `${SCIM}/seeded`)).status).toBe(200);
  });

  it('holds for the API at scimBasePath too', async () => {
    const simulator = await start({ visibilityDelayMs: { scim: 60_000 } });
    const scim = await clientOf(simulator);
    const { id } = (await scim('POST', `${BASE}/groups`, groupBody('A'))).json;
    expect((await scim('GET', `${BASE}/groups/${id}`)).status).toBe(404);
    expect((await scim('GET', `${BASE}/groups`)).json.totalResults).toBe(0);
    expect((await scim('POST', `${BASE}/groups`, groupBody('A'))).status).toBe(409);
  });

  it('refuses a delay that is none', async () => {
    await expect(start({ visibilityDelayMs: -1 })).rejects.toThrow('visibilityDelayMs.scim');
  });
});

describe('faults on the published paths', () => {
  it('hide-group: missing for one read', async () => {
    const seed = { users: seedUsers, groups: [{ id: 'g', displayName: 'Sales' }] };
    const { simulator, call } = await rig({ seed });
    simulator.addFault({ kind: 'hide-group', name: 'SALES', times: 3 });
    expect((await call('POST', GROUPS, newGroup('Sales'))).json.code).toBe('group.name.in.use');
    await requestToken(simulator);
    expect((await call('GET', `${SCIM}?filter=displayName eq Sales`)).json.totalResults).toBe(0);
    expect((await call('GET', `${GROUPS}/g`)).status).toBe(404);
    expect((await (await clientOf(simulator))('GET', `${BASE}/groups`)).json.totalResults).toBe(0);
    expect((await call('GET', `${GROUPS}/g`)).status).toBe(200);
    expect(simulator.requests().filter(({ fault }) => fault === 'hide-group')).toHaveLength(3);
  });

  it('drop-after-commit: a group nobody was told of', async () => {
    const { simulator, call } = await rig();
    simulator.addFault({ kind: 'drop-after-commit', match: { method: 'POST', path: GROUPS } });
    await expect(call('POST', GROUPS, newGroup('A'))).rejects.toThrow('fetch failed');
    expect(simulator.requests({ status: 'dropped' })).toMatchObject([{ path: GROUPS, committed: true }]);
    expect((await call('POST', GROUPS, newGroup('A'))).json.code).toBe('group.name.in.use');
  });

  it('drop-before, commit-then-respond and delay on PATCH', async () => {
    const { simulator } = await rig({ seed: { users: seedUsers, groups: [{ id: 'g', displayName: 'G' }] } });
    // The answer of commit-then-respond is not one of the published family.
    const call = await clientOf(simulator);
    const match = { method: 'PATCH', path: SCIM };
    const patch = (id: string) =>
      call('PATCH', `${SCIM}/g`, patchBody({ op: 'add', path: 'members', value: valuesOf(id) }));
    simulator.addFault({ kind: 'drop-before', match });
    simulator.addFault({ kind: 'commit-then-respond', status: 504, match });
    simulator.addFault({ kind: 'delay', ms: 20, match });
    await expect(patch('u-1')).rejects.toThrow('fetch failed');
    expect((await patch('u-2')).status).toBe(504);
    expect((await patch('u-3')).status).toBe(200);
    expect(simulator.groups()[0]?.members).toEqual(['u-2', 'u-3']);
    expect(simulator.requests({ method: 'PATCH' })).toMatchObject([
      { fault: 'drop-before', status: 'dropped', committed: false },
      { fault: 'commit-then-respond', status: 504, committed: true },
      { fault: 'delay', status: 200, committed: true },
    ]);
  });

  it('create-first, rate-limited and expire-tokens', async () => {
    const { simulator, call } = await rig();
    simulator.addFault({ kind: 'create-first', group: { displayName: 'A' }, match: { method: 'POST', path: GROUPS } });
    expect((await call('POST', GROUPS, newGroup('A'))).json.code).toBe('group.name.in.use');
    simulator.addFault({ kind: 'rate-limited', retryAfterSeconds: 3, match: { path: SCIM } });
    expect((await call('GET', SCIM)).headers.get('retry-after')).toBe('3');
    simulator.addFault({ kind: 'expire-tokens', match: { path: GROUPS } });
    expect((await call('GET', GROUPS)).status).toBe(401);
  });
});
