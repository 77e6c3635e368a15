import { describe, expect, it } from 'vitest';
import { definition, listOf, scimClient, scimErrorOf, server, simulator } from './support/clients.ts';
import type { Answer, SeenRequest } from './support/http-server.ts';

const EXTENSION = 'urn:example:scim:Group';

async function start(config: Answer, handler: (request: SeenRequest) => Answer = () => ({}), env = {}) {
  const host = await server((request) => (request.path.endsWith('/ServiceProviderConfig') ? config : handler(request)));
  const client = scimClient(`${host.url}/scim/v2`, env);
  return { host, client };
}

describe('discovery', () => {
  it('is read once, at first use, for all callers', async () => {
    const { host, client } = await start({
      body: {
        patch: { supported: true },
        etag: { supported: true },
        filter: { supported: true, maxResults: 40 },
        bulk: { supported: true, maxOperations: 30, maxPayloadSize: 1 },
      },
    });
    expect(host.seen).toEqual([]);
    const [target] = await Promise.all([client.target(), client.target(), client.target()]);
    expect(target.capabilities).toMatchObject({
      name: 'scim',
      createdBy: 'POST <SCIM base>/Groups',
      checksVersion: true,
      membersPerRequest: 30,
      pageSize: 40,
      findsByExternalId: true,
    });
    expect(host.seen.map(({ path }) => path)).toEqual(['/scim/v2/ServiceProviderConfig']);
  });

  it.each([
    ['404', { status: 404 }],
    ['501', { status: 501 }],
    ['405', { status: 405 }],
    ['another JSON', { body: [] }],
    ['parts of another type', { body: { filter: 'yes', bulk: { supported: true, maxOperations: -1 }, etag: null } }],
    [
      'limits of 0',
      { body: { filter: { supported: true, maxResults: 0 }, bulk: { supported: true, maxOperations: 0 } } },
    ],
  ])('%s: the defaults of the profile', async (_name, config) => {
    const { client } = await start(config);
    expect((await client.target()).capabilities).toMatchObject({
      membersPerRequest: 100,
      pageSize: 100,
      checksVersion: false,
      findsByPrefix: true,
    });
  });

  it.each([
    ['401', { status: 401 }, 'unauthorized'],
    ['503', { status: 503 }, 'server_error'],
    ['HTML', { body: '<html>' }, 'html_instead_of_json'],
  ])('%s: the error, and another look next time', async (_name, config, code) => {
    const { host, client } = await start(config);
    expect((await scimErrorOf(client.target())).code).toBe(code);
    expect((await scimErrorOf(client.target())).code).toBe(code);
    expect(host.seen).toHaveLength(2);
  });

  it('is not asked for where the profile fixes everything', async () => {
    const { host, client } = await start({ status: 500 }, undefined, { SCIM_PROFILE: 'aws-identity-center' });
    expect((await client.target()).capabilities).toMatchObject({
      membersPerRequest: 100,
      returnsMembers: false,
      findsByPrefix: false,
      pageSize: 50,
      extensions: [],
    });
    expect(host.seen).toEqual([]);
  });
});

