import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { SCIM_ERRORS, type ScimErrorCode } from '../src/index.ts';
import type { RequestEvent } from '../src/client/index.ts';
import {
  clientOf,
  definition,
  genesysClient,
  scimClient,
  scimErrorOf,
  server,
  TOKEN_ANSWER,
} from './support/clients.ts';
import type { Answer } from './support/http-server.ts';

const SCIM_ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';
const scimError = (status: number | string, detail: string, scimType?: string) => ({
  schemas: [SCIM_ERROR],
  status,
  detail,
  ...(scimType === undefined ? {} : { scimType }),
});

/** `[what, answer to a PATCH, code]`: every code that an answer of the target can have. */
const ANSWERS: readonly [string, Answer, ScimErrorCode][] = [
  ['401', { status: 401 }, 'unauthorized'],
  [
    '403, gateway body',
    { status: 403, body: { message: 'no', code: 'missing.permissions', status: 403 } },
    'forbidden',
  ],
  ['404, SCIM body', { status: 404, body: scimError('404', 'gone') }, 'not_found'],
  [
    '404, HTML body as SCIM',
    { status: 404, headers: { 'content-type': 'application/scim+json' }, body: '<h1>404' },
    'not_found',
  ],
  ['409 uniqueness', { status: 409, body: scimError('409', 'taken', 'uniqueness') }, 'conflict'],
  ['409 without scimType, status a number', { status: 409, body: scimError(409, 'taken') }, 'conflict'],
  ['400 uniqueness', { status: 400, body: scimError('400', 'taken', 'uniqueness') }, 'conflict'],
  ['400 invalidVers', { status: 400, body: scimError('400', 'old', 'invalidVers') }, 'stale'],
  ['412 without a body', { status: 412 }, 'stale'],
  [
    '400 in the words of the Groups API',
    { status: 400, body: { message: 'version 3 does not match the current version 4', code: 'bad.request' } },
    'stale',
  ],
  ['400', { status: 400, body: scimError('400', 'bad value', 'invalidValue') }, 'request_refused'],
  ['501', { status: 501 }, 'request_refused'],
  ['302', { status: 302, headers: { location: 'http://127.0.0.1:1/login?secret=x' } }, 'request_refused'],
  [
    '413',
    { status: 413, body: { message: 'Maximum bytes: 512000', code: 'request.entity.too.large' } },
    'payload_too_large',
  ],
  ['429', { status: 429, headers: { 'retry-after': '7' } }, 'rate_limited'],
  ['408', { status: 408, body: { code: 'client.timeout', message: 'slow' } }, 'timeout'],
  ['500, text body', { status: 500, body: 'Oops' }, 'server_error'],
  ['503', { status: 503 }, 'server_error'],
  ['504', { status: 504, body: { code: 'authentication.request.timeout', message: 'auth' } }, 'server_error'],
];

/** `[what, answer to a GET, code]`: answers with status 200 that say nothing. */
const BODIES: readonly [string, Answer, ScimErrorCode][] = [
  ['HTML', { body: '<!doctype html><title>Log in</title>' }, 'html_instead_of_json'],
  ['HTML by its content type', { headers: { 'content-type': 'text/html' }, body: 'log in' }, 'html_instead_of_json'],
  ['half of a JSON', { body: '{"id":"g1","displayNa' }, 'malformed_json'],
  ['nothing', { body: '' }, 'empty_body'],
  ['another JSON', { body: { name: 'Sales' } }, 'unexpected_shape'],
  ['null', { body: 'null' }, 'unexpected_shape'],
];

/** Codes that the other tests here and in token.integration.test.ts bring about. */
const ELSEWHERE: readonly ScimErrorCode[] = [
  'invalid_client',
  'token_refused',
  'token_rate_limited',
  'token_unavailable',
  'connection_failed',
  'connection_lost',
  'body_too_large',
  'pagination_stuck',
];

