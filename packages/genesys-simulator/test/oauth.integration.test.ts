import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { BASE, clientOf, groupBody, requestToken, send, start } from './support/client.ts';

const UUID = /^[0-9a-f-]{36}$/;

describe('POST /oauth/token', () => {
  it('gives a random token for the right client', async () => {
    const simulator = await start();
    const first = await requestToken(simulator);
    expect(first.status).toBe(200);
    expect(first.json).toEqual({ access_token: expect.any(String), token_type: 'bearer', expires_in: 3600 });
    expect(first.headers.get('inin-correlation-id')).toMatch(UUID);
    expect((await requestToken(simulator)).json.access_token).not.toBe(first.json.access_token);
  });

  it('takes credentials in the form, and form-encoded in the header', async () => {
    const simulator = await start({ clientId: 'id', clientSecret: 'a+b&c: d%' });
    const body = { grant_type: 'client_credentials', client_id: 'id', client_secret: 'a+b&c: d%' };
    const posted = await send(`${simulator.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(body) });
    expect(posted.status).toBe(200);
    expect((await requestToken(simulator, undefined, 'id:a+b&c: d%')).status).toBe(200);
    expect((await requestToken(simulator, undefined, 'id:a%2Bb%26c%3A+d%25')).status).toBe(200);
    expect((await requestToken(simulator, undefined, 'id:a+b')).status).toBe(400);
  });

  it('refuses a wrong client as Genesys does, or as the RFC allows', async () => {
    const refused = await requestToken(await start(), undefined, 'demo-client:wrong');
    expect(refused.status).toBe(400);
    expect(refused.json).toEqual({
      error: 'invalid_client',
      description: 'authentication failed',
      error_description: 'authentication failed',
    });
    const other = await requestToken(await start({ invalidClientStatus: 401 }), undefined, 'wrong:demo-secret');
    expect(other.status).toBe(401);
    expect(other.headers.get('www-authenticate')).toContain('Basic');
  });

  it('refuses another grant, another content type and another method', async () => {
    const simulator = await start();
    expect((await requestToken(simulator, { grant_type: 'password' })).json.error).toBe('unsupported_grant_type');
    const json = await send(`${simulator.url}/oauth/token`, { method: 'POST', body: '{}' });
    expect([json.status, json.json.error]).toEqual([400, 'invalid_request']);
    expect((await send(`${simulator.url}/oauth/token`)).status).toBe(405);
  });

  it('does not put the token request body into the log', async () => {
    const simulator = await start();
    await requestToken(simulator);
    const [entry] = simulator.requests();
    expect(entry).toMatchObject({ method: 'POST', path: '/oauth/token', status: 200 });
    expect(entry).not.toHaveProperty('body');
    expect(entry).not.toHaveProperty('committed');
  });
});

describe('access to vendor paths', () => {
  it.each([undefined, 'Bearer wrong', 'Basic abc'])('refuses authorization %s', async (authorization) => {
    const simulator = await start();
    const headers = authorization === undefined ? {} : { authorization };
    const answer = await send(`${simulator.url}${BASE}/groups`, { headers });
    expect(answer.status).toBe(401);
    expect(answer.json).toMatchObject({ code: 'bad.credentials', status: 401, details: [], errors: [] });
    expect(answer.json.contextId).toBe(answer.headers.get('inin-correlation-id'));
  });

  it('refuses a token after its time', async () => {
    const simulator = await start({ tokenTtlSeconds: 0.2 });
    const call = await clientOf(simulator);
    expect((await call('GET', `${BASE}/groups`)).status).toBe(200);
    await sleep(250);
    expect((await call('GET', `${BASE}/groups`)).status).toBe(401);
  });

  it('needs the write scope for writes', async () => {
    const simulator = await start();
    const call = await clientOf(simulator, 'user:scim:read');
    expect((await call('GET', `${BASE}/groups`)).status).toBe(200);
    const refused = await call('POST', `${BASE}/groups`, groupBody('A'));
    expect(refused.status).toBe(403);
    expect(refused.json.code).toBe('app.not.authorized.for.scope');
    expect(simulator.groups()).toEqual([]);
  });

  it('grants only the scopes of the client, and says so', async () => {
    const simulator = await start({ grantedScopes: ['user:scim:read'] });
    const both = { grant_type: 'client_credentials', scope: 'user:scim:write user:scim:read' };
    expect((await requestToken(simulator, both)).json.scope).toBe('user:scim:read');
    const call = await clientOf(simulator);
    expect((await call('DELETE', `${BASE}/groups/x`)).json.code).toBe('app.not.authorized.for.scope');
  });

  it('needs the permission for groups', async () => {
    const call = await clientOf(await start({ permissions: [] }));
    const refused = await call('GET', `${BASE}/groups`);
    expect([refused.status, refused.json.code]).toEqual([403, 'missing.permissions']);
    expect(refused.json.message).toContain('directory:group:edit');
  });

  it('answers 404 and 405 with an ErrorBody', async () => {
    const call = await clientOf(await start());
    expect((await call('GET', '/api/v2/nothing')).json.code).toBe('not.found');
    expect((await call('GET', `${BASE}/groups/a/b`)).status).toBe(404);
    const refused = await call('DELETE', `${BASE}/groups`);
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, POST']);
  });
});

describe('rate limit', () => {
  it('answers 429 over the limit, with headers on every vendor answer', async () => {
    const simulator = await start({ rateLimitPerMinute: 2 });
    const call = await clientOf(simulator);
    const first = await call('GET', `${BASE}/groups`);
    expect(first.headers.get('inin-ratelimit-count')).toBe('1');
    expect(first.headers.get('inin-ratelimit-allowed')).toBe('2');
    expect(Number(first.headers.get('inin-ratelimit-reset'))).toBeGreaterThan(50);
    await call('GET', '/api/v2/users');
    const refused = await call('POST', `${BASE}/groups`, groupBody('A'));
    expect(refused.status).toBe(429);
    expect(refused.json.code).toBe('too.many.requests.retry.after');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
    expect(refused.json.message).toContain(`[${refused.headers.get('retry-after')}] seconds`);
    expect(simulator.groups()).toEqual([]);
    expect((await requestToken(simulator)).status).toBe(200);
    expect((await send(simulator.webhookUrl, { method: 'POST', body: '{}' })).status).toBe(204);
    simulator.reset();
    expect((await call('GET', `${BASE}/groups`)).status).toBe(200);
  });
});
