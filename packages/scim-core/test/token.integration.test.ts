import { describe, expect, it, onTestFinished } from 'vitest';
import { createHttp, createTokenSource, type TokenSource } from '../src/client/index.ts';
import { genesysClient, scimErrorOf, server, simulator } from './support/clients.ts';
import type { Answer } from './support/http-server.ts';

const SECRET = 'a-client-secret';

function source(url: string, clock: { now: number } = { now: 0 }): TokenSource {
  const http = createHttp({ timeoutMs: 1_000 });
  onTestFinished(() => http.close());
  return createTokenSource({
    url: new URL(`${url}/oauth/token`),
    clientId: 'client id',
    clientSecret: SECRET,
    scope: '',
    http,
    now: () => clock.now,
  });
}

/** Gives token-1, token-2, … each for an hour. */
async function issuer(expiresIn: unknown = 3600) {
  let issued = 0;
  return server(() => {
    issued += 1;
    return { body: { access_token: `token-${issued}`, token_type: 'Bearer', expires_in: expiresIn } };
  });
}

describe('token cache', () => {
  it('keeps a token until 5 seconds before its end', async () => {
    const host = await issuer();
    const clock = { now: 1_000_000 };
    const tokens = source(host.url, clock);
    expect(await tokens.token()).toBe('token-1');
    clock.now += 3_594_999;
    expect(await tokens.token()).toBe('token-1');
    clock.now += 1;
    expect(await tokens.token()).toBe('token-2');
  });

  it('has one request in flight, however many wait', async () => {
    const host = await issuer();
    const tokens = source(host.url);
    const all = await Promise.all(Array.from({ length: 20 }, () => tokens.token()));
    expect(new Set(all)).toEqual(new Set(['token-1']));
    expect(host.seen).toHaveLength(1);
  });

  it('forgets only the token that was refused', async () => {
    const host = await issuer();
    const tokens = source(host.url);
    await tokens.token();
    tokens.invalidate('token-0');
    expect(await tokens.token()).toBe('token-1');
    tokens.invalidate('token-1');
    expect(await tokens.token()).toBe('token-2');
  });

  it('takes expires_in as text, and a short life where it is missing', async () => {
    expect(await source((await issuer('3600')).url).token()).toBe('token-1');
    const clock = { now: 0 };
    let issued = 0;
    const host = await server(() => ({ body: { access_token: `token-${++issued}`, token_type: 'bearer' } }));
    const tokens = source(host.url, clock);
    await tokens.token();
    clock.now += 294_999;
    expect(await tokens.token()).toBe('token-1');
    clock.now += 1;
    expect(await tokens.token()).toBe('token-2');
  });

  it('sends Basic with both parts form-encoded', async () => {
    const host = await issuer();
    await source(host.url).token();
    const encoded = host.seen[0]?.headers.authorization?.replace('Basic ', '') ?? '';
    expect(Buffer.from(encoded, 'base64').toString()).toBe(`client+id:${SECRET}`);
  });

  const failures: readonly [string, Answer, string, boolean][] = [
    [
      '400 invalid_client',
      { status: 400, body: { error: 'invalid_client', description: 'authentication failed' } },
      'invalid_client',
      false,
    ],
    ['401', { status: 401 }, 'invalid_client', false],
    ['400 unauthorized_client', { status: 400, body: { error: 'unauthorized_client' } }, 'token_refused', false],
    [
      '400 rate limit',
      { status: 400, body: { error: 'invalid_request', description: 'rate limit exceeded; 1' } },
      'token_rate_limited',
      true,
    ],
    ['429', { status: 429, headers: { 'retry-after': '3' } }, 'token_rate_limited', true],
    ['503', { status: 503 }, 'token_unavailable', true],
    ['HTML', { body: `<html>${SECRET}</html>` }, 'token_unavailable', true],
    ['no token', { body: { token_type: 'bearer', expires_in: 1 } }, 'token_unavailable', true],
    [
      'a token of another type',
      { body: { access_token: 'secret-mac', token_type: 'mac', expires_in: 1 } },
      'token_unavailable',
      true,
    ],
    [
      'an echo of the secret',
      { status: 400, body: { error: 'invalid_request', description: `bad ${SECRET}` } },
      'token_refused',
      false,
    ],
  ];

  it.each(failures)('%s', async (_name, answer, code, retryable) => {
    const host = await server(() => answer);
    const error = await scimErrorOf(source(host.url).token());
    expect(error).toMatchObject({ code, retryable, outcomeUnclear: false });
    expect(JSON.stringify([error.message, error.facts])).not.toMatch(/a-client-secret|secret-mac/u);
  });

  it('asks again after a failure', async () => {
    let calls = 0;
    const host = await server(() =>
      ++calls === 1 ? { status: 503 } : { body: { access_token: 'token-1', token_type: 'bearer', expires_in: 3600 } },
    );
    const tokens = source(host.url);
    await scimErrorOf(tokens.token());
    expect(await tokens.token()).toBe('token-1');
  });
});

describe('a 401 of the API', () => {
  it('renews a revoked token once, and the request succeeds', async () => {
    const sim = await simulator({ seed: { groups: [{ id: 'g1', displayName: 'Sales' }] } });
    const target = await genesysClient(sim.url, { GENESYS_GROUPS_API: 'scim' }).target();
    await target.get('g1');
    sim.addFault({ kind: 'expire-tokens', match: { method: 'GET', path: '/groups/g1' } });
    expect(await target.get('g1')).toMatchObject({ id: 'g1' });
    expect(sim.requests().filter(({ path }) => path === '/oauth/token')).toHaveLength(2);
  });

  it('is final the second time, and the next call starts with a new token', async () => {
    const sim = await simulator({ seed: { groups: [{ id: 'g1', displayName: 'Sales' }] } });
    const target = await genesysClient(sim.url, { GENESYS_GROUPS_API: 'scim' }).target();
    sim.addFault({ kind: 'respond', status: 401, match: { path: '/groups/g1' }, times: 2 });
    const error = await scimErrorOf(target.get('g1'));
    expect(error).toMatchObject({ code: 'unauthorized', retryable: false });
    expect(sim.requests().filter(({ path }) => path.endsWith('/groups/g1'))).toHaveLength(2);
    expect(await target.get('g1')).toMatchObject({ id: 'g1' });
    expect(sim.requests().filter(({ path }) => path === '/oauth/token')).toHaveLength(3);
  });

  it('is met by one renewal for all callers of the old token', async () => {
    const sim = await simulator({ seed: { groups: [{ id: 'g1', displayName: 'Sales' }] } });
    const target = await genesysClient(sim.url, { GENESYS_GROUPS_API: 'scim' }).target();
    await target.get('g1');
    sim.addFault({ kind: 'expire-tokens', match: { path: '/groups/g1' } });
    await Promise.all(Array.from({ length: 8 }, () => target.get('g1')));
    expect(sim.requests().filter(({ path }) => path === '/oauth/token')).toHaveLength(2);
  });
});