describe('errors of the target', () => {
  it.each(ANSWERS)('%s', async (_name, answer, code) => {
    const host = await server(() => answer);
    const target = await scimClient(host.url, { SCIM_PROFILE: 'aws-identity-center' }).target();
    const error = await scimErrorOf(target.change('g1', { displayName: 'New' }));
    expect(error.code).toBe(code);
    expect(error.facts).toMatchObject({ method: 'PATCH', url: `${host.url}/Groups/g1`, status: answer.status });
    expect(error.message).toContain(`PATCH ${host.url}/Groups/g1`);
    expect(error.message).not.toContain('a-fixed-token');
    // A fixed token cannot be renewed: one request, whatever the answer.
    expect(host.seen).toHaveLength(1);
  });

  it.each(BODIES)('200 with %s', async (_name, answer, code) => {
    const host = await server(() => answer);
    const target = await scimClient(host.url, { SCIM_PROFILE: 'aws-identity-center' }).target();
    const error = await scimErrorOf(target.get('g1'));
    expect(error).toMatchObject({ code, facts: { status: 200 } });
  });

  it('has a test for every code', () => {
    const tested = new Set<string>([...[...ANSWERS, ...BODIES].map(([, , code]) => code), ...ELSEWHERE]);
    expect(Object.keys(SCIM_ERRORS).filter((code) => !tested.has(code))).toEqual([]);
  });

  it.each([
    [{ 'retry-after': '7' }, {}, 7_000],
    [{ 'x-retry-after': '6' }, {}, 6_000],
    [{ 'inin-ratelimit-reset': '42', 'inin-ratelimit-count': '301', 'inin-ratelimit-allowed': '300' }, {}, 42_000],
    [{ 'inin-ratelimit-reset': '42', 'inin-ratelimit-count': '12', 'inin-ratelimit-allowed': '300' }, {}, undefined],
    [{ 'inin-ratelimit-reset': '42' }, {}, undefined],
    [{}, { message: 'Rate limit exceeded the maximum. Retry the request in [5] seconds' }, 5_000],
    [{}, {}, undefined],
  ])('429 with %j %j waits %s ms', async (headers, body, retryAfterMs) => {
    const host = await server(() => ({ status: 429, headers, body }));
    const target = await scimClient(host.url, { SCIM_PROFILE: 'aws-identity-center' }).target();
    expect((await scimErrorOf(target.get('g1'))).facts.retryAfterMs).toBe(retryAfterMs);
  });

  it.each([
    [{ 'ININ-Correlation-Id': 'c-1' }, { contextId: 'c-2' }],
    [{}, { contextId: 'c-1' }],
    [{ 'x-request-id': 'c-1' }, {}],
  ])('finds the correlation id in %j %j, for the error and the log', async (headers, body) => {
    const host = await server(() => ({ status: 500, headers, body }));
    const events: RequestEvent[] = [];
    const client = scimClient(host.url, { SCIM_PROFILE: 'aws-identity-center' }, { onRequest: (e) => events.push(e) });
    const error = await scimErrorOf((await client.target()).get('g1'));
    expect(error.facts.correlationId).toBe('c-1');
    expect(events).toMatchObject([{ method: 'GET', url: `${host.url}/Groups/g1`, status: 500, correlationId: 'c-1' }]);
  });

  it('a token that the server repeats does not get into the error', async () => {
    const host = await server(({ headers }) => ({
      status: 400,
      body: { detail: `bad: ${headers.authorization ?? ''}, a-fixed-token` },
    }));
    const target = await scimClient(host.url, { SCIM_PROFILE: 'aws-identity-center' }).target();
    const error = await scimErrorOf(target.get('g1'));
    expect(JSON.stringify([error.message, error.facts])).not.toContain('a-fixed-token');
    expect(error.message).toContain('bad:');
  });
});

describe('errors of the connection', () => {
  it('connection_failed: nobody listens', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const { port } = free.address() as AddressInfo;
    free.close();
    await once(free, 'close');
    const target = await scimClient(`http://127.0.0.1:${port}`, { SCIM_PROFILE: 'aws-identity-center' }).target();
    const error = await scimErrorOf(target.create(definition()));
    expect(error).toMatchObject({ code: 'connection_failed', retryable: true, outcomeUnclear: false });
  });

  it('connection_lost: the server hangs up in the middle of a body', async () => {
    const host = await server((_request, raw) => {
      raw.writeHead(200, { 'content-length': '1000' });
      raw.write('{"id":');
      setTimeout(() => raw.destroy(), 20);
      return undefined;
    });
    const target = await scimClient(host.url, { SCIM_PROFILE: 'aws-identity-center' }).target();
    const error = await scimErrorOf(target.create(definition()));
    expect(error).toMatchObject({ code: 'connection_lost', outcomeUnclear: true });
  });

  it('timeout: no answer', async () => {
    const host = await server(() => new Promise(() => undefined));
    const env = { SCIM_PROFILE: 'aws-identity-center', GENESYS_TIMEOUT_MS: '200' };
    const error = await scimErrorOf((await scimClient(host.url, env).target()).create(definition()));
    expect(error).toMatchObject({ code: 'timeout', outcomeUnclear: true });
  });

  it('timeout: a body that comes so slowly that no pause is too long', async () => {
    const host = await server((_request, raw) => {
      raw.writeHead(200);
      const timer = setInterval(() => raw.write(' '), 50);
      raw.on('close', () => clearInterval(timer));
      return undefined;
    });
    const env = { SCIM_PROFILE: 'aws-identity-center', GENESYS_TIMEOUT_MS: '300' };
    const started = performance.now();
    const error = await scimErrorOf((await scimClient(host.url, env).target()).get('g1'));
    expect(error.code).toBe('timeout');
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  it('body_too_large: reading stops at the limit', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 32);
    let sent = 0;
    const host = await server((_request, raw) => {
      raw.writeHead(200);
      const more = (): void => {
        while (sent < 64 && !raw.destroyed) {
          sent += 1;
          if (!raw.write(chunk)) return;
        }
        raw.end();
      };
      raw.on('drain', more);
      more();
      return undefined;
    });
    const target = await scimClient(host.url, { SCIM_PROFILE: 'aws-identity-center' }).target();
    expect((await scimErrorOf(target.get('g1'))).code).toBe('body_too_large');
    expect(sent).toBeLessThan(64);
  });

  it('an aborted caller gets its own reason, not an error of the target', async () => {
    const host = await server(() => new Promise(() => undefined));
    const caller = new AbortController();
    const target = await scimClient(host.url, { SCIM_PROFILE: 'aws-identity-center' }).target(caller.signal);
    const call = target.get('g1');
    caller.abort(new Error('the worker stops'));
    await expect(call).rejects.toThrow('the worker stops');
  });
});

