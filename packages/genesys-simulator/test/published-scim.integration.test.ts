import { describe, expect, it } from 'vitest';
import { patchBody, seedUsers, start, valuesOf } from './support/client.ts';
import { GROUPS, publishedClientOf, SCIM } from './support/published-client.ts';

const groups = [
  { id: 'g-1', displayName: 'Sales', externalId: 'e-1', members: ['u-1', 'u-2'] },
  { id: 'g-2', displayName: 'Customer Support', members: ['g-1'] },
];

async function rig(options = {}) {
  const simulator = await start({ seed: { users: seedUsers, groups }, ...options });
  return { simulator, call: await publishedClientOf(simulator) };
}

const filtered = (filter: string) => `${SCIM}?${new URLSearchParams({ filter })}`;

describe('lists', () => {
  it.each([
    ['displayName eq "customer support"', ['g-2']],
    ['displayname eq Sales', ['g-1']],
    ['id eq g-2', ['g-2']],
    ['id eq "none"', []],
  ])('finds %s', async (filter, ids) => {
    const { call } = await rig();
    const { json } = await call('GET', filtered(filter));
    expect(json.Resources.map(({ id }: { id: string }) => id)).toEqual(ids);
    expect(json.totalResults).toBe(ids.length);
  });

  it('takes externalId only as an option', async () => {
    const { call } = await rig();
    const refused = await call('GET', filtered('externalId eq "e-1"'));
    expect([refused.status, refused.json.scimType]).toEqual([400, 'invalidFilter']);
    const open = await rig({ externalIdFilter: 'supported' });
    expect((await open.call('GET', filtered('externalId eq "e-1"'))).json.Resources).toMatchObject([{ id: 'g-1' }]);
  });

  it('needs a filter on v2 only as an option', async () => {
    const { call } = await rig({ v2FilterRequired: true });
    expect((await call('GET', SCIM)).json.code).toBe('bad.request');
    expect((await call('GET', '/api/v2/scim/Groups')).json.totalResults).toBe(2);
    expect((await (await rig()).call('GET', SCIM)).json.totalResults).toBe(2);
  });

  it('pages: 25 by default, more only without the costly attributes', async () => {
    const many = Array.from({ length: 130 }, (_, i) => ({ displayName: `G ${i}`, externalId: `x-${i}` }));
    const { call } = await rig({ seed: { groups: many } });
    expect((await call('GET', SCIM)).json).toMatchObject({ totalResults: 130, itemsPerPage: 25, startIndex: 1 });
    const status = async (query: string) => (await call('GET', `${SCIM}?${query}`)).status;
    expect(await status('count=25')).toBe(200);
    expect(await status('count=26')).toBe(429);
    expect(await status('count=26&excludedAttributes=members')).toBe(429);
    expect(await status('count=26&attributes=displayName,externalId')).toBe(429);
    expect(await status('count=26&attributes=displayName')).toBe(200);
    expect(await status('count=26&excludedAttributes=members&excludedAttributes=externalId')).toBe(200);
    const page = await call('GET', `${SCIM}?startIndex=101&count=500&excludedAttributes=members,externalId`);
    expect(page.json).toMatchObject({ totalResults: 130, itemsPerPage: 30, startIndex: 101 });
    expect(page.json.Resources[0]).not.toHaveProperty('externalId');
    expect(page.json.Resources[0].meta.version).toBe('"1"');
    expect((await call('GET', `${SCIM}?count=0`)).json).toMatchObject({ totalResults: 130, Resources: [] });
    expect((await call('GET', `${SCIM}?attributes=members.value`)).json.code).toBe('invalid.query.param.value');
    expect((await call('GET', `${SCIM}?count=x`)).json.scimType).toBe('invalidValue');
  });

  it('has no POST and no DELETE', async () => {
    const { call } = await rig();
    const post = await call('POST', SCIM, { displayName: 'A' });
    expect([post.status, post.json.code, post.headers.get('allow')]).toEqual([405, 'method.not.allowed', 'GET']);
    const gone = await call('DELETE', `${SCIM}/g-1`);
    expect([gone.status, gone.headers.get('allow')]).toEqual([405, 'GET, PUT, PATCH']);
  });
});

