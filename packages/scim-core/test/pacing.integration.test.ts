import { describe, expect, it } from 'vitest';
import type { RequestEvent } from '../src/client/index.ts';
import { genesysClient, scimClient, scimErrorOf, server, simulator } from './support/clients.ts';

const group = { id: 'g1', displayName: 'Sales' };

describe('the rate limit of the target', () => {
  it('is never run into: requests are held back before the 429', async () => {
    const sim = await simulator({ rateLimitPerMinute: 40, seed: { groups: [group] } });
    const client = genesysClient(sim.url, { GENESYS_GROUPS_API: 'scim' });
    const target = await client.target();
    await target.get('g1');
    const results = await Promise.allSettled(Array.from({ length: 80 }, () => target.get('g1')));
    const sent = sim.requests().filter(({ path }) => path !== '/oauth/token');
    // 40 less the reserve of 5 %.
    expect(sent).toHaveLength(38);
    expect(sent.filter(({ status }) => status === 429)).toEqual([]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(37);
    const error = await scimErrorOf(target.get('g1'));
    expect(error).toMatchObject({ code: 'rate_limited', retryable: true });
    expect(error.message).toContain('not sent, to stay under the rate limit of the target: 38 of 40 requests');
    expect(error.facts.status).toBeUndefined();
    expect(error.facts.retryAfterMs).toBeGreaterThan(2_000);
    expect(error.facts.retryAfterMs).toBeLessThanOrEqual(60_000);
  });

  it('counts for all callers and targets of a process, and not for the token endpoint', async () => {
    const sim = await simulator({ rateLimitPerMinute: 10, seed: { groups: [group] } });
    const client = genesysClient(sim.url, { GENESYS_GROUPS_API: 'scim', GENESYS_RATE_LIMIT_RESERVE: '0.5' });
    for (let sent = 0; sent < 5; sent++) await (await client.target()).get('g1');
    expect((await scimErrorOf((await client.target(new AbortController().signal)).get('g1'))).code).toBe(
      'rate_limited',
    );
    expect((await client.probe())[0]).toMatchObject({ check: 'token', ok: true });
  });

  const window = (count: number, reset: number) => ({
    headers: {
      'inin-ratelimit-count': String(count),
      'inin-ratelimit-allowed': '10',
      'inin-ratelimit-reset': String(reset),
    },
    body: group,
  });

  it('a short wait is waited for, and sends the request', async () => {
    let served = 0;
    const host = await server(() => window(++served === 1 ? 10 : 1, 1));
    const events: RequestEvent[] = [];
    const env = { SCIM_PROFILE: 'aws-identity-center' };
    const target = await scimClient(host.url, env, { onRequest: (event) => events.push(event) }).target();
    await target.get('g1');
    const started = performance.now();
    await target.get('g1');
    expect(performance.now() - started).toBeGreaterThanOrEqual(900);
    expect(events).toHaveLength(2);
  });

  it('a wait ends with its caller', async () => {
    const host = await server(() => window(10, 2));
    const client = scimClient(host.url, { SCIM_PROFILE: 'aws-identity-center' });
    await (await client.target()).get('g1');
    const caller = new AbortController();
    const call = (await client.target(caller.signal)).get('g1');
    setTimeout(() => caller.abort(new Error('the worker stops')), 50);
    await expect(call).rejects.toThrow('the worker stops');
    expect(host.seen).toHaveLength(1);
  });

  it('a request without an answer gives its place back', async () => {
    let served = 0;
    const host = await server((_request, raw) => {
      served += 1;
      if (served === 1) return window(8, 60);
      raw.destroy();
      return undefined;
    });
    const env = { SCIM_PROFILE: 'aws-identity-center', GENESYS_RATE_LIMIT_RESERVE: '0' };
    const target = await scimClient(host.url, env).target();
    await target.get('g1');
    for (let sent = 0; sent < 4; sent++) expect((await scimErrorOf(target.get('g1'))).code).toBe('connection_lost');
  });
});