describe('where a token is sent', () => {
  const secrets = /a-fixed-token|issued-token|demo-secret/u;

  it('is decided by settings only: not by Location, meta.location, $ref or a redirect', async () => {
    const stranger = await server(() => ({ body: {} }));
    const evil = `${stranger.url}/Groups/g1`;
    const group = {
      id: 'g1',
      displayName: 'Sales',
      externalId: 'hr-1',
      members: [{ value: 'u1', $ref: `${stranger.url}/Users/u1` }],
      meta: { location: evil },
    };
    const host = await server(({ method, path }) => {
      if (path.includes('/moved')) return { status: 307, headers: { location: evil } };
      const headers = { location: evil, 'content-location': evil, link: `<${evil}>; rel="next"` };
      if (path.includes('?'))
        return { headers, body: { totalResults: 1, Resources: [group], next: evil, nextUri: evil } };
      return { status: method === 'POST' ? 201 : 200, headers, body: group };
    });
    const target = await scimClient(host.url, { SCIM_PROFILE: 'generic' }).target();
    const { group: created } = await target.create(definition({ members: [{ id: 'u1' }] }));
    await target.findByExternalId('hr-1');
    await target.get(created.id);
    await target.change(created.id, { add: ['u2'] });
    await target.existingUsers(['u1']);
    await target.delete(created.id);
    for await (const _group of target.list());
    const error = await scimErrorOf(target.get('moved'));
    expect(error.message).toContain(`redirects to ${stranger.url}, which is not followed`);
    expect(stranger.seen).toEqual([]);
    expect(host.seen.every(({ headers }) => headers.authorization === 'Bearer a-fixed-token')).toBe(true);
  });

  it('ids of a target stay one part of a path', async () => {
    const host = await server(() => ({ status: 404 }));
    const target = await scimClient(host.url, { SCIM_PROFILE: 'aws-identity-center' }).target();
    await scimErrorOf(target.get('../Users/1?x=#'));
    expect(host.seen[0]?.path).toBe('/Groups/../Users/1?x=#');
  });

  it('a redirected token request fails, and the secret goes nowhere else', async () => {
    const stranger = await server(() => TOKEN_ANSWER);
    const host = await server(() => ({ status: 307, headers: { location: `${stranger.url}/oauth/token` } }));
    const error = await scimErrorOf(
      genesysClient(host.url, { GENESYS_GROUPS_API: 'scim' })
        .target()
        .then((t) => t.get('g')),
    );
    expect(error.code).toBe('token_refused');
    expect(error.message).not.toMatch(secrets);
    expect(stranger.seen).toEqual([]);
  });

  it('the token goes to the API host, the secret to the token host', async () => {
    const login = await server(() => TOKEN_ANSWER);
    const api = await server(() => ({ body: { id: 'g', displayName: 'Sales' } }));
    const client = clientOf({
      SCIM_BASE_URL: `${api.url}/scim/v2`,
      SCIM_TOKEN_URL: `${login.url}/token`,
      SCIM_CLIENT_ID: 'demo-client',
      SCIM_CLIENT_SECRET: 'demo-secret',
      SCIM_PROFILE: 'aws-identity-center',
    });
    await (await client.target()).get('g');
    expect(login.seen.map(({ path, body }) => [path, body])).toEqual([['/token', 'grant_type=client_credentials']]);
    expect(api.seen.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/scim/v2/Groups/g', 'Bearer issued-token-1'],
    ]);
  });
});
