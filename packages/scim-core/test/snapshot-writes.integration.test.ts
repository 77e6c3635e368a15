import { describe, expect, it } from 'vitest';
import { definition, genesysClient, scimErrorOf } from './support/clients.ts';
import { seed, startSnapshots, users } from './support/snapshots.ts';

const SCIM = '/api/v2/users/scim/groups';
const V2 = '/api/v2/scim/v2/groups';

describe('snapshot: writing', () => {
  it('a create is found and read back without a request', async () => {
    const { targets, sent } = await startSnapshots();
    const target = await targets.target('r1');
    await target.findByDisplayName('New');
    sent();
    const { group } = await target.create(
      definition({ externalId: 'hr-9', displayName: 'New', members: [{ id: 'u5' }] }),
    );
    const other = await targets.target('r1');
    expect(await other.findByExternalId('hr-9')).toEqual([group]);
    expect(await other.get(group.id)).toMatchObject({ externalId: 'hr-9', memberIds: ['u5'] });
    expect(sent()).toEqual([`POST ${SCIM} 201`]);
    expect((await other.getFresh(group.id)).memberIds).toEqual(['u5']);
    expect(sent()).toHaveLength(1);
  });

  it('counts for every snapshot of the process', async () => {
    const { targets, sent } = await startSnapshots();
    const [one, two] = [await targets.target('r1'), await targets.target('r2')];
    await Promise.all([one.findByDisplayName('New'), two.findByDisplayName('New')]);
    sent();
    await one.create(definition({ externalId: 'hr-9', displayName: 'New' }));
    await one.change('g1', { add: ['u9'] });
    await one.delete('g2');
    expect(sent()).toHaveLength(3);
    expect(await two.findByExternalId('hr-9')).toHaveLength(1);
    expect((await two.get('g1')).memberIds).toEqual(['u1', 'u2', 'u9']);
    expect(await two.findByExternalId('hr-2')).toEqual([]);
    expect(sent()).toEqual([]);
  });

  it('a group that another client made since is a conflict, and the next find shows it', async () => {
    const { sim, targets, sent } = await startSnapshots();
    const target = await targets.target('r1');
    expect(await target.findByExternalId('hr-9')).toEqual([]);
    sim.addGroup({ id: 'g9', displayName: 'New', externalId: 'hr-9', members: ['u1'] });
    expect(await target.findByExternalId('hr-9')).toEqual([]);
    const error = await scimErrorOf(target.create(definition({ externalId: 'hr-9', displayName: 'New' })));
    expect(error.code).toBe('conflict');
    sent();
    expect(await target.findByExternalId('hr-9', 'New')).toMatchObject([{ id: 'g9' }]);
    expect(await target.findByDisplayName('new')).toMatchObject([{ id: 'g9', memberIds: ['u1'] }]);
    expect(sent()).toHaveLength(2);
    await Promise.all([target.findByExternalId('hr-9'), target.findByDisplayName('New'), target.get('g9')]);
    expect(sent()).toEqual([]);
  });

  it('asks again as long as the target does not show what it conflicts with', async () => {
    const { sim, targets, sent } = await startSnapshots();
    const target = await targets.target('r1');
    await target.findByExternalId('hr-9');
    sim.addFault({ kind: 'respond', status: 409, match: { method: 'POST' }, times: 1 });
    await scimErrorOf(target.create(definition({ externalId: 'hr-9', displayName: 'New' })));
    sent();
    for (let look = 0; look < 2; look++) expect(await target.findByExternalId('hr-9')).toEqual([]);
    expect(sent()).toHaveLength(2);
    sim.addGroup({ id: 'g9', displayName: 'New', externalId: 'hr-9' });
    expect(await target.findByExternalId('hr-9')).toHaveLength(1);
  });

  it('a create without a clear answer is looked up at the target', async () => {
    const { sim, targets, sent } = await startSnapshots();
    const target = await targets.target('r1');
    await target.findByExternalId('hr-9');
    sim.addFault({ kind: 'commit-then-respond', status: 500, match: { method: 'POST' }, times: 1 });
    await scimErrorOf(target.create(definition({ externalId: 'hr-9', displayName: 'New' })));
    sent();
    expect(await target.findByExternalId('hr-9')).toHaveLength(1);
    expect(sent()).toHaveLength(1);
  });

  it('an answer without a body changes the snapshot, but does not count as a read-back', async () => {
    const { targets, sent } = await startSnapshots({ patchReturns204: true });
    const target = await targets.target('r1');
    await target.findByDisplayName('Sales');
    await target.change('g1', { displayName: 'Sales EMEA', remove: ['u1'], add: ['u7'] });
    sent();
    expect(await target.findByDisplayName('Sales')).toEqual([]);
    expect(await target.findByDisplayName('Sales EMEA')).toMatchObject([{ id: 'g1', memberIds: ['u2', 'u7'] }]);
    expect(sent()).toEqual([]);
    await target.get('g1');
    expect(sent()).toEqual([`GET ${SCIM}/g1 200`]);
  });

  it('on platform a change that a stale version refuses is read anew', async () => {
    const { sim, targets, sent } = await startSnapshots({ api: 'published' });
    const target = await targets.target('r1');
    await target.findByExternalId('hr-1', 'Sales');
    const { version } = await target.get('g1');
    const other = await genesysClient(sim.url, { GENESYS_GROUPS_API: 'platform' }).target();
    await other.change('g1', { add: ['u8'] });
    expect((await target.get('g1')).version).toBe(version);
    expect((await scimErrorOf(target.change('g1', { remove: ['u1'] }, version))).code).toBe('stale');
    sent();
    const fresh = await target.get('g1');
    expect(fresh.memberIds).toEqual(['u1', 'u2', 'u8']);
    expect(sent()).toEqual([`GET ${V2}/g1 200`]);
    // Its answer has the members and the version, so it is the read-back.
    const answer = await target.change('g1', { remove: ['u1'] }, fresh.version);
    expect(await target.get('g1')).toEqual(answer);
    expect(answer?.memberIds).toEqual(['u2', 'u8']);
    expect(sent()).toEqual([`PATCH ${V2}/g1 200`]);
  });

  it('while anything is in doubt, the list and the look-up by prefix come from the target', async () => {
    const { sim, targets, sent } = await startSnapshots();
    const target = await targets.target('r1');
    await target.findByDisplayName('Sales');
    sim.addGroup({ id: 'g9', displayName: 'New', externalId: 'hr-9' });
    await scimErrorOf(target.create(definition({ externalId: 'hr-8', displayName: 'New' })));
    sent();
    expect((await target.findByExternalIdPrefix('hr-')).map(({ id }) => id)).toEqual(['g1', 'g2', 'g9']);
    const listed: string[] = [];
    for await (const { id } of target.list()) listed.push(id);
    expect(listed).toEqual(['g1', 'g2', 'g9']);
    expect(sent()).toHaveLength(2);
  });

  it('a rename on platform is found by the new name, and read back from the target', async () => {
    const { targets, sent } = await startSnapshots({ api: 'published' });
    const target = await targets.target('r1');
    const { version } = await target.getFresh('g1');
    await target.findByDisplayName('Sales');
    expect(await target.change('g1', { displayName: 'Sales EMEA', add: ['u9'] }, version)).toBeUndefined();
    sent();
    expect(await target.findByDisplayName('sales')).toEqual([]);
    expect(await target.findByDisplayName('Sales EMEA')).toMatchObject([{ id: 'g1', memberIds: ['u1', 'u2', 'u9'] }]);
    expect(sent()).toEqual([]);
    expect(await target.get('g1')).toMatchObject({ displayName: 'Sales EMEA' });
    expect(sent()).toEqual([`GET ${V2}/g1 200`]);
  });

  it('an answer that lacks what was asked for is no read-back', async () => {
    const { sim, targets, sent } = await startSnapshots();
    const target = await targets.target('r1');
    await target.findByDisplayName('Sales');
    sim.addFault({
      kind: 'commit-then-respond',
      status: 200,
      body: JSON.stringify({ id: 'g1', displayName: 'Sales', externalId: 'hr-1', members: [{ value: 'u1' }] }),
      match: { method: 'PATCH' },
    });
    await target.change('g1', { add: ['u9'] });
    sent();
    expect((await target.get('g1')).memberIds).toEqual(['u1', 'u2', 'u9']);
    expect(sent()).toHaveLength(1);
  });

  it('an answer to a create that lacks what was asked for is no read-back', async () => {
    const { sim, targets, sent } = await startSnapshots();
    const target = await targets.target('r1');
    sim.addFault({
      kind: 'commit-then-respond',
      status: 201,
      body: JSON.stringify({ id: 'g1', displayName: 'New', members: [] }),
      match: { method: 'POST', path: '/groups' },
    });
    expect((await target.create(definition({ externalId: 'hr-9', displayName: 'New' }))).complete).toBe(false);
    sent();
    await target.get('g1');
    expect(sent()).toEqual([`GET ${SCIM}/g1 200`]);
  });

  it('the answer of the Groups API to a create is no read-back: it has no version to write with', async () => {
    const { targets, sent } = await startSnapshots({ api: 'published' });
    const target = await targets.target('r1');
    const { group } = await target.create(definition({ externalId: 'hr-9', displayName: 'New' }));
    sent();
    expect((await target.get(group.id)).version).toBeDefined();
    expect(sent()).toEqual([`GET ${V2}/${group.id} 200`]);
  });

  it('a rename that is a conflict shows who has the name', async () => {
    const { sim, targets } = await startSnapshots();
    const target = await targets.target('r1');
    await target.findByDisplayName('Sales');
    sim.addGroup({ id: 'g9', displayName: 'Taken' });
    expect((await scimErrorOf(target.change('g1', { displayName: 'Taken' }))).code).toBe('conflict');
    expect(await target.findByDisplayName('Taken')).toMatchObject([{ id: 'g9' }]);
  });

  it('a get that finds nothing is believed by later finds', async () => {
    const { sim, targets } = await startSnapshots();
    const target = await targets.target('r1');
    expect(await target.findByDisplayName('Sales')).toHaveLength(1);
    sim.reset({ users, groups: seed.groups.slice(1) });
    expect((await scimErrorOf(target.getFresh('g1'))).code).toBe('not_found');
    expect(await target.findByDisplayName('Sales')).toEqual([]);
  });

  it('a group that is gone is not found any more', async () => {
    const { sim, targets, sent } = await startSnapshots();
    const target = await targets.target('r1');
    await target.findByDisplayName('Sales');
    sim.reset({ users, groups: seed.groups.slice(1) });
    expect((await scimErrorOf(target.change('g1', { add: ['u3'] }))).code).toBe('not_found');
    sent();
    expect(await target.findByDisplayName('Sales')).toEqual([]);
    expect((await scimErrorOf(target.get('g1'))).code).toBe('not_found');
  });

  it('changes that overlap are no read-back of each other', async () => {
    const { targets, sent } = await startSnapshots();
    const target = await targets.target('r1');
    await target.findByDisplayName('Sales');
    await Promise.all([target.change('g1', { add: ['u8'] }), target.change('g1', { add: ['u9'] })]);
    sent();
    expect(new Set((await target.get('g1')).memberIds)).toEqual(new Set(['u1', 'u2', 'u8', 'u9']));
    expect(sent()).toEqual([`GET ${SCIM}/g1 200`]);
  });

  it('a write during the read is not undone by it', async () => {
    const { sim, targets, sent } = await startSnapshots();
    sim.addFault({ kind: 'delay', ms: 300, match: { method: 'GET', path: '/groups?' }, times: 1 });
    const target = await targets.target('r1');
    const reading = target.findByDisplayName('Sales');
    const { group } = await target.create(definition({ externalId: 'hr-9', displayName: 'New' }));
    await target.delete('g2');
    await reading;
    expect(await target.findByExternalId('hr-9')).toEqual([group]);
    expect(await target.findByExternalId('hr-2')).toEqual([]);
    expect(sent()).toHaveLength(3);
  });
});
