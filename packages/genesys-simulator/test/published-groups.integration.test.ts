import { describe, expect, it } from 'vitest';
import { seedUsers, start } from './support/client.ts';
import { GROUPS, newGroup, publishedClientOf } from './support/published-client.ts';

async function rig(options = {}) {
  const simulator = await start({ seed: { users: seedUsers }, ...options });
  return { simulator, call: await publishedClientOf(simulator) };
}

describe('POST /api/v2/groups', () => {
  it('creates, without members, externalId or the description that was sent', async () => {
    const { simulator, call } = await rig();
    const body = newGroup('Sales', { type: 'social', visibility: 'members', rulesVisible: false, description: 'lost' });
    const created = await call('POST', GROUPS, { ...body, ownerIds: ['u-1'], callsEnabled: true });
    expect(created.status).toBe(200);
    expect(created.json).toMatchObject({
      name: 'Sales',
      type: 'social',
      visibility: 'members',
      rulesVisible: false,
      callsEnabled: true,
      memberCount: 0,
      state: 'active',
      version: 1,
      owners: [{ id: 'u-1' }],
    });
    expect(created.json).not.toHaveProperty('description');
    expect(simulator.groups()).toEqual([
      { id: created.json.id, displayName: 'Sales', members: [], version: 1, type: 'social', visibility: 'members' },
    ]);
    expect((await call('GET', `${GROUPS}/${created.json.id}`)).json).toEqual(created.json);
    expect(simulator.requests({ method: 'POST', path: GROUPS })[0]?.committed).toBe(true);
  });

  it('refuses a name in use, in any case', async () => {
    const { simulator, call } = await rig();
    await call('POST', GROUPS, newGroup('Sales'));
    const again = await call('POST', GROUPS, newGroup('SALES'));
    expect([again.status, again.json.code]).toEqual([400, 'group.name.in.use']);
    expect(again.json.message).toBe('This group name is currently in use.');
    expect(simulator.groups()).toHaveLength(1);
    expect(simulator.requests({ status: 400 })[0]?.committed).toBe(false);
  });

  it.each(['name', 'type', 'visibility', 'rulesVisible'])('needs %s', async (field) => {
    const { call } = await rig();
    const answer = await call('POST', GROUPS, newGroup('A', { [field]: undefined }));
    expect([answer.status, answer.json.code]).toEqual([400, 'constraint.validation']);
    expect(answer.json.message).toContain(field);
  });

  it('refuses other wrong bodies', async () => {
    const { call } = await rig();
    const post = async (body: unknown, headers = {}) => (await call('POST', GROUPS, body, headers)).json.code;
    expect(await post('{')).toBe('bad.request');
    expect(await post(newGroup('A'), { 'content-type': 'application/scim+json' })).toBe('unsupported.media.type');
    expect(await post(newGroup('A', { type: 'other' }))).toBe('constraint.validation');
    expect(await post(newGroup(' '))).toBe('constraint.validation');
    expect(await post(newGroup('A', { ownerIds: ['nobody'] }))).toBe('invalid.value');
    expect((await call('POST', GROUPS, newGroup('A', { ownerIds: [' '] }))).status).toBe(200);
    expect(await post(newGroup('x'.repeat(512_000)))).toBe('request.entity.too.large');
  });

  it('needs its own permission', async () => {
    const { call } = await rig({ permissions: ['directory:group:edit'] });
    const create = await call('POST', GROUPS, newGroup('A'));
    expect([create.status, create.json.code]).toEqual([403, 'missing.permissions']);
    expect(create.json.message).toContain('directory:group:add');
  });
});