describe('requests to any SCIM server', () => {
  it('go below the whole base, with $ref to its users, and extensions', async () => {
    const { host, client } = await start({ status: 404 }, () => ({
      status: 201,
      body: { id: 'g1', displayName: 'Sales', externalId: 'hr-1' },
    }));
    const target = await client.target();
    const wanted = definition({
      members: [{ id: 'u/1', email: 'a@example.com' }],
      extensions: { [EXTENSION]: { cost: 1 } },
    });
    expect(await target.create(wanted)).toMatchObject({ complete: true, group: { id: 'g1' } });
    const request = host.seen.at(-1);
    expect(request?.path).toBe('/scim/v2/Groups');
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer a-fixed-token',
      'content-type': 'application/scim+json',
    });
    expect(JSON.parse(request?.body ?? '')).toMatchObject({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group', EXTENSION],
      members: [{ value: 'u/1', $ref: `${host.url}/scim/v2/Users/u%2F1`, display: 'a@example.com' }],
      [EXTENSION]: { cost: 1 },
    });
  });

  it('leave out extensions that the target does not know', async () => {
    const env = { SCIM_PROFILE: 'aws-identity-center' };
    const { host, client } = await start(
      {},
      () => ({ status: 201, body: { id: 'g1', displayName: 'Sales', externalId: 'hr-1' } }),
      env,
    );
    await (await client.target()).create(definition({ extensions: { [EXTENSION]: { cost: 1 } } }));
    expect(host.seen.at(-1)?.body).not.toContain(EXTENSION);
  });

  it.each([
    ['members', { externalId: 'hr-1', members: [] }, false],
    ['the externalId', { members: [{ value: 'u1' }] }, false],
    ['nothing', { externalId: 'hr-1', members: [{ value: 'u1' }, { value: 'u2' }] }, true],
    ['nothing that can be seen', { externalId: 'hr-1' }, true],
  ])('see that a create dropped %s', async (_name, fields, isComplete) => {
    const { client } = await start({ status: 404 }, () => ({
      status: 201,
      body: { id: 'g1', displayName: 'Sales', ...fields },
    }));
    const { complete } = await (await client.target()).create(definition({ members: [{ id: 'u1' }] }));
    expect(complete).toBe(isComplete);
  });

  it('take an empty list of members for "not returned" where the target returns none', async () => {
    const group = { id: 'g1', displayName: 'Sales', externalId: 'hr-1', members: [] };
    const { client } = await start({}, ({ path }) => (path.includes('?') ? listOf([group]) : { body: group }), {
      SCIM_PROFILE: 'aws-identity-center',
    });
    const target = await client.target();
    expect(await target.get('g1')).not.toHaveProperty('memberIds');
    expect((await target.findByExternalId('hr-1'))[0]).not.toHaveProperty('memberIds');
    expect((await target.create(definition())).group).not.toHaveProperty('memberIds');
  });

  it('read the whole list where filters do not work', async () => {
    const { host, client } = await start({ body: { filter: { supported: false } } }, () =>
      listOf([{ id: 'g1', displayName: 'Sales', externalId: 'hr-1' }]),
    );
    const target = await client.target();
    expect(target.capabilities).toMatchObject({ findsByExternalId: false, findsByPrefix: false });
    expect(await target.findByExternalId('hr-1')).toHaveLength(1);
    expect(host.seen.at(-1)?.path).not.toContain('filter=');
  });

  it('read the whole list where "sw" is refused', async () => {
    const { client } = await start({ status: 404 }, ({ path }) =>
      path.includes(' sw ')
        ? { status: 400, body: { detail: 'no' } }
        : listOf([{ id: 'g', displayName: 'n', externalId: 'hr-1' }]),
    );
    expect(await (await client.target()).findByExternalIdPrefix('hr-')).toHaveLength(1);
  });

  it('do not read the whole list for another 400', async () => {
    const { host, client } = await start({ status: 404 }, () => ({ status: 400, body: { detail: 'bad tenant' } }));
    expect((await scimErrorOf((await client.target()).findByExternalId('hr-1'))).code).toBe('request_refused');
    expect(host.seen).toHaveLength(2);
  });

  it.each([
    [{ version: 'W/"3"' }, {}, 'W/"3"'],
    [{ version: '3' }, {}, '"3"'],
    [{}, { etag: '"abc"' }, '"abc"'],
  ])('send the version %j %j in If-Match', async (meta, headers, ifMatch) => {
    const { host, client } = await start({ body: { etag: { supported: true } } }, ({ method }) =>
      method === 'GET' ? { headers, body: { id: 'g1', displayName: 'Sales', meta } } : { status: 409 },
    );
    const target = await client.target();
    const { version } = await target.get('g1');
    const error = await scimErrorOf(target.change('g1', { add: ['u1'] }, version));
    expect(host.seen.at(-1)?.headers['if-match']).toBe(ifMatch);
    expect(error.code).toBe('stale');
  });

  it('send no If-Match to a server without versions', async () => {
    const { host, client } = await start({ status: 404 });
    await (await client.target()).change('g1', { add: ['u1'] }, '"3"');
    expect(host.seen.at(-1)?.headers).not.toHaveProperty('if-match');
  });
});

