import { isScimError } from '../errors.ts';
import type { GroupChange } from '../group-change.ts';
import type { GroupResource } from '../group-resource.ts';
import type { GroupCache, GroupKeys } from './group-cache.ts';
import { sameName } from './names.ts';
import { untilAborted } from './once.ts';
import { isWhole, type Snapshot } from './snapshot.ts';
import type { GroupTarget } from './target.ts';
import type { WriteTracker } from './write-tracker.ts';

/**
 * A target whose finds and user checks are answered from a snapshot of the directory. Writes always go to the target itself, and what
 * it answers decides: after a write that failed, for whatever reason, finds of that group ask the target again.
 */
export interface SnapshotTarget extends GroupTarget {
  /**
   * The group as the snapshot or a complete answer of a write showed it, at most `maxAgeMs` ago; else as the target shows it now. A
   * change that removes members is to be planned on {@link SnapshotTarget.getFresh} where the target does not check versions.
   */
  get(groupId: string): Promise<GroupResource>;
  /** The group as the target shows it now. */
  getFresh(groupId: string): Promise<GroupResource>;
  /** Asks for many users at once, in full batches, so that `existingUsers` need not. */
  warmUsers(ids: readonly string[]): Promise<void>;
}

export interface SnapshotTargetOptions {
  /** The target itself, with the caller's signal. */
  readonly real: GroupTarget;
  readonly snapshot: Snapshot;
  /** The groups of all snapshots of the process: a write counts for each. */
  readonly caches: () => ReadonlySet<GroupCache>;
  readonly writes: WriteTracker;
  readonly maxAgeMs: number;
  readonly now: () => number;
  readonly signal: AbortSignal | undefined;
}

export function snapshotTarget(options: SnapshotTargetOptions): SnapshotTarget {
  const { real, snapshot, caches, writes, maxAgeMs, now, signal } = options;
  const { groups, users } = snapshot;
  const { capabilities } = real;
  const whole = (group: GroupResource): boolean => isWhole(group, capabilities);
  const everywhere = (record: (cache: GroupCache) => void): void => caches().forEach(record);

  /** From the snapshot; from the target where the snapshot does not hold, and then the snapshot learns it. */
  const find = async (
    keys: GroupKeys,
    cached: () => GroupResource[],
    ask: () => Promise<GroupResource[]>,
  ): Promise<GroupResource[]> => {
    const complete = await snapshot.ready(signal);
    if (complete && !groups.inDoubt(keys)) return cached();
    const seen = { since: groups.moment(), at: now() };
    const found = await ask();
    if (complete) groups.putFound(keys, found, seen, whole);
    return found;
  };

  const getFresh = async (groupId: string): Promise<GroupResource> => {
    const seen = { since: groups.moment(), at: now() };
    try {
      const group = await real.get(groupId);
      groups.put(group, { ...seen, whole: whole(group) });
      return group;
    } catch (error) {
      if (isScimError(error, 'not_found')) groups.drop(groupId);
      throw error;
    }
  };

  /** The caches forget a group whose write failed: a refusal says that it is not as they have it, other errors say nothing of it. */
  const write = async <T>(groupId: string, keys: GroupKeys, send: () => Promise<T>): Promise<T> => {
    const end = writes.begin(groupId);
    let answered = false;
    try {
      const answer = await send();
      answered = true;
      return answer;
    } finally {
      const overlapped = end();
      if (!answered || overlapped) forget(groupId, keys);
    }
  };
  const forget = (groupId: string, keys: GroupKeys): void =>
    everywhere((cache) => {
      cache.drop(groupId);
      cache.doubt(keys);
    });

  return {
    capabilities,
    findByDisplayName: (name) =>
      find(
        { displayName: name },
        () => groups.byDisplayName(name),
        () => real.findByDisplayName(name),
      ),
    findByExternalId: (id, displayName) =>
      find(
        { externalId: id },
        () => groups.byExternalId(id),
        () => real.findByExternalId(id, displayName),
      ),
    async findByExternalIdPrefix(prefix) {
      if (!(await snapshot.ready(signal)) || groups.anyDoubt()) return real.findByExternalIdPrefix(prefix);
      return groups.all().filter((group) => group.externalId?.startsWith(prefix) === true);
    },
    async *list(how) {
      if (!(await snapshot.ready(signal)) || groups.anyDoubt()) yield* real.list(how);
      else yield* groups.all();
    },
    async get(groupId) {
      const cached = groups.get(groupId);
      return cached?.whole === true && now() - cached.at < maxAgeMs ? cached.group : getFresh(groupId);
    },
    getFresh,
    async create(definition) {
      try {
        const answer = await real.create(definition);
        const seen = { at: now(), whole: answer.complete && whole(answer.group) };
        everywhere((cache) => cache.put(answer.group, seen));
        return answer;
      } catch (error) {
        const { displayName, externalId } = definition;
        everywhere((cache) => cache.doubt({ displayName, externalId }));
        throw error;
      }
    },
    async change(groupId, change, version) {
      const { displayName, externalId } = change;
      return write(groupId, { displayName, externalId }, async () => {
        const answer = await real.change(groupId, change, version);
        everywhere((cache) => recordChange(cache, groupId, change, answer));
        return answer;
      });
    },
    delete: (groupId) =>
      write(groupId, {}, async () => {
        await real.delete(groupId);
        everywhere((cache) => cache.remove(groupId));
      }),
    existingUsers: (ids) => untilAborted(users.existing(ids), signal),
    async warmUsers(ids) {
      await untilAborted(users.existing(ids), signal);
    },
  };

  function recordChange(
    cache: GroupCache,
    groupId: string,
    change: GroupChange,
    answer: GroupResource | undefined,
  ): void {
    if (answer !== undefined && shows(answer, change)) {
      cache.put(answer, { at: now(), whole: whole(answer) });
      return;
    }
    const known = cache.get(groupId);
    if (known === undefined) cache.doubt({ displayName: change.displayName, externalId: change.externalId });
    else cache.put(changed(known.group, change), { at: now(), whole: false });
  }
}

/** Whether an answer has what was asked for: some servers drop parts without a word, or answer with the group as it was. */
function shows(group: GroupResource, { displayName, externalId, add = [], remove = [] }: GroupChange): boolean {
  const present = new Set(group.memberIds);
  return (
    group.memberIds !== undefined &&
    (displayName === undefined || sameName(group.displayName, displayName)) &&
    (externalId === undefined || group.externalId === externalId) &&
    add.every((id) => present.has(id)) &&
    !remove.some((id) => present.has(id))
  );
}

/** A group as it should be after a change. Its version is another one now. */
function changed({ version: _old, ...group }: GroupResource, change: GroupChange): GroupResource {
  const removed = new Set(change.remove);
  const { displayName = group.displayName, externalId = group.externalId } = change;
  return {
    ...group,
    displayName,
    ...(externalId === undefined ? {} : { externalId }),
    ...(group.memberIds === undefined
      ? {}
      : { memberIds: [...new Set([...group.memberIds.filter((id) => !removed.has(id)), ...(change.add ?? [])])] }),
  };
}
