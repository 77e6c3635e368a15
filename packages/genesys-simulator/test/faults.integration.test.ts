import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { BASE, clientOf, groupBody, requestToken, seedUsers, send, start } from './support/client.ts';

const GROUPS = `${BASE}/groups`;
const post = { match: { method: 'POST', path: '/groups' } };

async function rig(options = {}) {
  const simulator = await start({ seed: { users: seedUsers }, ...options });
  const call = await clientOf(simulator);
  return { simulator, create: (name = 'A') => call('POST', GROUPS, groupBody(name)), call };
}

describe('faults', () => {
  it('rate-limited: the wait in seconds, as a date, or not at all', async () => {
    const { simulator, create } = await rig({ rateLimitPerMinute: 100 });
    simulator.addFault({ kind: 'rate-limited', retryAfterSeconds: 7, ...post });
    simulator.addFault({ kind: 'rate-limited', retryAfterSeconds: 7, form: 'http-date', ...post });
    simulator.addFault({ kind: 'rate-limited', form: 'none', ...post });
    const seconds = await create();
    expect([seconds.status, seconds.headers.get('retry-after')]).toEqual([429, '7']);
    expect(seconds.json.message).toContain('[7] seconds');
    expect(seconds.headers.get('inin-ratelimit-allowed')).toBe('100');
    const wait = Date.parse((await create()).headers.get('retry-after') ?? '') - Date.now();
    expect(wait).toBeGreaterThan(6500);
    expect(wait).toBeLessThanOrEqual(8000);
    const none = await create();
    expect([none.status, none.headers.get('retry-after'), none.json.code]).toEqual([429, null, 'too.many.requests']);
    expect(simulator.groups()).toEqual([]);
    expect((await create()).status).toBe(201);
  });

  it('respond: any answer, nothing processed', async () => {
    const { simulator, create } = await rig();
    simulator.addFault({
      kind: 'respond',
      status: 503,
      body: '<h1>Oops</h1>',
      contentType: 'text/html',
      headers: { 'X-From': 'proxy' },
      ...post,
    });
    simulator.addFault({ kind: 'respond', status: 200, body: '{"id":', ...post });
    simulator.addFault({ kind: 'respond', status: 201, ...post });
    const html = await create();
    expect([html.status, html.text, html.headers.get('content-type'), html.headers.get('x-from')]).toEqual([
      503,
      '<h1>Oops</h1>',
      'text/html',
      'proxy',
    ]);
    expect(html.headers.get('inin-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await create()).toMatchObject({ status: 200, text: '{"id":' });
    expect(await create()).toMatchObject({ status: 201, text: '' });
    expect(simulator.groups()).toEqual([]);
    expect(simulator.requests({ method: 'POST', path: '/groups' }).map(({ committed }) => committed)).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('delay: late, then as usual', async () => {
    const { simulator, create } = await rig();
    simulator.addFault({ kind: 'delay', ms: 150, ...post });
    const before = Date.now();
    expect((await create()).status).toBe(201);
    expect(Date.now() - before).toBeGreaterThanOrEqual(145);
    expect(simulator.requests({ path: '/groups' })[0]).toMatchObject({ fault: 'delay', status: 201, committed: true });
  });

  it('drop-before: no answer, nothing processed', async () => {
    const { simulator, create } = await rig();
    simulator.addFault({ kind: 'drop-before', ...post });
    await expect(create()).rejects.toThrow('fetch failed');
    expect(simulator.groups()).toEqual([]);
    expect(simulator.requests({ path: '/groups' })[0]).toMatchObject({
      fault: 'drop-before',
      status: 'dropped',
      committed: false,
    });
    expect((await create()).status).toBe(201);
  });

  it('drop-after-commit: no answer, but processed', async () => {
    const { simulator, create } = await rig();
    simulator.addFault({ kind: 'drop-after-commit', ...post });
    await expect(create()).rejects.toThrow('fetch failed');
    expect(simulator.groups()).toMatchObject([{ displayName: 'A' }]);
    expect(simulator.requests({ path: '/groups' })[0]).toMatchObject({
      fault: 'drop-after-commit',
      status: 'dropped',
      committed: true,
    });
    expect((await create()).status).toBe(409);
  });

  it('commit-then-respond: processed, another answer', async () => {
    const { simulator, create } = await rig();
    simulator.addFault({
      kind: 'commit-then-respond',
      status: 504,
      body: '{"code":"request.timeout"}',
      times: 2,
      ...post,
    });
    const answer = await create();
    expect([answer.status, answer.json]).toEqual([504, { code: 'request.timeout' }]);
    expect(simulator.groups()).toMatchObject([{ displayName: 'A' }]);
    expect((await create()).status).toBe(504);
    expect(simulator.requests({ path: '/groups' }).map(({ committed }) => committed)).toEqual([true, false]);
  });

  it('slow-body: the right answer in pieces', async () => {
    const { simulator, create } = await rig();
    simulator.addFault({ kind: 'slow-body', chunkBytes: 100, chunkDelayMs: 30, ...post });
    const before = Date.now();
    const answer = await create();
    expect([answer.status, answer.json.displayName]).toEqual([201, 'A']);
    const pieces = Math.ceil(Buffer.byteLength(answer.text) / 100);
    expect(pieces).toBeGreaterThan(2);
    expect(Date.now() - before).toBeGreaterThanOrEqual((pieces - 1) * 29);
  });

  it('expire-tokens: 401 for everyone until a new token', async () => {
    const { simulator, create, call } = await rig();
    simulator.addFault({ kind: 'expire-tokens', ...post });
    expect((await create()).json.code).toBe('bad.credentials');
    expect((await call('GET', GROUPS)).status).toBe(401);
    expect((await (await clientOf(simulator))('GET', GROUPS)).status).toBe(200);
  });

  it('token-rate-limited: 400 from the token endpoint', async () => {
    const { simulator, create } = await rig();
    simulator.addFault({ kind: 'token-rate-limited' });
    expect((await create()).status).toBe(201);
    const answer = await requestToken(simulator);
    expect(answer.status).toBe(400);
    expect(answer.json).toEqual({
      error: 'invalid_request',
      error_description: 'rate limit exceeded',
      description: 'rate limit exceeded',
    });
    expect((await requestToken(simulator)).status).toBe(200);
  });

  it('create-first: another client wins the race', async () => {
    const { simulator, create } = await rig();
    simulator.addFault({
      kind: 'create-first',
      group: { displayName: 'a', externalId: 'x', members: ['u-1'] },
      ...post,
    });
    expect((await create('A')).status).toBe(409);
    expect(simulator.groups()).toMatchObject([{ displayName: 'a', externalId: 'x', members: ['u-1'] }]);
    simulator.addFault({ kind: 'create-first', group: { displayName: 'a' }, ...post });
    expect((await create('B')).status).toBe(201);
    simulator.addFault({ kind: 'create-first', group: { displayName: 'c', members: ['nobody'] }, ...post });
    expect((await create('C')).json.message).toContain('create-first cannot create its group');
  });

  it('match the webhook sink and the decoded query too', async () => {
    const { simulator, call } = await rig();
    simulator.addFault({ kind: 'respond', status: 500, match: { path: '/hris/webhook', bodyIncludes: '"done"' } });
    expect((await send(simulator.webhookUrl, { method: 'POST', body: '{"event":"other"}' })).status).toBe(204);
    expect((await send(simulator.webhookUrl, { method: 'POST', body: '{"event":"done"}' })).status).toBe(500);
    expect(simulator.webhooks()).toHaveLength(1);
    simulator.addFault({ kind: 'respond', status: 404, match: { path: 'displayName eq "Ä B"' } });
    const query = new URLSearchParams({ filter: 'displayName eq "Ä B"' });
    expect((await call('GET', `${GROUPS}?${query}`)).status).toBe(404);
    expect((await call('GET', `${GROUPS}?${query}`)).status).toBe(200);
    simulator.addFault({ kind: 'respond', status: 404, times: 'always' });
    simulator.clearFaults();
    expect((await call('GET', GROUPS)).status).toBe(200);
  });

  it('refuses what is not a fault', async () => {
    const { simulator } = await rig();
    expect(() => simulator.addFault({ kind: 'delay' } as never)).toThrow('not a fault: ms');
  });
});

describe('connections', () => {
  it('logs a client that goes away as dropped, though its write took effect', async () => {
    const { simulator, call } = await rig();
    simulator.addFault({ kind: 'delay', ms: 200, ...post });
    const { json } = await requestToken(simulator);
    const headers = { authorization: `Bearer ${json.access_token}`, 'content-type': 'application/json' };
    const body = JSON.stringify(groupBody('A'));
    await expect(
      send(`${simulator.url}${GROUPS}`, { method: 'POST', headers, body, signal: AbortSignal.timeout(50) }),
    ).rejects.toThrow('timeout');
    await call('GET', GROUPS);
    expect(simulator.groups()).toEqual([]);
    await sleep(250);
    expect(simulator.groups()).toHaveLength(1);
    const requests = simulator.requests({ path: '/groups' });
    expect(requests.map(({ method, status }) => [method, status])).toEqual([
      ['POST', 'dropped'],
      ['GET', 200],
    ]);
    expect(requests[0]?.committed).toBe(true);
  });

  it('close ends requests that wait', async () => {
    const { simulator, create } = await rig();
    simulator.addFault({ kind: 'delay', ms: 60_000, ...post });
    const pending = create().catch((error: unknown) => error);
    await sleep(50);
    const before = Date.now();
    await simulator.close();
    expect(await pending).toMatchObject({ message: 'fetch failed' });
    expect(Date.now() - before).toBeLessThan(2000);
    await simulator.close();
  });
});
