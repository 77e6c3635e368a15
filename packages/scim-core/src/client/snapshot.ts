import { isScimError } from '../errors.ts';
import type { GroupResource } from '../group-resource.ts';
import { createGroupCache, type GroupCache } from './group-cache.ts';
import { untilAborted } from './once.ts';
import { patiently } from './patience.ts';
import type { GroupTarget, TargetCapabilities } from './target.ts';
import { createUserBatches, type UserBatches } from './user-batches.ts';

export interface SnapshotOptions {
  /** A target without a signal: one caller that gives up must not end what others wait for. */
  readonly target: () => Promise<GroupTarget>;
  readonly maxAgeMs: number;
  readonly now: () => number;
  /** Groups that are kept at most. */
  readonly maxGroups: number;
}

/** A directory as it was read once, for many callers. */
export interface Snapshot {
  readonly groups: GroupCache;
  readonly users: UserBatches;
  /**
   * Waits until the directory was read and is not too old; one read at a time, whoever waits.
   *
   * @returns false if the directory is too large to be kept
   */
  ready(signal: AbortSignal | undefined): Promise<boolean>;
}

export function createSnapshot({ target, maxAgeMs, now, maxGroups }: SnapshotOptions): Snapshot {
  const groups = createGroupCache();
  let last: { readonly at: number; readonly complete: boolean } | undefined;
  let pending: Promise<boolean> | undefined;

  const read = async (): Promise<boolean> => {
    const seen = { since: groups.moment(), at: now() };
    const real = await target();
    const all = await readAll(real, maxGroups);
    const complete = all !== undefined;
    groups.replaceAll(all ?? [], seen, (group) => isWhole(group, real.capabilities));
    last = { at: seen.at, complete };
    return complete;
  };

  return {
    groups,
    users: createUserBatches({
      ask: (ids) => patiently(async () => (await target()).existingUsers(ids)),
      maxAgeMs,
      now,
    }),
    ready(signal) {
      // A directory that was too large once is not read again to see whether it still is.
      if (last !== undefined && (!last.complete || now() - last.at < maxAgeMs)) return Promise.resolve(last.complete);
      pending ??= read().finally(() => {
        pending = undefined;
      });
      return untilAborted(pending, signal);
    },
  };
}

/** True if a group was seen with all that a get shows. */
export function isWhole({ memberIds, version }: GroupResource, capabilities: TargetCapabilities): boolean {
  return memberIds !== undefined && (version !== undefined || !capabilities.checksVersion);
}

/** Every group with its members; without them where a page with members is more than this client reads. */
async function readAll(target: GroupTarget, maxGroups: number): Promise<GroupResource[] | undefined> {
  try {
    return await collectUpTo(target.list({ members: true, patient: true }), maxGroups);
  } catch (error) {
    if (!isScimError(error, 'body_too_large')) throw error;
    return collectUpTo(target.list({ patient: true }), maxGroups);
  }
}

/** Undefined if there are more. */
async function collectUpTo(list: AsyncIterable<GroupResource>, most: number): Promise<GroupResource[] | undefined> {
  const strings = new Map<string, string>();
  const shared = (id: string): string => {
    const known = strings.get(id);
    if (known === undefined) strings.set(id, id);
    return known ?? id;
  };
  const all: GroupResource[] = [];
  for await (const group of list) {
    if (all.length >= most) return undefined;
    // Page by page, so that a page's own copies of the ids do not outlive it.
    all.push(group.memberIds === undefined ? group : { ...group, memberIds: group.memberIds.map(shared) });
  }
  return all;
}
