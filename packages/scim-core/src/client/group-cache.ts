import type { GroupResource } from '../group-resource.ts';
import { createGroupIndex } from './group-index.ts';
import { nameKey } from './names.ts';

/** A moment in the order of reads and writes of one process. */
export type Moment = number;

/** What names a group in a look-up. */
export interface GroupKeys {
  readonly displayName?: string | undefined;
  readonly externalId?: string | undefined;
}

/** When and how a group was seen. */
export interface Sighting {
  /** The moment that the read began; undefined if it is the answer of a write. */
  readonly since?: Moment;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** True if all of the group was seen, so that a get need not ask again. */
  readonly whole: boolean;
}

export interface CachedGroup {
  readonly group: GroupResource;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly whole: boolean;
}

/**
 * The groups of a directory as they were last seen. What a write answered outlasts every read that began before the answer. What is
 * in doubt is to be asked of the target itself, until that shows a group or the whole directory was read again.
 */
export interface GroupCache {
  /** The moment at which a read begins. */
  moment(): Moment;
  /** Takes a whole list, instead of all that was there. */
  replaceAll(groups: readonly GroupResource[], seen: Required<Omit<Sighting, 'whole'>>, isWhole: IsWhole): void;
  /** Takes one group. */
  put(group: GroupResource, seen: Sighting): void;
  /** Takes what the target found for one key; other groups with this key go. */
  putFound(
    keys: GroupKeys,
    groups: readonly GroupResource[],
    seen: Required<Omit<Sighting, 'whole'>>,
    isWhole: IsWhole,
  ): void;
  /** Removes a group of which nothing is known any more; its keys are in doubt. */
  drop(groupId: string): void;
  /** Removes a group that was deleted. */
  remove(groupId: string): void;
  doubt(keys: GroupKeys): void;
  inDoubt(keys: GroupKeys): boolean;
  /** True if anything at all is in doubt. */
  anyDoubt(): boolean;
  get(groupId: string): CachedGroup | undefined;
  byDisplayName(displayName: string): GroupResource[];
  byExternalId(externalId: string): GroupResource[];
  all(): GroupResource[];
}

/** True if a read shows all of a group. */
export type IsWhole = (group: GroupResource) => boolean;

export interface GroupCacheLimits {
  /** References to members, over all groups; groups beyond it are kept without their members. Default two millions, 16 MB. */
  readonly memberReferences?: number;
}

interface Entry extends CachedGroup {
  /** True if a write of this process answered it. */
  readonly own: boolean;
}

export function createGroupCache({ memberReferences = 2_000_000 }: GroupCacheLimits = {}): GroupCache {
  let now: Moment = 0;
  let readBefore: Moment = 0;
  let index = createGroupIndex<Entry>(memberReferences);
  /** Ids that a write answered for, whatever became of them. */
  const written = new Map<string, Moment>();
  const doubts = new Map<string, Moment>();

  const writtenAfter = (id: string, since: Moment): boolean => (written.get(id) ?? 0) > since;
  const doubt = (keys: GroupKeys): void => {
    now += 1;
    for (const key of doubtKeys(keys)) doubts.set(key, now);
  };
  const drop = (id: string): void => {
    const entry = index.get(id);
    now += 1;
    written.set(id, now);
    if (entry === undefined) return;
    index.delete(id);
    doubt(entry.group);
  };
  const put: GroupCache['put'] = (group, { since, at, whole }) => {
    if (since === undefined) written.set(group.id, (now += 1));
    else if (writtenAfter(group.id, since)) return;
    index.set({ group, at, whole, own: since === undefined });
  };

  return {
    moment: () => now,
    replaceAll(groups, { since, at }, isWhole) {
      const previous = index;
      index = createGroupIndex<Entry>(memberReferences);
      const listed = new Set(groups.map(({ id }) => id));
      for (const [key, moment] of doubts) if (moment <= since) doubts.delete(key);
      for (const group of groups) put(group, { since, at, whole: isWhole(group) });
      for (const entry of previous.values()) {
        const { id } = entry.group;
        if (writtenAfter(id, since)) index.set(entry);
        // What we made and the list does not have was deleted, or the list shows it late.
        else if (entry.own && !listed.has(id)) doubt(entry.group);
      }
      // Reads that began before the last list have ended by now.
      for (const [id, moment] of written) if (moment <= readBefore) written.delete(id);
      readBefore = since;
    },
    put,
    putFound(keys, groups, { since, at }, isWhole) {
      const found = new Set(groups.map(({ id }) => id));
      const known = [
        ...(keys.displayName === undefined ? [] : index.byDisplayName(keys.displayName)),
        ...(keys.externalId === undefined ? [] : index.byExternalId(keys.externalId)),
      ];
      for (const { group } of known) if (!found.has(group.id) && !writtenAfter(group.id, since)) drop(group.id);
      for (const group of groups) put(group, { since, at, whole: isWhole(group) });
      // Nothing found may be a group that reads do not show yet.
      if (groups.length === 0) return;
      for (const key of doubtKeys(keys)) if ((doubts.get(key) ?? 0) <= since) doubts.delete(key);
    },
    drop,
    remove(id) {
      written.set(id, (now += 1));
      index.delete(id);
    },
    doubt,
    inDoubt: (keys) => doubtKeys(keys).some((key) => doubts.has(key)),
    anyDoubt: () => doubts.size > 0,
    get: (id) => index.get(id),
    byDisplayName: (name) => index.byDisplayName(name).map(({ group }) => group),
    byExternalId: (id) => index.byExternalId(id).map(({ group }) => group),
    all: () => [...index.values()].map(({ group }) => group),
  };
}

function doubtKeys({ displayName, externalId }: GroupKeys): string[] {
  return [
    ...(displayName === undefined ? [] : [`n:${nameKey(displayName)}`]),
    ...(externalId === undefined ? [] : [`x:${externalId}`]),
  ];
}
