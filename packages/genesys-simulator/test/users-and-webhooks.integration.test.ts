import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Answer, clientOf, seedUsers, send, start } from './support/client.ts';

describe('users', () => {
  it('lists by id, and leaves unknown ids out', async () => {
    const call = await clientOf(await start({ seed: { users: seedUsers } }));
    const answer = await call('GET', '/api/v2/users?id=u-3&id=nobody&id=u-1&id=u-1');
    expect(answer.json).toEqual({
      entities: [
        {
          id: 'u-3',
          name: 'User u-3',
          email: 'u-3@example.com',
          state: 'active',
          version: 1,
          selfUri: '/api/v2/users/u-3',
        },
        {
          id: 'u-1',
          name: 'User u-1',
          email: 'u-1@example.com',
          state: 'active',
          version: 1,
          selfUri: '/api/v2/users/u-1',
        },
      ],
      pageSize: 25,
      pageNumber: 1,
      total: 2,
      pageCount: 1,
    });
  });

  it('pages, up to 500 ids in one request', async () => {
    const simulator = await start();
    const users = Array.from({ length: 501 }, (_, i) => ({
      id: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
      name: `U${i}`,
      email: `${i}@x.org`,
    }));
    simulator.addUsers(users);
    const call = await clientOf(simulator);
    const ids = users
      .slice(0, 500)
      .map(({ id }) => `id=${id}`)
      .join('&');
    expect((await call('GET', `/api/v2/users?pageSize=500&${ids}`)).json.entities).toHaveLength(500);
    const last = await call('GET', '/api/v2/users?pageSize=100&pageNumber=6');
    expect(last.json).toMatchObject({ total: 501, pageCount: 6, pageNumber: 6, entities: [{ name: 'U500' }] });
    for (const query of ['pageSize=501', 'pageSize=0', 'pageNumber=x']) {
      const refused = await call('GET', `/api/v2/users?${query}`);
      expect([refused.status, refused.json.code]).toEqual([400, 'invalid.query.param.value']);
    }
  });

  it('reads one', async () => {
    const call = await clientOf(await start({ seed: { users: seedUsers } }));
    expect((await call('GET', '/api/v2/users/u-2')).json.email).toBe('u-2@example.com');
    expect((await call('GET', '/api/v2/users/none')).json.code).toBe('not.found');
    expect((await call('POST', '/api/v2/users', {})).status).toBe(405);
  });
});

describe('webhook sink', () => {
  const key = Buffer.from('a key of the tests');
  const secret = `whsec_${key.toString('base64')}`;

  function sign(id: string, timestamp: number, body: string): Record<string, string> {
    const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
    return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': `v1,AAAA v1,${signature}` };
  }

  const post = (url: string, body: string, headers: Record<string, string>): Promise<Answer> =>
    send(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

  it('keeps what arrives', async () => {
    const simulator = await start();
    expect((await post(simulator.webhookUrl, '{"a": 1}', { 'x-test': 'y', authorization: 'Bearer z' })).status).toBe(
      204,
    );
    await post(simulator.webhookUrl, 'not json', {});
    const [first, second] = simulator.webhooks();
    expect(first).toMatchObject({ rawBody: '{"a": 1}', body: { a: 1 }, headers: { 'x-test': 'y' } });
    expect(first).not.toHaveProperty('signatureValid');
    expect(first?.headers).not.toHaveProperty('authorization');
    expect(new Date(first?.at ?? '').getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect(second).toMatchObject({ rawBody: 'not json' });
    expect(second).not.toHaveProperty('body');
    expect((await send(simulator.webhookUrl)).status).toBe(405);
  });

  it('checks signatures when it has a secret', async () => {
    const simulator = await start({ webhookSecret: secret });
    const now = Math.floor(Date.now() / 1000);
    const body = '{"name":"Équipe"}';
    const statuses = [
      await post(simulator.webhookUrl, body, sign('m-1', now, body)),
      await post(simulator.webhookUrl, `${body} `, sign('m-2', now, body)),
      await post(simulator.webhookUrl, body, { ...sign('m-3', now, body), 'webhook-id': 'm-4' }),
      await post(simulator.webhookUrl, body, sign('m-5', now - 301, body)),
      await post(simulator.webhookUrl, body, sign('m-6', now + 305, body)),
      await post(simulator.webhookUrl, body, {}),
    ].map(({ status }) => status);
    expect(statuses).toEqual([204, 401, 401, 401, 401, 401]);
    expect(simulator.webhooks().map(({ signatureValid }) => signatureValid)).toEqual([
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
    expect(simulator.requests().map(({ committed }) => committed)).toEqual([true, false, false, false, false, false]);
  });

  it('does not start with a secret of another form, and does not show it', async () => {
    await expect(start({ webhookSecret: 'top-secret' })).rejects.toThrow('whsec_<base64>');
    await expect(start({ webhookSecret: 'top-secret' })).rejects.not.toThrow('top-secret');
  });
});
