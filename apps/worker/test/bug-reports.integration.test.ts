import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, afterAll, describe, expect, it } from 'vitest';
import { demoSeed } from '@scim-onboarding/genesys-simulator';
import { conversation, definition, startRig, writes, type Rig } from './support/rig.ts';
import { failure, GROUPS, groupsOf, onboard } from './support/scenario.ts';

/**
 * Open bug reports of other provisioners, each by what goes wrong there. Those that an HTTP client alone gets right are in the tests of
 * scim-core; these need the whole run.
 */
const ids = Array.from({ length: 137 }, () => randomUUID());
const users = [...(demoSeed.users ?? []), ...ids.map((id) => ({ id, name: id, email: `${id}@example.com` }))];
const members = ids.map((id) => ({ id }));

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ seed: { ...demoSeed, users }, maxMembersPerRequest: 60 });
  await rig.work();
});
afterAll(() => rig.close());
afterEach(() => rig.simulator.clearFaults());

describe('O5: a 429 is swallowed after the work was done, then 409', () => {
  it('the group is created once and counted as created, not as a conflict', async () => {
    rig.simulator.addFault({
      kind: 'commit-then-respond',
      match: { method: 'POST', bodyIncludes: '"o5"' },
      status: 429,
      body: '{}',
    });
    // The look-up before the second POST does not show the group yet, so that POST meets a 409.
    rig.simulator.addFault({
      kind: 'respond',
      match: { method: 'GET', path: 'externalId eq "o5"' },
      skip: 1,
      status: 200,
      body: '{"totalResults":0,"Resources":[]}',
    });
    const { result, requests } = await onboard(rig, definition('o5'));
    expect(result).toMatchObject({ outcome: 'created', recovered: true, status: 'success' });
    expect(groupsOf(rig, 'o5')).toHaveLength(1);
    expect(conversation(writes(requests))).toEqual([`POST ${GROUPS} → 429`, `POST ${GROUPS} → 409`]);
  });
});

describe('O6: more members than a request may have', () => {
  it('137 members and an unknown limit of 60 end with all members in the group', async () => {
    const { result, requests } = await onboard(rig, definition('o6', { members }));
    expect(result).toMatchObject({ outcome: 'created', members: { requested: 137, missing: 0 } });
    expect(new Set(groupsOf(rig, 'o6')[0]?.members)).toEqual(new Set(ids));
    expect(writes(requests).filter(({ status }) => status === 201)).toHaveLength(1);
  });

  it('a member that the target refuses alone is left out, and the outcome is partial', async () => {
    const bad = ids[70] ?? '';
    // From here on the directory refuses this one member, however it is sent.
    rig.simulator.addFault({
      kind: 'respond',
      match: { method: 'PATCH', bodyIncludes: bad },
      times: 'always',
      status: 400,
      body: '{"detail":"no"}',
    });
    rig.simulator.addFault({
      kind: 'respond',
      match: { method: 'POST', bodyIncludes: bad },
      times: 'always',
      status: 400,
      body: '{"detail":"no"}',
    });
    const { result } = await onboard(rig, definition('o6-bad', { members: members.slice(60, 80) }));
    expect(result).toMatchObject({
      outcome: 'partial',
      members: { requested: 20, added: 19, missing: 1, missingIds: [bad] },
    });
    expect(groupsOf(rig, 'o6-bad')[0]?.members).toHaveLength(19);
  });
});

describe('O7: the first page is taken for the whole', () => {
  it('a list that breaks in the middle leads to no write', async () => {
    rig.simulator.addFault({
      kind: 'respond',
      match: { method: 'GET', path: 'externalId eq "o7"' },
      times: 2,
      status: 500,
    });
    const { result, requests } = await onboard(rig, definition('o7'));
    expect(result.outcome).toBe('created');
    const lines = conversation(requests).filter((line) => line.includes('/groups'));
    expect(lines.slice(0, 2).every((line) => line.endsWith('→ 500'))).toBe(true);
    expect(lines.findIndex((line) => line.startsWith('POST'))).toBeGreaterThan(2);
  });
});

describe('O9: 404 directly after the create', () => {
  it('is waited for, and no second group is made', async () => {
    rig.simulator.addFault({ kind: 'hide-group', name: 'Team_o9', times: 2, match: { path: `${GROUPS}/` } });
    const { result } = await onboard(rig, definition('o9'));
    expect(result).toMatchObject({ outcome: 'created' });
    expect(groupsOf(rig, 'o9')).toHaveLength(1);
  });
});

describe('O12: a member stands twice in the source', () => {
  it('is sent once, and the duplicate is counted', async () => {
    const [a, b] = definition('x').members;
    if (a === undefined || b === undefined) throw new Error('no members');
    const { result, requests } = await onboard(rig, definition('o12', { members: [a, b, a] }));
    expect(result.members).toMatchObject({ requested: 2, duplicatesDropped: 1 });
    const body = writes(requests)[0]?.body as { members: { value: string }[] } | undefined;
    expect(body?.members.map(({ value }) => value)).toEqual([a.id, b.id]);
  });
});

describe('O13: an empty or half-read source empties a group', () => {
  it('nothing is removed; the run is held and says so', async () => {
    rig.simulator.addGroup({ displayName: 'Team_o13', externalId: 'o13', members: ids });
    const since = rig.simulator.requests().length;
    const error = await failure(rig, definition('o13', { members: [] }), { conflictPolicy: 'update' });
    expect(error.type).toBe('RemovalsHeld');
    expect(error.message).toContain('137 of 137');
    expect(writes(rig.simulator.requests().slice(since))).toEqual([]);
    expect(groupsOf(rig, 'o13')[0]?.members).toHaveLength(137);
  });

  it('without the policy update nothing is ever removed', async () => {
    rig.simulator.addGroup({ displayName: 'Team_o13b', externalId: 'o13b', members: ids });
    const { result, requests } = await onboard(rig, definition('o13b', { members: [] }));
    expect(result).toMatchObject({ outcome: 'unchanged' });
    expect(writes(requests)).toEqual([]);
  });
});