describe('GET /api/v2/groups', () => {
  it('pages by name, both ways', async () => {
    const groups = ['b', 'C', 'a', 'd', 'E'].map((displayName) => ({ id: `g-${displayName}`, displayName }));
    const { call } = await rig({ seed: { groups } });
    const names = async (query: string) =>
      (await call('GET', `${GROUPS}?${query}`)).json.entities.map(({ name }: { name: string }) => name);
    expect(await names('')).toEqual(['a', 'b', 'C', 'd', 'E']);
    expect(await names('sortOrder=descending')).toEqual(['E', 'd', 'C', 'b', 'a']);
    expect(await names('pageSize=2&pageNumber=2')).toEqual(['C', 'd']);
    expect(await names('id=g-a&id=g-E&id=none')).toEqual(['a', 'E']);
    const second = (await call('GET', `${GROUPS}?pageSize=2&pageNumber=2&sortOrder=ASC`)).json;
    expect(second).toMatchObject({ total: 5, pageCount: 3, pageSize: 2, pageNumber: 2 });
    expect((await call('GET', second.nextUri)).json.entities).toMatchObject([{ name: 'E' }]);
    expect((await call('GET', second.previousUri)).json.entities).toMatchObject([{ name: 'a' }, { name: 'b' }]);
    expect((await call('GET', second.lastUri)).json.pageNumber).toBe(3);
    for (const query of ['pageSize=101', 'pageSize=0', 'pageNumber=x', 'sortOrder=up']) {
      expect((await call('GET', `${GROUPS}?${query}`)).json.code).toBe('invalid.query.param.value');
    }
  });

  it('finds by search', async () => {
    const groups = ['Sales EMEA', 'Sales', 'Support'].map((displayName) => ({ displayName }));
    const { simulator, call } = await rig({ seed: { groups } });
    const search = async (...query: object[]) =>
      (await call('POST', `${GROUPS}/search`, { query })).json.results.map(({ name }: { name: string }) => name);
    const fields = ['name'];
    expect(await search({ type: 'EXACT', fields, value: 'sales' })).toEqual(['Sales']);
    expect(await search({ type: 'STARTS_WITH', fields, value: 'sa' })).toEqual(['Sales', 'Sales EMEA']);
    expect(await search({ type: 'CONTAINS', fields, values: ['emea', 'supp'] })).toEqual(['Sales EMEA', 'Support']);
    expect(await search({ type: 'MATCH_ALL' }, { type: 'EXACT', fields, value: 'Sales', operator: 'NOT' })).toEqual([
      'Sales EMEA',
      'Support',
    ]);
    const refused = await call('POST', `${GROUPS}/search`, { query: [{ type: 'REGEX', fields, value: '.' }] });
    expect(refused.json.message).toContain('the simulator knows EXACT');
    expect((await call('GET', `${GROUPS}/search?q64=x`)).status).toBe(405);
    expect(simulator.requests({ path: '/search' })[0]).not.toHaveProperty('committed');
  });
});

describe('/api/v2/groups/{id}', () => {
  it('changes with the current version only', async () => {
    const { simulator, call } = await rig();
    const { id } = (await call('POST', GROUPS, newGroup('A'))).json;
    await call('POST', GROUPS, newGroup('B'));
    const path = `${GROUPS}/${id}`;
    const changed = await call('PUT', path, { version: 1, name: 'A2', description: 'kept', visibility: 'ownerIds' });
    expect(changed.json).toMatchObject({ name: 'A2', description: 'kept', visibility: 'owners', version: 2 });
    expect(changed.json).toMatchObject({ type: 'official', rulesVisible: true });
    expect(simulator.groups()[0]).toMatchObject({ displayName: 'A2', description: 'kept', visibility: 'owners' });
    const stale = await call('PUT', path, { version: 1, name: 'A3' });
    expect([stale.status, stale.json.code]).toEqual([409, 'request.conflict']);
    expect(stale.json.message).toContain('does not match the current version');
    expect((await call('PUT', path, { name: 'A3' })).json.message).toContain('version');
    expect((await call('PUT', path, { version: 2, name: 'b' })).json.code).toBe('general.bad.request');
    expect((await call('PUT', path, { version: 2, state: 'deleted' })).json.message).toContain('use DELETE');
    expect((await call('PUT', `${GROUPS}/none`, { version: 2 })).status).toBe(404);
  });

  it('deletes, once', async () => {
    const { simulator, call } = await rig();
    const { id } = (await call('POST', GROUPS, newGroup('A'))).json;
    expect((await call('DELETE', `${GROUPS}/${id}`)).status).toBe(204);
    expect((await call('DELETE', `${GROUPS}/${id}`)).json.code).toBe('not.found');
    expect(simulator.groups()).toEqual([]);
    expect((await call('POST', GROUPS, newGroup('A'))).status).toBe(200);
    expect((await call('PATCH', `${GROUPS}/${id}`, {})).status).toBe(405);
    expect((await call('DELETE', GROUPS)).headers.get('allow')).toBe('GET, POST');
    expect((await call('GET', `${GROUPS}/${id}/profile`)).status).toBe(404);
  });

  it('needs a permission for each change', async () => {
    const { call } = await rig({
      permissions: ['directory:group:add'],
      seed: { users: seedUsers, groups: [{ id: 'g', displayName: 'G' }] },
    });
    const missing = async (method: string, path: string, body?: unknown) =>
      /: (\S+)$/.exec((await call(method, path, body)).json.message)?.[1];
    expect(await missing('PUT', `${GROUPS}/g`, { version: 1 })).toBe('directory:group:edit');
    expect(await missing('DELETE', `${GROUPS}/g`)).toBe('directory:group:delete');
    expect(await missing('POST', `${GROUPS}/g/members`, { memberIds: ['u-1'] })).toBe('directory:group:edit');
    expect((await call('GET', `${GROUPS}/g`)).status).toBe(200);
  });
});

