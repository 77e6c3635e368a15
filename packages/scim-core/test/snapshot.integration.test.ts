import { describe, expect, it } from 'vitest';
import { createSnapshotTargets } from '../src/client/index.ts';
import { LIST, listOf, scimClient, scimErrorOf, server } from './support/clients.ts';
import { startSnapshots, users } from './support/snapshots.ts';

const SCIM = '/api/v2/users/scim/groups';

describe('snapshot: reading', () => {
  it('concurrent callers share one read, and all finds and gets are answered from it', async () => {
    const { targets, sent } = await startSnapshots();
    const callers = await Promise.all(Array.from({ length: 20 }, () => targets.target('r1')));
    const found = await Promise.all(
      callers.flatMap((target) => [
        target.findByDisplayName('SALES'),
        target.findByExternalId('hr-1'),
        target.findByExternalIdPrefix('hr-'),
      ]),
    );
    expect(found[0]).toMatchObject([{ id: 'g1', memberIds: ['u1', 'u2'] }]);
    expect(found[1]).toEqual(found[0]);
    expect(found[2]?.map(({ id }) => id)).toEqual(['g1', 'g2']);
    const [target] = callers;
    expect(await target?.findByExternalId('HR-1')).toEqual([]);
    expect(await target?.get('g2')).toMatchObject({ memberIds: ['u3'] });
    const listed: string[] = [];
    for await (const { id } of target?.list() ?? []) listed.push(id);
    expect(listed).toEqual(['g1', 'g2']);
    expect(sent()).toEqual([`GET ${SCIM}? 200`]);
  });

  it('reads pages of 25 with members on platform', async () => {
    const groups = Array.from({ length: 60 }, (_, index) => ({ displayName: `T${index}`, members: [`u${index}`] }));
    const { targets, sent } = await startSnapshots({ api: 'published', seed: { users, groups } });
    const target = await targets.target('r1');
    const [group] = await target.findByDisplayName('T59');
    expect(group?.memberIds).toEqual(['u59']);
    expect(await target.get(group?.id ?? '')).toEqual(group);
    expect(sent()).toEqual(Array.from({ length: 3 }, () => 'GET /api/v2/scim/groups? 200'));
  });

  it('is read again when it is too old, and for another id', async () => {
    const { sim, targets, pass, sent } = await startSnapshots();
    const target = await targets.target('r1');
    await target.findByDisplayName('Sales');
    sim.addGroup({ displayName: 'Late' });
    pass(59_999);
    expect(await target.findByDisplayName('Late')).toEqual([]);
    expect(sent()).toHaveLength(1);
    pass(1);
    expect(await target.findByDisplayName('Late')).toHaveLength(1);
    expect(sent()).toHaveLength(1);
    await (await targets.target('r2')).findByDisplayName('Late');
    expect(sent()).toHaveLength(1);
    targets.drop('r2');
    await (await targets.target('r2')).findByDisplayName('Late');
    expect(sent()).toHaveLength(1);
  });

  it('of an old snapshot asks the target for a group', async () => {
    const { targets, pass, sent } = await startSnapshots();
    const target = await targets.target('r1');
    await target.findByDisplayName('Sales');
    pass(60_000);
    await target.get('g1');
    await target.get('g1');
    expect(sent()).toEqual([`GET ${SCIM}? 200`, `GET ${SCIM}/g1 200`]);
  });

  it('forgets the snapshot that was not used for longest', async () => {
    const { targets, sent } = await startSnapshots({}, { maxSnapshots: 2 });
    const use = async (id: string) => (await targets.target(id)).findByDisplayName('Sales');
    for (const id of ['a', 'b', 'a', 'c']) await use(id);
    expect(sent()).toHaveLength(3);
    await use('a');
    expect(sent()).toHaveLength(0);
    await use('b');
    expect(sent()).toHaveLength(1);
  });

  it('a caller that gives up does not end the read of the others', async () => {
    const { sim, targets, sent } = await startSnapshots();
    sim.addFault({ kind: 'delay', ms: 300, match: { method: 'GET' }, times: 1 });
    const abort = new AbortController();
    const first = await targets.target('r1', abort.signal);
    const second = await targets.target('r1', new AbortController().signal);
    const given = first.findByDisplayName('Sales');
    const kept = second.findByDisplayName('Sales');
    setTimeout(() => abort.abort(new Error('gave up')), 50);
    await expect(given).rejects.toThrow('gave up');
    expect(await kept).toHaveLength(1);
    expect(sent()).toEqual([`GET ${SCIM}? 200`]);
  });

  it('a read that fails fails its callers; the next find reads again', async () => {
    const { sim, targets } = await startSnapshots();
    sim.addFault({ kind: 'respond', status: 503, match: { method: 'GET' }, times: 1 });
    const target = await targets.target('r1');
    const both = await Promise.all([1, 2].map(() => scimErrorOf(target.findByDisplayName('Sales'))));
    expect(both.map(({ code }) => code)).toEqual(['server_error', 'server_error']);
    expect(await target.findByDisplayName('Sales')).toHaveLength(1);
  });

  it('waits out a rate limit in the middle of the read', async () => {
    const groups = Array.from({ length: 120 }, (_, index) => ({ displayName: `T${index}` }));
    const { sim, targets, sent } = await startSnapshots({ seed: { users, groups } });
    sim.addFault({
      kind: 'respond',
      status: 429,
      headers: { 'retry-after': '1' },
      match: { method: 'GET', path: 'startIndex=101' },
      times: 1,
    });
    expect(await (await targets.target('r1')).findByDisplayName('T119')).toHaveLength(1);
    expect(sent()).toEqual([`GET ${SCIM}? 200`, `GET ${SCIM}? 429`, `GET ${SCIM}? 200`]);
  });

  it('reads without members where a page with them is too large; a get then asks', async () => {
    const { url, seen } = await server(({ path }) => {
      const members = path.includes('excludedAttributes=members')
        ? undefined
        : Array.from({ length: path.includes('/Groups?') ? 400_000 : 2 }, (_, index) => ({
            value: `a-rather-long-member-id-of-a-user-${index}`,
          }));
      const group = { id: 'g1', displayName: 'Sales', members };
      if (path.includes('/Groups?')) {
        return { body: { schemas: [LIST], totalResults: 1, startIndex: 1, Resources: [group] } };
      }
      return path.includes('/Groups/') ? { body: group } : { status: 404 };
    });
    const targets = createSnapshotTargets({ client: scimClient(url) });
    const target = await targets.target('r1');
    expect(await target.findByDisplayName('Sales')).toEqual([{ id: 'g1', displayName: 'Sales' }]);
    expect((await target.get('g1')).memberIds).toHaveLength(2);
    expect(seen.map(({ path }) => path.replace(/startIndex.*/u, ''))).toEqual([
      '/ServiceProviderConfig',
      '/Groups?',
      '/Groups?excludedAttributes=members&',
      '/Groups/g1',
    ]);
  });
});