describe('one group', () => {
  it('has a strong ETag, and members without display', async () => {
    const { simulator, call } = await rig();
    const got = await call('GET', `${SCIM}/g-2`);
    expect(got.headers.get('etag')).toBe('"1"');
    expect(got.json).toEqual({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      id: 'g-2',
      displayName: 'Customer Support',
      members: [{ type: 'Group', value: 'g-1', $ref: `${simulator.url}${SCIM}/g-1` }],
      meta: {
        resourceType: 'Group',
        lastModified: expect.any(String),
        location: `${simulator.url}${SCIM}/g-2`,
        version: '"1"',
      },
    });
    const older = await call('GET', '/api/v2/scim/groups/g-1?attributes=members');
    expect(older.json.members[0].$ref).toBe(`${simulator.url}/api/v2/scim/users/u-1`);
    expect(Object.keys(older.json).toSorted()).toEqual(['id', 'members', 'meta', 'schemas']);
    expect((await call('GET', `${SCIM}/g-2`, undefined, { 'if-none-match': '"1"' })).status).toBe(304);
    expect((await call('GET', `${SCIM}/none`)).json.code).toBe('not.found');
    expect((await call('GET', `${SCIM}/g-2/members`)).status).toBe(404);
  });

  it('takes externalId and members by PUT, and only the name it has', async () => {
    const { simulator, call } = await rig();
    const body = { displayName: 'Sales', externalId: 'e-9', members: valuesOf('u-3') };
    expect((await call('PUT', `${SCIM}/g-1`, body)).json).toMatchObject({
      externalId: 'e-9',
      meta: { version: '"2"' },
    });
    expect(simulator.groups()[0]).toMatchObject({ externalId: 'e-9', members: ['u-3'], version: 2 });
    const put = async (change: object) => {
      const { status, json } = await call('PUT', `${SCIM}/g-1`, { ...body, ...change });
      return [status, json.scimType ?? json.code];
    };
    expect(await put({ displayName: 'sales' })).toEqual([400, 'mutability']);
    expect(await put({ displayName: undefined })).toEqual([400, 'constraint.validation']);
    expect(await put({ members: valuesOf('nobody') })).toEqual([400, 'invalidValue']);
    expect(
      (await call('PUT', `${SCIM}/g-2`, { displayName: 'Customer Support', externalId: 'e-9' })).json,
    ).toMatchObject({ status: '409', scimType: 'uniqueness' });
    expect(simulator.groups()[0]?.version).toBe(2);
  });

  it('takes externalId and members by PATCH', async () => {
    const { simulator, call } = await rig();
    const patch = async (...operations: Record<string, unknown>[]) => {
      const { status, json } = await call('PATCH', `${SCIM}/g-1`, patchBody(...operations));
      return status === 200 ? status : [status, json.scimType];
    };
    expect(await patch({ op: 'add', path: 'members', value: valuesOf('u-3') })).toBe(200);
    expect(await patch({ op: 'remove', path: 'members[value eq "u-1"]' })).toBe(200);
    expect(await patch({ op: 'replace', value: { displayName: 'Sales', externalId: 'e-2' } })).toBe(200);
    expect(simulator.groups()[0]).toMatchObject({ externalId: 'e-2', members: ['u-2', 'u-3'], version: 4 });
    expect(await patch({ op: 'replace', path: 'displayName', value: 'New' })).toEqual([400, 'mutability']);
    expect(await patch({ op: 'replace', path: 'id', value: 'x' })).toEqual([400, 'mutability']);
    expect(await patch({ op: 'add', path: 'urn:example:x', value: { a: 1 } })).toEqual([400, 'invalidPath']);
    expect(await patch({ op: 'remove' })).toEqual([400, 'noTarget']);
    expect(simulator.groups()[0]?.version).toBe(4);
    const broken = await call('PATCH', `${SCIM}/g-1`, '{');
    expect([broken.status, broken.json.code]).toEqual([400, 'bad.request']);
    const typed = await call('PATCH', `${SCIM}/g-1`, '{}', { 'content-type': 'text/plain' });
    expect(typed.json.code).toBe('unsupported.media.type');
    const committed = simulator.requests({ method: 'PATCH' }).map((request) => request.committed);
    expect(committed).toEqual([true, true, true, false, false, false, false, false, false]);
  });

  it('keeps what only the Groups API knows', async () => {
    const { simulator, call } = await rig();
    await call('PUT', `${GROUPS}/g-1`, { version: 1, description: 'All of sales', visibility: 'members' });
    await call('PUT', `${SCIM}/g-1`, { displayName: 'Sales' });
    expect(simulator.groups()[0]).toMatchObject({ description: 'All of sales', visibility: 'members', members: [] });
  });

  it.each([
    [undefined, 400, 'invalidVers'],
    ['409', 409, undefined],
    ['412', 412, undefined],
  ] as const)('answers another version with %s', async (versionMismatch, status, scimType) => {
    const { simulator, call } = await rig({ versionMismatch });
    const patch = patchBody({ op: 'replace', path: 'externalId', value: 'e-2' });
    for (const tag of ['"2"', '1', 'W/"1"']) {
      const refused = await call('PATCH', `${SCIM}/g-1`, patch, { 'if-match': tag });
      expect([refused.status, refused.json.scimType]).toEqual([status, scimType]);
    }
    expect(simulator.groups()[0]?.version).toBe(1);
    expect((await call('PATCH', `${SCIM}/g-1`, patch, { 'if-match': '"1"' })).headers.get('etag')).toBe('"2"');
  });

  it.each([
    [undefined, 413, 'request.entity.too.large'],
    [400, 400, 'tooMany'],
  ] as const)('limits members in one request with %s', async (scimMemberLimitStatus, status, code) => {
    const { call } = await rig({ maxScimMembersPerRequest: 2, scimMemberLimitStatus });
    const all = valuesOf('u-1', 'u-2', 'u-3');
    const answers = [
      await call('PATCH', `${SCIM}/g-1`, patchBody({ op: 'add', path: 'members', value: all })),
      await call(
        'PATCH',
        `${SCIM}/g-1`,
        patchBody(...all.map((one) => ({ op: 'add', path: 'members', value: [one] }))),
      ),
      await call(
        'PATCH',
        `${SCIM}/g-1`,
        patchBody(...all.map(({ value }) => ({ op: 'remove', path: `members[value eq "${value}"]` }))),
      ),
      await call('PUT', `${SCIM}/g-1`, { displayName: 'Sales', members: all }),
    ];
    for (const { json, ...answer } of answers)
      expect([answer.status, json.code ?? json.scimType]).toEqual([status, code]);
    const fits = patchBody({ op: 'add', path: 'members', value: all.slice(0, 2) });
    expect((await call('PATCH', `${SCIM}/g-1`, fits)).status).toBe(200);
  });

  it('needs directory:group:edit, to read too', async () => {
    const { call } = await rig({ permissions: ['directory:group:add', 'directory:group:delete'] });
    for (const [method, path, body] of [
      ['GET', SCIM],
      ['GET', `${SCIM}/g-1`],
      ['PUT', `${SCIM}/g-1`, {}],
      ['PATCH', `${SCIM}/g-1`, {}],
    ] as const) {
      const answer = await call(method, path, body);
      expect([answer.status, answer.json.code]).toEqual([403, 'missing.permissions']);
    }
  });
});
