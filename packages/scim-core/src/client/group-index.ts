import type { GroupResource } from '../group-resource.ts';
import { nameKey } from './names.ts';

interface Indexed {
  readonly group: GroupResource;
  readonly whole: boolean;
}

/** Groups by id, name and externalId. */
export interface GroupIndex<T extends Indexed> {
  set(entry: T): void;
  delete(groupId: string): void;
  get(groupId: string): T | undefined;
  byDisplayName(displayName: string): T[];
  byExternalId(externalId: string): T[];
  values(): Iterable<T>;
}

/**
 * An index that holds each member's id once, however many groups have it.
 *
 * @param maxReferences members over all groups; a group beyond it is kept without them, and as one that was not wholly seen
 */
export function createGroupIndex<T extends Indexed>(maxReferences: number): GroupIndex<T> {
  const entries = new Map<string, T>();
  const names = new Map<string, Set<string>>();
  const externalIds = new Map<string, Set<string>>();
  const strings = new Map<string, string>();
  let references = 0;

  const shared = (text: string): string => {
    const known = strings.get(text);
    if (known === undefined) strings.set(text, text);
    return known ?? text;
  };
  const remove = (id: string): void => {
    const entry = entries.get(id);
    if (entry === undefined) return;
    entries.delete(id);
    references -= entry.group.memberIds?.length ?? 0;
    leave(names, nameKey(entry.group.displayName), id);
    if (entry.group.externalId !== undefined) leave(externalIds, entry.group.externalId, id);
  };
  const found = (ids: ReadonlySet<string> | undefined): T[] =>
    [...(ids ?? [])].map((id) => entries.get(id)).filter((entry) => entry !== undefined);

  return {
    set(entry) {
      const { memberIds, ...group } = entry.group;
      remove(group.id);
      const fits = memberIds !== undefined && references + memberIds.length <= maxReferences;
      if (fits) references += memberIds.length;
      entries.set(group.id, {
        ...entry,
        group: fits ? { ...group, memberIds: memberIds.map(shared) } : group,
        whole: entry.whole && (fits || memberIds === undefined),
      });
      join(names, nameKey(group.displayName), group.id);
      if (group.externalId !== undefined) join(externalIds, group.externalId, group.id);
    },
    delete: remove,
    get: (id) => entries.get(id),
    byDisplayName: (name) => found(names.get(nameKey(name))),
    byExternalId: (id) => found(externalIds.get(id)),
    values: () => entries.values(),
  };
}

function join(sets: Map<string, Set<string>>, key: string, id: string): void {
  const ids = sets.get(key);
  if (ids === undefined) sets.set(key, new Set([id]));
  else ids.add(id);
}

function leave(sets: Map<string, Set<string>>, key: string, id: string): void {
  const ids = sets.get(key);
  ids?.delete(id);
  if (ids?.size === 0) sets.delete(key);
}