describe('snapshot: versions', () => {
  it('a list without the versions that the target checks is no reason not to read a group', async () => {
    const group = { id: 'g1', displayName: 'Sales', members: [{ value: 'u1' }] };
    const { url, seen } = await server(({ path }) => {
      if (path === '/ServiceProviderConfig') return { body: { etag: { supported: true } } };
      if (path.startsWith('/Groups?')) return listOf([group]);
      return { body: group, headers: { etag: 'W/"7"' } };
    });
    const target = await createSnapshotTargets({ client: scimClient(url) }).target('r1');
    expect(target.capabilities.checksVersion).toBe(true);
    expect(await target.findByDisplayName('Sales')).toHaveLength(1);
    for (let look = 0; look < 2; look++) expect((await target.get('g1')).version).toBe('W/"7"');
    expect(seen.filter(({ path }) => path === '/Groups/g1')).toHaveLength(1);
  });
});

describe('snapshot: a directory that is too large', () => {
  it('is not kept: finds go to the target, gets and users are remembered', async () => {
    const { targets, pass, sent } = await startSnapshots({}, { maxGroups: 1 });
    const target = await targets.target('r1');
    expect(await target.findByDisplayName('Sales')).toHaveLength(1);
    pass(60_000);
    expect(await target.findByExternalId('hr-2')).toHaveLength(1);
    expect(await target.findByExternalIdPrefix('hr-')).toHaveLength(2);
    const listed: string[] = [];
    for await (const { id } of target.list()) listed.push(id);
    expect(listed).toEqual(['g1', 'g2']);
    expect(sent()).toHaveLength(5);
    for (let look = 0; look < 2; look++) await Promise.all([target.get('g1'), target.existingUsers(['u1'])]);
    expect(sent()).toHaveLength(2);
  });
});

