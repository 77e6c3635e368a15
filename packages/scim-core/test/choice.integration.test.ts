import { describe, expect, it } from 'vitest';
import {
  genesysClient,
  LIST,
  listOf,
  scimClient,
  scimErrorOf,
  server,
  simulator,
  TOKEN_ANSWER,
} from './support/clients.ts';

const GROUPS = '/api/v2/users/scim/groups';

describe('GENESYS_GROUPS_API=auto', () => {
  it.each([
    ['scim', 'scim'],
    ['published', 'platform'],
  ] as const)('against %s chooses %s, with one look for all callers', async (api, chosen) => {
    const sim = await simulator({ api });
    const told: string[] = [];
    const client = genesysClient(sim.url, {}, { onChosen: (name, why) => told.push(`${name} ${why}`) });
    expect(client.chosen()).toBeUndefined();
    const targets = await Promise.all([client.target(), client.target(), client.target()]);
    await client.target();
    expect(targets.map((target) => target.capabilities.name)).toEqual([chosen, chosen, chosen]);
    expect(client.chosen()).toBe(chosen);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(`${chosen} GET ${sim.url}${GROUPS}?startIndex=1&count=1`);
    expect(sim.requests().filter((request) => request.path.startsWith(GROUPS))).toHaveLength(1);
  });

  it.each([
    ['500', { status: 500 }, 'server_error'],
    ['403', { status: 403 }, 'forbidden'],
    ['405', { status: 405 }, 'request_refused'],
    ['a login page with status 200', { body: '<html>log in</html>' }, 'html_instead_of_json'],
    ['JSON that is no list', { body: {} }, 'unexpected_shape'],
  ])('does not guess from %s, and looks again next time', async (_name, answer, code) => {
    let broken = true;
    const host = await server(({ path }) => (path === '/oauth/token' ? TOKEN_ANSWER : broken ? answer : listOf([])));
    const client = genesysClient(host.url);
    expect((await scimErrorOf(client.target())).code).toBe(code);
    expect(client.chosen()).toBeUndefined();
    broken = false;
    expect((await client.target()).capabilities.name).toBe('scim');
  });

  it('goes on for the others where one caller gives up', async () => {
    const host = await server(async ({ path }) => {
      if (path === '/oauth/token') return TOKEN_ANSWER;
      await new Promise((resolve) => setTimeout(resolve, 100));
      return listOf([]);
    });
    const client = genesysClient(host.url);
    const impatient = new AbortController();
    const [first, second] = [client.target(impatient.signal), client.target()];
    impatient.abort(new Error('gave up'));
    await expect(first).rejects.toThrow('gave up');
    expect((await second).capabilities.name).toBe('scim');
    expect(host.seen.filter((request) => request.path !== '/oauth/token')).toHaveLength(1);
  });

  it('does not look where the setting or SCIM_BASE_URL decides', async () => {
    const sim = await simulator();
    const client = genesysClient(sim.url, { GENESYS_GROUPS_API: 'platform' });
    expect(client.chosen()).toBe('platform');
    expect((await client.target()).capabilities.name).toBe('platform');
    expect(scimClient(`${sim.url}/scim/v2`).chosen()).toBe('scim');
    expect(sim.requests()).toEqual([]);
  });
});

