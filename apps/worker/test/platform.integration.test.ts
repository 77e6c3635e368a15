import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoSeed } from '@scim-onboarding/genesys-simulator';
import { definition, startRig, writes, type Rig } from './support/rig.ts';
import { failure, groupsOf, onboard } from './support/scenario.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await startRig({ seed: demoSeed, api: 'published' });
  // Nothing is set: which API there is has to be found out.
  await rig.work({ env: { GENESYS_GROUPS_API: 'auto' } });
});
afterAll(() => rig.close());

const SCIM = '/api/v2/scim/v2/groups';
const lines = (requests: Parameters<typeof writes>[0]): string[] =>
  writes(requests).map(
    ({ method, path, status }) =>
      `${method} ${path
        .split('/')
        .slice(0, 6)
        .join('/')
        .replace(/[0-9a-f-]{36}/u, '{id}')} → ${status}`,
  );

describe('the published API of Genesys Cloud', () => {
  it('is found out, and a group is created there, linked and filled', async () => {
    const { result, requests } = await onboard(rig, definition('plat-1'));
    expect(result).toMatchObject({
      outcome: 'created',
      target: 'platform',
      recovered: false,
      members: { requested: 2, added: 2, missing: 0 },
    });
    expect(groupsOf(rig, 'plat-1')).toMatchObject([{ id: result.groupId, displayName: 'Team_plat-1' }]);
    expect(groupsOf(rig, 'plat-1')[0]?.members).toHaveLength(2);
    expect(lines(requests)).toEqual(['POST /api/v2/groups → 200', `PATCH ${SCIM} → 200`]);
    await rig.replay('plat-1', 'platform-created');
  });

  it('is left alone by a second run', async () => {
    await onboard(rig, definition('plat-2'));
    const { result, requests } = await onboard(rig, definition('plat-2'));
    expect(result).toMatchObject({ outcome: 'unchanged' });
    expect(lines(requests)).toEqual([]);
  });

  it('a create request that was committed and cut makes no second group', async () => {
    rig.simulator.addFault({
      kind: 'drop-after-commit',
      match: { method: 'POST', path: '/api/v2/groups', bodyIncludes: 'Team_plat-3' },
    });
    const { result, requests } = await onboard(rig, definition('plat-3'));
    expect(result).toMatchObject({ outcome: 'created', recovered: true, members: { missing: 0 } });
    expect(lines(requests).filter((line) => line.startsWith('POST'))).toHaveLength(1);
    expect(rig.simulator.groups().filter((group) => group.displayName === 'Team_plat-3')).toHaveLength(1);
  });

  it('a name in use is a conflict there too', async () => {
    rig.simulator.addGroup({ displayName: 'Team_plat-4', externalId: 'someone-else' });
    const error = await failure(rig, definition('plat-4'));
    expect(error.type).toBe('NameConflict');
    expect(error.message).toContain('"someone-else"');
  });

  it('a group that was made by hand is adopted only by its name’s policy', async () => {
    const { id } = rig.simulator.addGroup({ displayName: 'Team_plat-5' });
    expect((await failure(rig, definition('plat-5'))).type).toBe('NameConflict');
    const { result } = await onboard(rig, definition('plat-5'), { conflictPolicy: 'adopt-by-name' });
    expect(result).toMatchObject({ outcome: 'adopted', groupId: id, members: { added: 2 } });
    expect(groupsOf(rig, 'plat-5')).toMatchObject([{ id }]);
  });

  it('a rename goes by the groups API', async () => {
    rig.simulator.addGroup({ displayName: 'Old_plat-6', externalId: 'plat-6' });
    const { result } = await onboard(rig, definition('plat-6'), { conflictPolicy: 'update' });
    expect(result).toMatchObject({ outcome: 'updated', displayName: 'Team_plat-6' });
    expect(groupsOf(rig, 'plat-6')).toMatchObject([{ displayName: 'Team_plat-6' }]);
  });

  it('a change by somebody else between read and write is planned again', async () => {
    rig.simulator.addGroup({ displayName: 'Team_plat-7', externalId: 'plat-7' });
    const stale = {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '400',
      scimType: 'invalidVers',
      detail: 'version',
    };
    rig.simulator.addFault({
      kind: 'respond',
      match: { method: 'PATCH' },
      status: 400,
      body: JSON.stringify(stale),
      contentType: 'application/scim+json',
    });
    const { result, requests } = await onboard(rig, definition('plat-7'));
    expect(result).toMatchObject({ outcome: 'updated', members: { added: 2, missing: 0 } });
    expect(lines(requests)).toEqual([`PATCH ${SCIM} → 400`, `PATCH ${SCIM} → 200`]);
  });

  it('says which permission is missing', async () => {
    rig.simulator.addFault({
      kind: 'respond',
      match: { method: 'POST', path: '/api/v2/groups' },
      status: 403,
      body: '{"message":"no","code":"missing.permissions","status":403}',
    });
    const error = await failure(rig, definition('plat-8'));
    expect(error.type).toBe('Forbidden');
    expect(error.message).toContain('directory:group:add');
  });
});