describe('snapshot: users', () => {
  it('are asked for once each, in batches of many callers', async () => {
    const { sim, targets } = await startSnapshots();
    const ask = async (from: number, to: number) =>
      (await targets.target('r1')).existingUsers(users.slice(from, to).map(({ id }) => id));
    const answers = await Promise.all([ask(0, 30), ask(20, 60), ask(50, 130), ask(0, 5)]);
    expect(answers.map(({ size }) => size)).toEqual([30, 40, 80, 5]);
    expect((await ask(0, 130)).size).toBe(130);
    const asked = sim
      .requests({ path: '/api/v2/users?' })
      .map(({ path }) => new URL(path, sim.url).searchParams.getAll('id'));
    expect(asked.map(({ length }) => length)).toEqual([100, 30]);
    expect(new Set(asked.flat()).size).toBe(130);
    await (await targets.target('r1')).warmUsers(users.map(({ id }) => id));
    expect((await ask(130, 250)).size).toBe(120);
    expect(sim.requests({ path: '/api/v2/users?' })).toHaveLength(4);
  });

  it('a user that was missing is asked for again soon', async () => {
    const { sim, targets, pass, sent } = await startSnapshots();
    const target = await targets.target('r1');
    expect(await target.existingUsers(['u1', 'late'])).toEqual(new Set(['u1']));
    sim.addUsers([{ id: 'late', name: 'Late', email: 'late@example.com' }]);
    expect(await target.existingUsers(['u1', 'late'])).toEqual(new Set(['u1']));
    expect(sent()).toHaveLength(1);
    pass(10_000);
    expect(await target.existingUsers(['u1', 'late'])).toEqual(new Set(['u1', 'late']));
    expect(sent()).toHaveLength(1);
  });

  it('a batch that fails fails its callers and is asked for again', async () => {
    const { sim, targets } = await startSnapshots();
    sim.addFault({ kind: 'respond', status: 503, match: { method: 'GET', path: '/users?' }, times: 1 });
    const target = await targets.target('r1');
    const both = await Promise.all([
      scimErrorOf(target.existingUsers(['u1'])),
      scimErrorOf(target.existingUsers(['u2'])),
    ]);
    expect(both.map(({ code }) => code)).toEqual(['server_error', 'server_error']);
    expect((await target.existingUsers(['u1', 'u2'])).size).toBe(2);
  });

  it('a batch waits out a rate limit', async () => {
    const { sim, targets, sent } = await startSnapshots();
    sim.addFault({ kind: 'rate-limited', retryAfterSeconds: 1, match: { method: 'GET', path: '/users?' } });
    expect((await (await targets.target('r1')).existingUsers(['u1'])).size).toBe(1);
    expect(sent()).toEqual(['GET /api/v2/users? 429', 'GET /api/v2/users? 200']);
  });

  it('a caller that gives up does not end the batch', async () => {
    const { sim, targets } = await startSnapshots();
    sim.addFault({ kind: 'delay', ms: 200, match: { method: 'GET', path: '/users?' }, times: 1 });
    const abort = new AbortController();
    const first = await targets.target('r1', abort.signal);
    const second = await targets.target('r1');
    const given = first.existingUsers(['u1']);
    const kept = second.existingUsers(['u1', 'u2']);
    setTimeout(() => abort.abort(new Error('gave up')), 100);
    await expect(given).rejects.toThrow('gave up');
    expect(await kept).toEqual(new Set(['u1', 'u2']));
    expect(sim.requests({ path: '/users?' })).toHaveLength(1);
  });
});