describe('scopes', () => {
  const scopes = (bodies: readonly { path: string; body: string }[]) =>
    bodies.filter(({ path }) => path === '/oauth/token').map(({ body }) => new URLSearchParams(body).get('scope'));
  const published = (path: string) =>
    path === '/oauth/token' ? TOKEN_ANSWER : path.startsWith(GROUPS) ? { status: 404 } : listOf([]);

  it('asks for the SCIM scopes to look, and for none on platform', async () => {
    const host = await server(({ path }) => published(path));
    await (await genesysClient(host.url).target()).findByDisplayName('Sales');
    expect(scopes(host.seen)).toEqual(['user:scim:write user:scim:read', null]);
  });

  it('asks for the scope that is set, everywhere, in one token', async () => {
    const host = await server(({ path }) => published(path));
    await (await genesysClient(host.url, { GENESYS_OAUTH_SCOPE: 'scim' }).target()).findByDisplayName('Sales');
    expect(scopes(host.seen)).toEqual(['scim']);
  });

  const refusing = ({ path, body }: { path: string; body: string }) => {
    if (path !== '/oauth/token') return listOf([]);
    return new URLSearchParams(body).has('scope') ? { status: 400, body: { error: 'invalid_scope' } } : SHORT_TOKEN;
  };
  /** Shorter than the margin, so that each request asks for a new one. */
  const SHORT_TOKEN = { body: { access_token: 'issued-token-1', token_type: 'bearer', expires_in: 1 } };

  it('goes without scope where the default one is refused, and remembers it', async () => {
    const host = await server(refusing);
    const target = await genesysClient(host.url).target();
    await target.findByDisplayName('Sales');
    expect(scopes(host.seen)).toEqual(['user:scim:write user:scim:read', null, null]);
  });

  it('does not go without a scope that somebody set', async () => {
    const host = await server(refusing);
    const error = await scimErrorOf(genesysClient(host.url, { GENESYS_OAUTH_SCOPE: 'wrong' }).target());
    expect(error).toMatchObject({ code: 'token_refused', facts: { reason: 'invalid_scope' } });
    expect(scopes(host.seen)).toEqual(['wrong']);
  });
});

describe('probe', () => {
  it.each([
    ['scim', `GET <url>${GROUPS}`],
    ['published', 'GET <url>/api/v2/scim/v2/groups'],
  ] as const)('says what was chosen against %s, and reads only', async (api, groups) => {
    const sim = await simulator({ api });
    const results = await genesysClient(sim.url).probe();
    expect(results.map(({ check, ok }) => [check, ok])).toEqual([
      ['token', true],
      ['api', true],
      ['groups', true],
      ['users', true],
    ]);
    expect(results[1]?.message).toContain(api === 'scim' ? 'scim: GET' : 'platform: GET');
    expect(results[1]?.message).toContain(api === 'scim' ? 'answered with groups' : 'answered 404');
    expect(results[2]?.request).toBe(groups.replace('<url>', sim.url));
    expect(sim.requests().filter(({ method, path }) => method !== 'GET' && path !== '/oauth/token')).toEqual([]);
  });

  it('names the missing permission', async () => {
    const sim = await simulator({ api: 'published', permissions: [] });
    const results = await genesysClient(sim.url).probe();
    const groups = results.find(({ check }) => check === 'groups');
    expect(groups).toMatchObject({ ok: false, code: 'forbidden' });
    expect(groups?.message).toContain('directory:group:edit');
    expect(groups?.message).toContain('SCIM Integration');
  });

  it('stops at the token, and says why', async () => {
    const sim = await simulator();
    const results = await genesysClient(sim.url, { GENESYS_CLIENT_SECRET: 'wrong-secret' }).probe();
    expect(results).toMatchObject([{ check: 'token', ok: false, code: 'invalid_client' }]);
    expect(JSON.stringify(results)).not.toContain('wrong-secret');
  });

  it('says that a fixed token is set, and by what the API was chosen', async () => {
    const host = await server(({ path }) =>
      path.includes('/Users?')
        ? { body: { schemas: [LIST], totalResults: 0 } }
        : path.includes('Groups')
          ? listOf([])
          : { status: 404 },
    );
    const results = await scimClient(`${host.url}/scim`).probe();
    expect(results.slice(0, 2)).toMatchObject([
      { check: 'token', request: 'SCIM_BEARER_TOKEN', message: 'is set' },
      { check: 'api', request: 'settings', message: 'scim: SCIM_BASE_URL is set' },
    ]);
    expect(results.map(({ ok, message }) => (ok ? 'ok' : message))).toEqual(['ok', 'ok', 'ok', 'ok']);
  });
});
