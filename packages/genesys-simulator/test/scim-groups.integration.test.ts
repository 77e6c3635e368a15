import { describe, expect, it } from 'vitest';
import { BASE, clientOf, CORE, groupBody, patchBody, seedUsers, start, valuesOf } from './support/client.ts';

const EXTENSION = 'urn:example:params:scim:schemas:extension:acme:2.0:Group';
const SCIM_ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';
const find = (filter: string): string => `${BASE}/groups?filter=${encodeURIComponent(filter)}`;

describe('POST groups', () => {
  it('creates a group and gives back the resource', async () => {
    const simulator = await start({ seed: { users: seedUsers, groups: [{ id: 'g-0', displayName: 'Inner' }] } });
    const call = await clientOf(simulator);
    const answer = await call('POST', `${BASE}/Groups`, {
      schemas: [CORE, EXTENSION],
      displayName: 'Team "A"',
      externalId: 'e-1',
      members: [{ value: 'u-1', $ref: 'x', display: 'y' }, { value: 'g-0' }, { value: 'u-1' }],
      [EXTENSION]: { cost: { center: [1, null] } },
      meta: { resourceType: 'Group' },
      unknown: true,
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('content-type')).toBe('application/scim+json');
    expect(answer.headers.get('etag')).toBe('W/"1"');
    const { id } = answer.json;
    const location = `${simulator.url}${BASE}/groups/${id}`;
    expect(answer.headers.get('location')).toBe(location);
    expect(answer.json).toEqual({
      schemas: [CORE, EXTENSION],
      id,
      displayName: 'Team "A"',
      externalId: 'e-1',
      members: [
        { value: 'u-1', $ref: `${simulator.url}/api/v2/users/u-1`, display: 'User u-1', type: 'User' },
        { value: 'g-0', $ref: `${simulator.url}${BASE}/groups/g-0`, display: 'Inner', type: 'Group' },
      ],
      [EXTENSION]: { cost: { center: [1, null] } },
      meta: {
        resourceType: 'Group',
        created: expect.any(String),
        lastModified: expect.any(String),
        location,
        version: 'W/"1"',
      },
    });
    expect((await call('GET', `${BASE}/groups/${id}`)).json).toEqual(answer.json);
    expect(simulator.groups()[1]).toEqual({
      id,
      displayName: 'Team "A"',
      externalId: 'e-1',
      members: ['u-1', 'g-0'],
      version: 1,
    });
  });

  it.each([
    [{ displayName: 'TEAM', externalId: 'new' }, 'displayName'],
    [{ displayName: 'Other', externalId: 'E-1' }, 'externalId'],
  ])('answers 409 for %j', async (body, attribute) => {
    const simulator = await start({ seed: { groups: [{ displayName: 'Team', externalId: 'E-1' }] } });
    const answer = await (await clientOf(simulator))('POST', `${BASE}/groups`, { schemas: [CORE], ...body });
    expect(answer.status).toBe(409);
    expect(answer.json).toMatchObject({ schemas: [SCIM_ERROR], status: '409', scimType: 'uniqueness' });
    expect(answer.json.detail).toContain(attribute);
    expect(simulator.groups()).toHaveLength(1);
  });

  it('compares externalId with its case', async () => {
    const simulator = await start({ seed: { groups: [{ displayName: 'Team', externalId: 'E-1' }] } });
    const answer = await (await clientOf(simulator))('POST', `${BASE}/groups`, groupBody('B', { externalId: 'e-1' }));
    expect(answer.status).toBe(201);
  });

  it('names unknown members', async () => {
    const simulator = await start({ seed: { users: seedUsers } });
    const body = groupBody('A', { members: valuesOf('u-1', 'nobody', 'no-one') });
    const answer = await (await clientOf(simulator))('POST', `${BASE}/groups`, body);
    expect([answer.status, answer.json.scimType]).toEqual([400, 'invalidValue']);
    expect(answer.json.detail).toContain('nobody, no-one');
    expect(simulator.groups()).toEqual([]);
  });

  it.each([
    [{ displayName: 'A' }, 'invalidValue', 'schemas'],
    [{ schemas: ['urn:x'], displayName: 'A' }, 'invalidValue', CORE],
    [{ schemas: [CORE] }, 'invalidValue', 'displayName'],
    [{ schemas: [CORE], displayName: ' ' }, 'invalidValue', 'displayName'],
    [{ schemas: [CORE], displayName: 'A', members: [{ value: 5 }] }, 'invalidValue', 'members[0].value'],
    [{ schemas: [CORE], displayName: 'A', members: valuesOf('u-1', 'u-2', 'u-3') }, 'invalidValue', 'at most 2'],
    ['{"schemas":', 'invalidSyntax', 'not JSON'],
  ])('refuses %j', async (body, scimType, detail) => {
    const simulator = await start({ seed: { users: seedUsers }, maxMembersPerRequest: 2 });
    const answer = await (await clientOf(simulator))('POST', `${BASE}/groups`, body);
    expect([answer.status, answer.json.scimType]).toEqual([400, scimType]);
    expect(answer.json.detail).toContain(detail);
  });

  it('looks at content type and size', async () => {
    const simulator = await start();
    const call = await clientOf(simulator);
    const typed = (type: string) => call('POST', `${BASE}/groups`, groupBody(type), { 'content-type': type });
    expect((await typed('text/plain')).json.code).toBe('unsupported.media.type');
    expect((await typed('text/plain')).status).toBe(415);
    expect((await typed('application/json')).status).toBe(201);
    expect((await typed('application/scim+json; charset=utf-8')).status).toBe(201);
    const filler = (bytes: number): string =>
      JSON.stringify(groupBody('')).replace('""', `"${'x'.repeat(bytes - JSON.stringify(groupBody('')).length)}"`);
    expect((await call('POST', `${BASE}/groups`, filler(512_000))).status).toBe(201);
    const large = await call('POST', `${BASE}/groups`, filler(512_001));
    expect([large.status, large.json.code]).toEqual([413, 'request.entity.too.large']);
  });
});

describe('GET groups', () => {
  const groups = Array.from({ length: 30 }, (_, i) => ({
    id: `g-${i}`,
    displayName: `Team ${i}`,
    externalId: `e-${i}`,
    members: ['u-1'],
  }));

  it('pages', async () => {
    const call = await clientOf(await start({ seed: { users: seedUsers, groups }, maxPageSize: 28 }));
    const page = async (query: string) => {
      const { json } = await call('GET', `${BASE}/groups${query}`);
      return [
        json.totalResults,
        json.startIndex,
        json.itemsPerPage,
        json.Resources.at(0)?.id,
        json.Resources.at(-1)?.id,
      ];
    };
    expect(await page('')).toEqual([30, 1, 25, 'g-0', 'g-24']);
    expect(await page('?startIndex=26')).toEqual([30, 26, 5, 'g-25', 'g-29']);
    expect(await page('?startIndex=0&count=3')).toEqual([30, 1, 3, 'g-0', 'g-2']);
    expect(await page('?count=1000')).toEqual([30, 1, 28, 'g-0', 'g-27']);
    expect(await page('?count=0')).toEqual([30, 1, 0, undefined, undefined]);
    expect(await page('?count=-1')).toEqual([30, 1, 0, undefined, undefined]);
    expect(await page('?startIndex=99')).toEqual([30, 99, 0, undefined, undefined]);
    expect((await call('GET', `${BASE}/groups?count=x`)).json.scimType).toBe('invalidValue');
  });

  it('filters', async () => {
    const call = await clientOf(await start({ seed: { users: seedUsers, groups } }));
    const ids = async (filter: string) =>
      (await call('GET', find(filter))).json.Resources.map((group: { id: string }) => group.id);
    expect(await ids('displayName eq "team 7"')).toEqual(['g-7']);
    expect(await ids('externalId eq "E-7"')).toEqual([]);
    expect(await ids('displayName sw "Team 2" and (id eq "g-2" or externalId eq "e-29")')).toEqual(['g-2', 'g-29']);
    expect(await ids('members[value eq "u-2"]')).toEqual([]);
    const bad = await call('GET', find('displayName eq Sales'));
    expect([bad.status, bad.json.scimType]).toEqual([400, 'invalidFilter']);
  });

  it('leaves attributes out', async () => {
    const call = await clientOf(await start({ seed: { users: seedUsers, groups: groups.slice(0, 1) } }));
    const keys = async (query: string) => Object.keys((await call('GET', `${BASE}/groups?${query}`)).json.Resources[0]);
    expect(await keys('attributes=displayName')).toEqual(['schemas', 'id', 'displayName']);
    expect(await keys('attributes=displayName,externalid')).toEqual(['schemas', 'id', 'displayName', 'externalId']);
    expect(await keys('excludedAttributes=members&excludedAttributes=externalId')).toEqual([
      'schemas',
      'id',
      'displayName',
      'meta',
    ]);
    expect(await keys(`excludedAttributes=${CORE}:members,id`)).toEqual([
      'schemas',
      'id',
      'displayName',
      'externalId',
      'meta',
    ]);
    const one = await call('GET', `${BASE}/groups/g-0?attributes=meta.version,members.value`);
    expect(one.json).toEqual({ schemas: [CORE], id: 'g-0', members: [{ value: 'u-1' }], meta: { version: 'W/"1"' } });
  });

  it('answers 404 and 304 for one group', async () => {
    const call = await clientOf(await start({ seed: { users: seedUsers, groups } }));
    const missing = await call('GET', `${BASE}/groups/none`);
    expect([missing.status, missing.json.schemas, missing.json.status]).toEqual([404, [SCIM_ERROR], '404']);
    expect((await call('GET', `${BASE}/groups/g-1`, undefined, { 'if-none-match': 'W/"1"' })).status).toBe(304);
  });
});

describe('PATCH, PUT and DELETE', () => {
  const seed = {
    users: seedUsers,
    groups: [
      { id: 'g', displayName: 'Team', externalId: 'e', members: ['u-1'] },
      { id: 'h', displayName: 'Other', members: ['g'] },
    ],
  };

  it('changes a group and its version', async () => {
    const simulator = await start({ seed });
    const call = await clientOf(simulator);
    const answer = await call(
      'PATCH',
      `${BASE}/groups/g`,
      patchBody(
        { op: 'Add', path: 'members', value: valuesOf('u-1', 'u-2', 'u-3') },
        { op: 'remove', path: 'members[value eq "u-1"]' },
        { op: 'replace', value: { displayName: 'Renamed', externalId: 'f' } },
      ),
    );
    expect([answer.status, answer.headers.get('etag'), answer.json.meta.version]).toEqual([200, 'W/"2"', 'W/"2"']);
    expect(simulator.groups()[0]).toEqual({
      id: 'g',
      displayName: 'Renamed',
      externalId: 'f',
      members: ['u-2', 'u-3'],
      version: 2,
    });
    expect((await call('GET', find('displayName eq "Team"'))).json.totalResults).toBe(0);
    expect((await call('POST', `${BASE}/groups`, groupBody('Team', { externalId: 'e' }))).status).toBe(201);
  });

  it('keeps the version when nothing changes', async () => {
    const simulator = await start({ seed });
    const call = await clientOf(simulator);
    const answer = await call(
      'PATCH',
      `${BASE}/groups/g`,
      patchBody({ op: 'add', path: 'members', value: valuesOf('u-1') }),
    );
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, 'W/"1"']);
  });

  it('applies all operations or none', async () => {
    const simulator = await start({ seed });
    const call = await clientOf(simulator);
    const add = { op: 'add', path: 'members', value: valuesOf('u-2') };
    const unknown = await call(
      'PATCH',
      `${BASE}/groups/g`,
      patchBody(add, { op: 'add', path: 'members', value: valuesOf('nobody') }),
    );
    expect([unknown.status, unknown.json.scimType]).toEqual([400, 'invalidValue']);
    expect(unknown.json.detail).toContain('nobody');
    const path = await call('PATCH', `${BASE}/groups/g`, patchBody(add, { op: 'replace', path: 'nick', value: 'x' }));
    expect([path.status, path.json.scimType]).toEqual([400, 'invalidPath']);
    const taken = await call(
      'PATCH',
      `${BASE}/groups/g`,
      patchBody(add, { op: 'replace', path: 'displayName', value: 'OTHER' }),
    );
    expect([taken.status, taken.json.scimType]).toEqual([409, 'uniqueness']);
    expect(simulator.groups()[0]?.members).toEqual(['u-1']);
    expect((await call('PATCH', `${BASE}/groups/none`, patchBody(add))).status).toBe(404);
    expect((await call('PATCH', `${BASE}/groups/g`, { Operations: [add] })).json.scimType).toBe('invalidValue');
  });

  it('can answer a PATCH with 204 and limit its members', async () => {
    const simulator = await start({ seed, patchReturns204: true, maxMembersPerRequest: 2 });
    const call = await clientOf(simulator);
    const add = (...ids: string[]) =>
      call('PATCH', `${BASE}/groups/g`, patchBody({ op: 'add', path: 'members', value: valuesOf(...ids) }));
    const done = await add('u-2', 'u-3');
    expect([done.status, done.text, done.headers.get('etag')]).toEqual([204, '', 'W/"2"']);
    expect((await add('u-1', 'u-2', 'u-3')).json.detail).toContain('at most 2');
  });

  it('honours If-Match', async () => {
    const simulator = await start({ seed });
    const call = await clientOf(simulator);
    const rename = (name: string, ifMatch: string) =>
      call('PATCH', `${BASE}/groups/g`, patchBody({ op: 'replace', path: 'displayName', value: name }), {
        'if-match': ifMatch,
      });
    expect((await rename('B', 'W/"1"')).status).toBe(200);
    const stale = await rename('C', 'W/"1"');
    expect([stale.status, stale.json.status]).toEqual([412, '412']);
    expect((await rename('C', '"2"')).status).toBe(200);
    expect((await rename('D', '*')).status).toBe(200);
    expect((await call('DELETE', `${BASE}/groups/g`, undefined, { 'if-match': 'W/"1"' })).status).toBe(412);
    expect(simulator.groups()[0]).toMatchObject({ displayName: 'D', version: 4 });
  });

  it('replaces with PUT', async () => {
    const simulator = await start({ seed });
    const call = await clientOf(simulator);
    const answer = await call(
      'PUT',
      `${BASE}/groups/g`,
      groupBody('Team', { members: valuesOf('u-4'), [EXTENSION]: { a: 1 } }),
    );
    expect(answer.json).toMatchObject({ displayName: 'Team', [EXTENSION]: { a: 1 }, meta: { version: 'W/"2"' } });
    expect(simulator.groups()[0]).toEqual({ id: 'g', displayName: 'Team', members: ['u-4'], version: 2 });
    expect((await call('PUT', `${BASE}/groups/g`, groupBody('other'))).status).toBe(409);
  });

  it('deletes, also from other groups', async () => {
    const simulator = await start({ seed });
    const call = await clientOf(simulator);
    expect((await call('DELETE', `${BASE}/groups/g`)).status).toBe(204);
    expect((await call('DELETE', `${BASE}/groups/g`)).status).toBe(404);
    expect(simulator.groups()).toEqual([{ id: 'h', displayName: 'Other', members: [], version: 2 }]);
    expect((await call('POST', `${BASE}/groups`, groupBody('Team', { externalId: 'e' }))).status).toBe(201);
  });
});

it('describes itself', async () => {
  const call = await clientOf(await start({ maxPageSize: 40, scimBasePath: '/scim/v2/' }));
  const { json } = await call('GET', '/scim/v2/serviceproviderconfig');
  expect(json).toMatchObject({
    patch: { supported: true },
    bulk: { supported: false },
    filter: { supported: true, maxResults: 40 },
    etag: { supported: true },
  });
  expect((await call('GET', '/scim/v2/ServiceProviderConfig')).json).toEqual(json);
  expect((await call('GET', `${BASE}/groups`)).status).toBe(404);
});