describe('a server without PATCH', () => {
  const config = { body: { patch: { supported: false }, etag: { supported: true } } };
  const group = {
    ID: 'g1',
    displayName: 'Sales',
    members: [{ value: 'a' }, { value: 'b' }],
    [EXTENSION]: { cost: 1 },
    meta: { version: '"1"' },
  };

  it('is changed by PUT of the whole group; what is not touched goes back', async () => {
    const { host, client } = await start(config, () => ({ body: group }));
    await (await client.target()).change('g1', { externalId: 'hr-1', add: ['c'], remove: ['a'] }, '"1"');
    expect(host.seen.slice(1).map(({ method }) => method)).toEqual(['GET', 'PUT']);
    expect(host.seen.at(-1)?.headers['if-match']).toBe('"1"');
    expect(JSON.parse(host.seen.at(-1)?.body ?? '')).toEqual({
      id: 'g1',
      displayName: 'Sales',
      externalId: 'hr-1',
      members: [{ value: 'b' }, { value: 'c' }],
      [EXTENSION]: { cost: 1 },
    });
  });

  it('O7: is not changed where it did not return the members, which a PUT would remove', async () => {
    const { members: _members, ...withoutMembers } = group;
    const { host, client } = await start(config, () => ({ body: withoutMembers }));
    const error = await scimErrorOf((await client.target()).change('g1', { add: ['c'] }));
    expect(error.code).toBe('unexpected_shape');
    expect(host.seen.filter(({ method }) => method === 'PUT')).toEqual([]);
  });
});

describe('existence of members', () => {
  const known = new Set(['u1', 'u2', 'u3']);
  const byId = (path: string): Answer => {
    const id = path.split('/').at(-1) ?? '';
    return known.has(id) ? { body: { id } } : { status: 404 };
  };
  const byFilter = (path: string): Answer =>
    listOf(
      [...path.matchAll(/id eq "([^"]+)"/gu)]
        .map(([, id = '']) => id)
        .filter((id) => known.has(id))
        .map((id) => ({ id })),
    );
  const isList = (path: string): boolean => path.includes('/Users?');

  it('is asked for by one filter; only those that it does not find by id', async () => {
    const { host, client } = await start({ status: 404 }, ({ path }) => (isList(path) ? byFilter(path) : byId(path)));
    const target = await client.target();
    expect(await target.existingUsers(['u1', 'u2', 'nobody'])).toEqual(new Set(['u1', 'u2']));
    expect(host.seen.slice(1).map(({ path }) => path)).toEqual([
      '/scim/v2/Users?filter=id eq "u1" or id eq "u2" or id eq "nobody"&attributes=id&startIndex=1&count=3',
      '/scim/v2/Users/nobody',
    ]);
  });

  it.each([
    ['refuses "or"', { status: 400, body: { scimType: 'invalidFilter' } }],
    ['does not implement it', { status: 501 }],
    ['finds nothing by it', listOf([])],
  ])('where the server %s, is asked for one by one', async (_name, answer) => {
    const { client } = await start({ status: 404 }, ({ path }) => (isList(path) ? answer : byId(path)));
    expect(await (await client.target()).existingUsers(['u1', 'nobody', 'u3'])).toEqual(new Set(['u1', 'u3']));
  });

  it('a refused "or" is not tried again', async () => {
    const { host, client } = await start({ status: 404 }, ({ path }) => (isList(path) ? { status: 400 } : byId(path)));
    await (await client.target()).existingUsers(['u1']);
    await (await client.target()).existingUsers(['u2']);
    expect(host.seen.filter(({ path }) => isList(path))).toHaveLength(1);
  });

  it('is unknown where the server fails: that is an error, not "unknown member"', async () => {
    const { client } = await start({ status: 404 }, ({ path }) => (isList(path) ? listOf([]) : { status: 500 }));
    expect((await scimErrorOf((await client.target()).existingUsers(['u1']))).code).toBe('server_error');
  });
});

describe('the simulator as any SCIM server', () => {
  it('is written to below its base with a token of an OAuth client', async () => {
    const sim = await simulator({ api: 'scim', scimBasePath: '/scim/v2' });
    const client = scimClient(`${sim.url}/scim/v2`, {
      SCIM_BEARER_TOKEN: '',
      SCIM_TOKEN_URL: `${sim.url}/oauth/token`,
      SCIM_CLIENT_ID: 'demo-client',
      SCIM_CLIENT_SECRET: 'demo-secret',
      SCIM_GROUPS_PATH: 'groups',
    });
    const target = await client.target();
    const { group } = await target.create(definition());
    expect(await target.findByExternalId('hr-1')).toMatchObject([{ id: group.id }]);
    await target.delete(group.id);
    expect(sim.groups()).toEqual([]);
  });
});
