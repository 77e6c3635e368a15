import { byText, memberNumbers, outcomeOf, type Subject } from './support/subject.ts';

/** What the client is asked to do with each peer. A probe returns what came of it; `expectations.ts` says what has to. */
export const PROBES = {
  async 'capabilities that the client works out'({ target }) {
    const { findsByExternalId, findsByPrefix, checksVersion, membersPerRequest, pageSize } = target.capabilities;
    return { findsByExternalId, findsByPrefix, checksVersion, membersPerRequest, pageSize };
  },

  async 'create with two members, then read'(subject) {
    const definition = subject.definition({ members: members(subject, 1, 2) });
    const created = await subject.target.create(definition);
    const read = await subject.target.get(created.group.id);
    return {
      complete: created.complete,
      name: read.displayName === definition.displayName,
      externalId: read.externalId === definition.externalId,
      members: memberNumbers(subject, read),
    };
  },

  async 'create without members, then read'(subject) {
    const id = await createGroup(subject);
    return memberNumbers(subject, await subject.target.get(id));
  },

  async 'create with a member that does not exist'(subject) {
    const made = subject.target.create(subject.definition({ members: [{ id: UNKNOWN_ID }] }));
    return outcomeOf(made.then(async ({ group }) => memberNumbers(subject, await subject.target.get(group.id))));
  },

  async 'create with an extension that the server does not know'(subject) {
    const extensions = { 'urn:example:params:scim:schemas:extension:interop:2.0:Group': { costCenter: '4711' } };
    return outcomeOf(subject.target.create(subject.definition({ extensions })).then(() => 'created'));
  },

  async 'create with a displayName that is taken'(subject) {
    const { displayName } = await definedGroup(subject);
    return outcomeOf(subject.target.create(subject.definition({ displayName })).then(() => 'created'));
  },

  async 'create with an externalId that is taken'(subject) {
    const { externalId } = await definedGroup(subject);
    return outcomeOf(subject.target.create(subject.definition({ externalId })).then(() => 'created'));
  },

  async 'groups after eight creates of the same at the same time'(subject) {
    const definition = subject.definition();
    const creates = Array.from({ length: 8 }, () => outcomeOf(subject.target.create(definition).then(() => 'created')));
    const refused = (await Promise.all(creates)).filter((outcome) => outcome !== 'created');
    return {
      groups: (await subject.target.findByDisplayName(definition.displayName)).length,
      refusals: [...new Set(refused)],
    };
  },

  async 'find by displayName, written in another case'(subject) {
    const { id, displayName } = await definedGroup(subject);
    const found = await subject.target.findByDisplayName(displayName.toUpperCase());
    return found.map((group) => group.id === id);
  },

  async 'find by externalId'(subject) {
    await definedGroup(subject);
    const { id, externalId } = await definedGroup(subject);
    return (await subject.target.findByExternalId(externalId)).map((group) => group.id === id);
  },

  async 'find by externalId, written in another case'(subject) {
    const { externalId } = await definedGroup(subject);
    return (await subject.target.findByExternalId(externalId.toUpperCase())).length;
  },

  async 'find by an externalId with a quote and a backslash'(subject) {
    const definition = subject.definition({ externalId: String.raw`unit "A\B" 100% +1` });
    const { group } = await subject.target.create(definition);
    return (await subject.target.findByExternalId(definition.externalId)).map(({ id }) => id === group.id);
  },

  async 'find by the beginning of an externalId'(subject) {
    await subject.target.create(subject.definition({ externalId: 'prefix/1' }));
    await subject.target.create(subject.definition({ externalId: 'prefix/2' }));
    await subject.target.create(subject.definition({ externalId: 'other/prefix/3' }));
    const found = await subject.target.findByExternalIdPrefix('prefix/');
    return found.map((group) => group.externalId ?? '').toSorted(byText);
  },

  async 'find what is not there'({ target }) {
    return [
      ...(await target.findByDisplayName('No group has this name')),
      ...(await target.findByExternalId('no-group-has-this')),
    ];
  },

  async 'add members'(subject) {
    const id = await createGroup(subject);
    return changed(subject, id, { add: pick(subject, 1, 2, 3) });
  },

  async 'add a member that is in already'(subject) {
    const id = await groupWithMembers(subject, 1, 2);
    return changed(subject, id, { add: pick(subject, 2) });
  },

  async 'remove one of two members'(subject) {
    const id = await groupWithMembers(subject, 1, 2);
    return changed(subject, id, { remove: pick(subject, 1) });
  },

  async 'remove one of two members with SCIM_REMOVE_BY=value'(subject) {
    const id = await groupWithMembers(subject, 1, 2);
    return subject.withSettings({ SCIM_REMOVE_BY: 'value' }, (target) =>
      changed({ ...subject, target }, id, { remove: pick(subject, 1) }),
    );
  },

  async 'remove a member that is not in'(subject) {
    const id = await groupWithMembers(subject, 1, 2);
    return changed(subject, id, { remove: pick(subject, 3) });
  },

  async 'remove one and add another in one change'(subject) {
    const id = await groupWithMembers(subject, 1, 2);
    return changed(subject, id, { remove: pick(subject, 1), add: pick(subject, 3) });
  },

  async rename(subject) {
    const { id, displayName } = await definedGroup(subject);
    const renamed = subject.target.change(id, { displayName: `${displayName} (new)` });
    return outcomeOf(renamed.then(async () => (await subject.target.get(id)).displayName === `${displayName} (new)`));
  },

  async 'give an externalId to a group that has none'(subject) {
    const body = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'Made by hand' };
    const made = await subject.plain.send('POST', '/Groups', body);
    const id = String((made.body as { id: unknown }).id);
    const given = subject.target.change(id, { externalId: 'adopted-1' });
    return outcomeOf(given.then(async () => (await subject.target.get(id)).externalId));
  },

  async 'change with the version that was read'(subject) {
    const id = await createGroup(subject);
    const { version } = await subject.target.get(id);
    return changed(subject, id, { add: pick(subject, 1) }, version);
  },

  async 'change with a version that is old'(subject) {
    const id = await createGroup(subject);
    const { version } = await subject.target.get(id);
    await subject.target.change(id, { add: pick(subject, 1) }, version);
    return changed(subject, id, { add: pick(subject, 2) }, version);
  },

  async 'users among known and unknown ids'(subject) {
    const found = await subject.target.existingUsers([...subject.users, UNKNOWN_ID, 'a "quoted" id']);
    return pick(subject, 1, 2, 3)
      .map((id) => found.has(id))
      .concat(found.size === 3);
  },

  async 'read with a wrong token'(subject) {
    const id = await createGroup(subject);
    return outcomeOf(subject.withSettings({ SCIM_BEARER_TOKEN: 'wrong' }, (target) => target.get(id)));
  },

  async 'read a group that is not there'({ target }) {
    return outcomeOf(target.get(UNKNOWN_ID));
  },

  async 'change a group that is not there'(subject) {
    return outcomeOf(subject.target.change(UNKNOWN_ID, { add: pick(subject, 1) }));
  },

  async 'delete, read, delete again'(subject) {
    const id = await createGroup(subject);
    return [
      await outcomeOf(subject.target.delete(id).then(() => 'deleted')),
      await outcomeOf(subject.target.get(id)),
      await outcomeOf(subject.target.delete(id)),
    ];
  },

  async 'list more groups than one page holds'(subject) {
    const wanted = subject.target.capabilities.pageSize + 5;
    // A few at a time: one of the peers slows down under many.
    for (let made = 0; made < wanted; made += 5) {
      await Promise.all(Array.from({ length: 5 }, () => createGroup(subject)));
    }
    const ids: string[] = [];
    for await (const group of subject.target.list()) ids.push(group.id);
    const { totalResults } = (await subject.plain.send('GET', '/Groups?count=1')).body as { totalResults: number };
    return { complete: ids.length === totalResults && ids.length >= wanted, twice: ids.length - new Set(ids).size };
  },
} as const satisfies Readonly<Record<string, (subject: Subject) => Promise<unknown>>>;

