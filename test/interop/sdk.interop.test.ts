import { type Simulator, startSimulator } from '@scim-onboarding/genesys-simulator';
import type { GroupTarget, TargetClient } from '@scim-onboarding/scim-core/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from './support/peer-suite.ts';
import { freshSecret } from './support/peers.ts';
import { clientOf } from './support/subject.ts';
import { refusalOf, type VendorSdk, vendorSdk } from './support/vendor-sdk.ts';

const PATCH_URN = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const USERS = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'] as const;
const UNKNOWN = '99999999-9999-4999-8999-999999999999';

describeWith('npm', "vendor's SDK against the published API of the simulator", (folder) => {
  const clientId = 'interop';
  const clientSecret = freshSecret();
  let simulator: Simulator | undefined;
  let client: TargetClient | undefined;
  let sdk: VendorSdk;
  let target: GroupTarget;

  beforeAll(async () => {
    const users = USERS.map((id, index) => ({ id, name: `User ${index + 1}`, email: `user${index + 1}@example.com` }));
    simulator = await startSimulator({ api: 'published', clientId, clientSecret, seed: { users } });
    sdk = vendorSdk(folder, simulator.url);
    await sdk.login(clientId, clientSecret);
    client = clientOf({
      GENESYS_API_URL: simulator.url,
      GENESYS_LOGIN_URL: simulator.url,
      GENESYS_CLIENT_ID: clientId,
      GENESYS_CLIENT_SECRET: clientSecret,
      GENESYS_GROUPS_API: 'auto',
    });
    target = await client.target();
  });

  afterAll(async () => {
    await client?.close();
    await simulator?.close();
  });

  const newGroup = async (name: string) =>
    (await sdk.groups.postGroups({ name, type: 'official', visibility: 'public', rulesVisible: true })).body;

  it('is refused with a wrong secret, and logs in with the right one', async () => {
    // The singleton of the SDK keeps the token of the last login that succeeded.
    expect(await refusalOf(sdk.login(clientId, 'wrong'))).toMatch(/^40[01]/u);
    expect((await sdk.login(clientId, clientSecret)).accessToken).not.toBe('');
  });

  it('creates, reads, changes and deletes a group', async () => {
    const created = await newGroup('SDK life');
    expect(created).toMatchObject({ name: 'SDK life', type: 'official', visibility: 'public', memberCount: 0 });
    expect((await sdk.groups.getGroup(created.id)).body).toEqual(created);

    const body = { name: 'SDK life 2', description: 'changed', version: created.version };
    const changed = (await sdk.groups.putGroup(created.id, { body })).body;
    expect(changed).toMatchObject({ name: 'SDK life 2', description: 'changed', version: created.version + 1 });
    expect(await refusalOf(sdk.groups.putGroup(created.id, { body }))).toMatch(/^409/u);

    expect((await sdk.groups.deleteGroup(created.id)).status).toBe(204);
    expect(await refusalOf(sdk.groups.getGroup(created.id))).toBe('404 not.found');
  });

  it('is refused a name that is taken', async () => {
    await newGroup('SDK taken');
    expect(await refusalOf(newGroup('sdk TAKEN'))).toBe('400 group.name.in.use');
  });

  it('adds, lists and removes members', async () => {
    const { id, version } = await newGroup('SDK members');
    const add = { memberIds: [...USERS], version };
    expect((await sdk.groups.postGroupMembers(id, add)).status).toBe(202);
    expect(await refusalOf(sdk.groups.postGroupMembers(id, add))).toMatch(/^409/u);
    const listed = (await sdk.groups.getGroupMembers(id, { pageSize: 1, pageNumber: 2 })).body;
    expect(listed).toMatchObject({ total: 2, pageCount: 2, entities: [{ id: USERS[1] }] });
    expect((await sdk.groups.getGroupIndividuals(id)).body.entities.map((user) => user.id)).toEqual(USERS);

    expect((await sdk.groups.deleteGroupMembers(id, USERS[0])).status).toBe(202);
    expect((await sdk.groups.getGroup(id)).body.memberCount).toBe(1);
  });

  it('lists groups by page, and searches them', async () => {
    for (const letter of ['A', 'B', 'C']) await newGroup(`SDK list ${letter}`);
    const page = (await sdk.groups.getGroups({ pageSize: 2, pageNumber: 1 })).body;
    expect(page.entities).toHaveLength(2);
    expect(page.total).toBeGreaterThanOrEqual(3);

    const query = [{ type: 'STARTS_WITH', fields: ['name'], value: 'sdk list' }];
    const found = (await sdk.groups.postGroupsSearch({ query, sortBy: 'name', sortOrder: 'DESC' })).body;
    expect(found.results.map((group) => group.name)).toEqual(['SDK list C', 'SDK list B', 'SDK list A']);
  });

  it('finds, reads and changes a group over SCIM', async () => {
    const { id } = await newGroup('SDK "scim" group');
    const found = (await sdk.scim.getScimV2Groups('displayName eq "SDK \\"scim\\" group"')).body;
    expect(found).toMatchObject({ totalResults: 1, Resources: [{ id }] });

    const operations = [
      { op: 'replace', path: 'externalId', value: 'sdk-1' },
      { op: 'add', path: 'members', value: [{ value: USERS[0] }, { value: USERS[1] }] },
    ];
    const patch = { schemas: [PATCH_URN], Operations: operations };
    const read = await sdk.scim.getScimV2Group(id);
    const etag = read.headers['etag'] ?? '';
    expect(etag).toBe(read.body.meta.version);
    const patched = (await sdk.scim.patchScimV2Group(id, patch, { ifMatch: etag })).body;
    expect(patched).toMatchObject({ externalId: 'sdk-1', displayName: 'SDK "scim" group' });
    expect(patched.members?.map((member) => member.value)).toEqual(USERS);
    expect(await refusalOf(sdk.scim.patchScimV2Group(id, patch, { ifMatch: etag }))).toBe('400 invalidVers');

    const put = { displayName: 'SDK "scim" group', externalId: 'sdk-2', members: [{ value: USERS[1] }] };
    await sdk.scim.putScimV2Group(id, put);
    const bare = (await sdk.scim.getScimV2Group(id, { attributes: ['externalId'] })).body;
    expect(bare.externalId).toBe('sdk-2');
    expect(bare.members).toBeUndefined();
    expect((await sdk.scim.getScimGroup(id)).body.members).toMatchObject([{ value: USERS[1], type: 'User' }]);
  });

  it('lists groups over SCIM by page', async () => {
    await newGroup('SDK scim page A');
    await newGroup('SDK scim page B');
    const one = (await sdk.scim.getScimGroups({ startIndex: 2, count: 1, excludedAttributes: ['members'] })).body;
    expect(one.Resources).toHaveLength(1);
    expect(one.Resources[0]?.members).toBeUndefined();
    expect(one.totalResults).toBeGreaterThanOrEqual(2);
    // Above 25 the externalId and the members have to be left out.
    expect(await refusalOf(sdk.scim.getScimGroups({ count: 26 }))).toMatch(/^429/u);
    const cheap = { count: 100, excludedAttributes: ['members', 'externalId'] };
    expect((await sdk.scim.getScimGroups(cheap)).body.Resources).toHaveLength(one.totalResults);
  });

  it('is refused what SCIM cannot do here', async () => {
    const { id } = await newGroup('SDK fixed name');
    const rename = { schemas: [PATCH_URN], Operations: [{ op: 'replace', path: 'displayName', value: 'Other' }] };
    expect(await refusalOf(sdk.scim.patchScimV2Group(id, rename))).toBe('400 mutability');
    expect(await refusalOf(sdk.scim.getScimV2Groups('externalId eq "sdk-1"'))).toBe('400 invalidFilter');
    expect(await refusalOf(sdk.scim.getScimV2Group(UNKNOWN))).toBe('404 not.found');
  });

  it('reads users and the capabilities', async () => {
    expect((await sdk.users.getUser(USERS[0])).body).toMatchObject({ id: USERS[0], email: 'user1@example.com' });
    expect((await sdk.users.getUsers({ pageSize: 1 })).body).toMatchObject({ total: 2, pageCount: 2 });
    expect((await sdk.scim.getScimV2Serviceproviderconfig()).body.patch.supported).toBe(true);
  });

  it('asks for several ids at once', async () => {
    // The contract declares the parameter `multi`; the SDK sends one value with commas in it.
    const groups = [await newGroup('SDK ids A'), await newGroup('SDK ids B')].map(({ id }) => id);
    const found = (await sdk.groups.getGroups({ id: [...groups, UNKNOWN] })).body.entities;
    expect(found.map((group) => group.id)).toEqual(groups);
    const known = (await sdk.users.getUsers({ id: [USERS[1], UNKNOWN] })).body.entities;
    expect(known.map((user) => user.id)).toEqual([USERS[1]]);
  });

  it('reads what the client under test has written', async () => {
    expect(client?.chosen()).toBe('platform');
    const definition = { externalId: 'hris-1', displayName: 'From the client', members: [{ id: USERS[0] }] };
    const { group } = await target.create(definition);
    const { version } = await target.get(group.id);
    await target.change(group.id, { externalId: 'hris-1', add: [USERS[0]] }, version);

    expect((await sdk.groups.getGroup(group.id)).body).toMatchObject({ name: 'From the client', memberCount: 1 });
    expect((await sdk.scim.getScimV2Group(group.id)).body).toMatchObject({
      displayName: 'From the client',
      externalId: 'hris-1',
      members: [{ value: USERS[0] }],
    });

    await target.change(group.id, { displayName: 'From the client (renamed)', remove: [USERS[0]] });
    expect((await sdk.groups.getGroup(group.id)).body).toMatchObject({
      name: 'From the client (renamed)',
      memberCount: 0,
    });
    await target.delete(group.id);
    expect(await refusalOf(sdk.groups.getGroup(group.id))).toBe('404 not.found');
  });

  it('writes what the client under test finds', async () => {
    const { id, version } = await newGroup('From the SDK');
    await sdk.groups.postGroupMembers(id, { memberIds: [USERS[1]], version });
    const value = { schemas: [PATCH_URN], Operations: [{ op: 'add', path: 'externalId', value: 'from-sdk' }] };
    await sdk.scim.patchScimV2Group(id, value);

    expect(await target.findByDisplayName('from the sdk')).toMatchObject([{ id, memberIds: [USERS[1]] }]);
    expect(await target.findByExternalId('from-sdk')).toMatchObject([{ id, displayName: 'From the SDK' }]);
    expect(await target.existingUsers([...USERS, UNKNOWN])).toEqual(new Set(USERS));

    // The SDK changes the group after the client has read it, so the client's version is old.
    const before = await target.get(id);
    await sdk.groups.deleteGroupMembers(id, USERS[1]);
    await expect(target.change(id, { add: [USERS[0]] }, before.version)).rejects.toMatchObject({ code: 'stale' });
  });
});
