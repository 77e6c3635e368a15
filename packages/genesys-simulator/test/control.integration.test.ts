import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { controlOf, demoSeed, type LoggedRequest, SimulatorControl } from '../src/index.ts';
import { BASE, clientOf, groupBody, requestToken, seedUsers, send, start } from './support/client.ts';

describe('control API', () => {
  it('does over HTTP what the library does', async () => {
    const simulator = await start({ seed: { users: seedUsers } });
    const control = controlOf(`${simulator.url}/`);
    expect(control).toBeInstanceOf(SimulatorControl);
    expect(await control.health()).toEqual({ status: 'ok', users: 4, groups: 0 });

    const call = await clientOf(simulator);
    await control.addFault({ kind: 'respond', status: 503, match: { method: 'POST' } });
    expect((await call('POST', `${BASE}/groups`, groupBody('A'))).status).toBe(503);
    await control.addFault({ kind: 'respond', status: 503, times: 'always' });
    await control.clearFaults();
    expect((await call('POST', `${BASE}/groups`, groupBody('A', { externalId: 'e' }))).status).toBe(201);
    await send(simulator.webhookUrl, { method: 'POST', body: '{"a":1}' });

    expect(await control.groups()).toEqual(simulator.groups());
    expect(await control.webhooks()).toEqual(simulator.webhooks());
    expect(await control.requests()).toEqual(simulator.requests());
    expect((await control.requests()).map(({ path }) => path)).not.toContain('/_simulator/groups');
    expect((await control.requests({ method: 'post', path: '/groups', status: 201 })).map(({ body }) => body)).toEqual([
      groupBody('A', { externalId: 'e' }),
    ]);
    await control.clearRequests();
    expect(simulator.requests()).toEqual([]);

    await control.reset(demoSeed);
    expect(simulator.groups().map(({ displayName }) => displayName)).toEqual([
      'Customer Support',
      'Sales EMEA',
      'Security Champions',
    ]);
    expect(simulator.webhooks()).toEqual([]);
    expect((await call('GET', `${BASE}/groups`)).status).toBe(200);
    await control.reset();
    expect(await control.groups()).toEqual([]);
  });

  it('says what is wrong', async () => {
    const simulator = await start();
    const control = controlOf(simulator.url);
    await expect(control.addFault({ kind: 'delay' } as never)).rejects.toThrow(
      /POST .*\/_simulator\/faults answered 400: .*not a fault: ms/,
    );
    await expect(control.reset({ groups: [{ displayName: 'A' }, { displayName: 'a' }] })).rejects.toThrow(
      'exists already',
    );
    await expect(control.reset({ groups: [{ displayName: 'A', members: ['x'] }] })).rejects.toThrow(
      'unknown member ids',
    );
    expect((await send(`${simulator.url}/_simulator/none`)).status).toBe(404);
    expect((await send(`${simulator.url}/_simulator/reset`)).status).toBe(405);
    const plain = await send(`${simulator.url}/_simulator/faults`, { method: 'POST', body: '{"kind":"drop-before"}' });
    expect([plain.status, plain.json.message]).toEqual([400, 'content type must be application/json']);
    await simulator.close();
    await expect(control.groups()).rejects.toThrow(`GET ${simulator.url}/_simulator/groups failed`);
  });

  it('shows people the last requests', async () => {
    const simulator = await start();
    await send(`${simulator.url}/api/v2/users?id=<script>`);
    const page = await send(`${simulator.url}/_simulator/`);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.text).toContain('/api/v2/users?id=&lt;script&gt;');
    expect(page.text).not.toContain('<script>');
  });
});

describe('library', () => {
  it('adds groups and users', async () => {
    const simulator = await start();
    simulator.addUsers(seedUsers);
    const group = simulator.addGroup({ displayName: 'A', members: ['u-1'] });
    expect(simulator.groups()).toEqual([group]);
    expect(group).toEqual({ id: expect.any(String), displayName: 'A', members: ['u-1'], version: 1 });
    expect(() => simulator.addGroup({ displayName: 'a' })).toThrow('exists already');
  });

  it('calls onRequest once the answer has ended', async () => {
    const seen: LoggedRequest[] = [];
    const simulator = await start({ onRequest: (request) => seen.push(request) });
    await requestToken(simulator);
    await expect.poll(() => seen.length).toBe(1);
    expect(seen[0]).toMatchObject({ seq: 1, method: 'POST', path: '/oauth/token', status: 200 });
    expect(seen[0]?.durationMs).toBeGreaterThan(0);
  });

  it('answers a request line that is no URL', async () => {
    const { hostname, port } = new URL((await start()).url);
    const socket = connect(Number(port), hostname);
    socket.end('GET http://[ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    let answer = '';
    for await (const chunk of socket as AsyncIterable<Buffer>) answer += chunk.toString();
    expect(answer).toContain('HTTP/1.1 400');
    expect(answer).toContain('"code":"bad.request"');
  });

  it('bounds the log', async () => {
    const simulator = await start({ logEntries: 2 });
    for (let i = 0; i < 4; i += 1) await send(`${simulator.url}/${i}`);
    expect(simulator.requests().map(({ path }) => path)).toEqual(['/2', '/3']);
  });

  it('lets seed groups list groups that come later', async () => {
    const simulator = await start({
      seed: {
        groups: [
          { displayName: 'A', members: ['b'] },
          { id: 'b', displayName: 'B' },
        ],
      },
    });
    expect(simulator.groups()[0]?.members).toEqual(['b']);
  });

  it.each([{ scimBasePath: 'x' }, { rateLimitPerMinute: 0 }, { maxPageSize: 0.5 }])('refuses %j', async (options) => {
    await expect(start(options)).rejects.toThrow(Object.keys(options)[0]);
  });
});
