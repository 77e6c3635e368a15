import type { GroupDefinition } from '../../src/index.ts';
import type { SnapshotTarget } from '../../src/client/index.ts';

export const ROSTER = { newGroups: 1_000, members: 100, users: 5_000, present: 200 } as const;

/** Numbers from 0 to below 1, the same in each run (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const userId = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

export const rosterSeed = {
  users: Array.from({ length: ROSTER.users }, (_, index) => ({
    id: userId(index),
    name: `User ${index}`,
    email: `u${index}@example.com`,
  })),
  groups: Array.from({ length: ROSTER.present }, (_, index) => ({
    displayName: `Present ${index}`,
    externalId: `present-${index}`,
    members: [userId(index)],
  })),
};

/** Definitions with different members, drawn from the users. */
export function roster(): GroupDefinition[] {
  const random = randomNumbers(6);
  return Array.from({ length: ROSTER.newGroups }, (_, index) => {
    const members = new Set<string>();
    while (members.size < ROSTER.members) members.add(userId(Math.floor(random() * ROSTER.users)));
    return { externalId: `new-${index}`, displayName: `New ${index}`, members: [...members].map((id) => ({ id })) };
  });
}

export type Outcome = 'created' | 'unchanged';

/**
 * One group of a roster as an onboarding does it: looks it up by externalId and name, checks its members, creates it, adds what the
 * create request does not take, reads it back.
 *
 * @throws {Error} if the group is not as it was defined in the end
 */
export async function onboard(target: SnapshotTarget, definition: GroupDefinition): Promise<Outcome> {
  const { externalId, displayName } = definition;
  const ids = definition.members.map(({ id }) => id);
  const [self] = await target.findByExternalId(externalId, displayName);
  const named = await target.findByDisplayName(displayName);
  if (named.some((group) => group.externalId !== externalId)) throw new Error(`${displayName} is taken`);
  const users = await target.existingUsers(ids);
  if (users.size !== ids.length) throw new Error(`${displayName} has ${ids.length - users.size} unknown members`);
  const groupId = self?.id ?? (await create(target, definition, ids));
  const group = await target.get(groupId);
  const present = new Set(group.memberIds);
  if (group.externalId !== externalId || present.size !== ids.length || !ids.every((id) => present.has(id))) {
    throw new Error(`${displayName} is not as it was defined`);
  }
  return self === undefined ? 'created' : 'unchanged';
}

async function create(target: SnapshotTarget, definition: GroupDefinition, ids: readonly string[]): Promise<string> {
  const { group, complete } = await target.create(definition);
  if (complete) return group.id;
  const { membersPerRequest } = target.capabilities;
  for (let at = 0; at < ids.length; at += membersPerRequest) {
    await target.change(group.id, {
      ...(at === 0 ? { externalId: definition.externalId } : {}),
      add: ids.slice(at, at + membersPerRequest),
    });
  }
  return group.id;
}

/** Works through all, some at a time. */
export async function each<T, R>(items: readonly T[], parallel: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) {
      const item = items[at];
      if (item !== undefined) results[at] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return results;
}