export type ProbeName = keyof typeof PROBES;

/** Of a form that no peer gives out. */
const UNKNOWN_ID = '9999999';

function pick({ users }: Subject, ...numbers: readonly (1 | 2 | 3)[]): string[] {
  return numbers.map((number) => users[number - 1] ?? '');
}

function members(subject: Subject, ...numbers: readonly (1 | 2 | 3)[]) {
  return pick(subject, ...numbers).map((id) => ({ id }));
}

async function definedGroup(subject: Subject): Promise<{ id: string; displayName: string; externalId: string }> {
  const definition = subject.definition();
  const { group } = await subject.target.create(definition);
  return { ...definition, id: group.id };
}

async function createGroup(subject: Subject): Promise<string> {
  return (await definedGroup(subject)).id;
}

/** By a change and not by the create request: one of the peers loses the members of that. */
async function groupWithMembers(subject: Subject, ...numbers: readonly (1 | 2 | 3)[]): Promise<string> {
  const id = await createGroup(subject);
  await subject.target.change(id, { add: pick(subject, ...numbers) });
  return id;
}

/** The members that are read after a change, or how it failed. */
async function changed(
  subject: Subject,
  id: string,
  change: Parameters<Subject['target']['change']>[1],
  version?: string,
): Promise<unknown> {
  const done = subject.target.change(id, change, version);
  return outcomeOf(done.then(async () => memberNumbers(subject, await subject.target.get(id))));
}