describe('/api/v2/groups/{id}/members', () => {
  const users = Array.from({ length: 120 }, (_, i) => {
    const id = `m-${String(i).padStart(3, '0')}`;
    return { id, name: id, email: `${id}@example.com` };
  });
  const ids = users.map(({ id }) => id);
  const seed = {
    users,
    groups: [
      { id: 'g', displayName: 'G', members: ['g2'] },
      { id: 'g2', displayName: 'G2' },
    ],
  };
  const path = `${GROUPS}/g/members`;

  it('adds at most 50, removes at most 50, and pages', async () => {
    const { simulator, call } = await rig({ seed });
    expect((await call('POST', path, { memberIds: ids.slice(0, 51) })).json.message).toContain('maximum of 50');
    for (const start of [0, 50, 100]) {
      const added = await call('POST', path, { memberIds: ids.slice(start, start + 50), version: 1 + start / 50 });
      expect(added.status).toBe(202);
    }
    expect((await call('GET', `${GROUPS}/g`)).json).toMatchObject({ memberCount: 121, version: 4 });
    const page = (await call('GET', `${path}?pageSize=100&pageNumber=2&sortOrder=ascending`)).json;
    expect([page.total, page.entities.length, page.entities[0].id]).toEqual([120, 20, 'm-100']);
    expect((await call('GET', `${GROUPS}/g/individuals`)).json.entities).toHaveLength(120);
    expect((await call('DELETE', `${path}?ids=${ids.slice(0, 51).join(',')}`)).json.code).toBe('bad.request');
    expect((await call('DELETE', `${path}?ids=${ids.slice(0, 50).join('%2C')}`)).status).toBe(202);
    expect((await call('DELETE', path)).json.message).toContain('ids is required');
    expect(simulator.groups()[0]?.members).toEqual(['g2', ...ids.slice(50)]);
  });

  it('refuses another version, unknown users, and groups', async () => {
    const { simulator, call } = await rig({ seed });
    const post = async (body: object) => {
      const { status, json } = await call('POST', path, body);
      return [status, json.code];
    };
    expect(await post({ memberIds: ['m-000'], version: 7 })).toEqual([409, 'general.conflict']);
    expect(await post({ memberIds: ['m-000', 'nobody'] })).toEqual([400, 'general.resource.not.found']);
    expect(await post({ memberIds: ['g2'] })).toEqual([400, 'general.resource.not.found']);
    expect(await post({ memberIds: [] })).toEqual([400, 'constraint.validation']);
    expect((await call('GET', `${GROUPS}/none/members`)).status).toBe(404);
    expect((await call('PUT', path, {})).status).toBe(405);
    expect(simulator.groups()[0]).toMatchObject({ members: ['g2'], version: 1 });
  });
});
