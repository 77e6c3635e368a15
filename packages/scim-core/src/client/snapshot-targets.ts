import type { GroupCache } from './group-cache.ts';
import { createSnapshot, type Snapshot } from './snapshot.ts';
import { snapshotTarget, type SnapshotTarget } from './snapshot-target.ts';
import type { TargetClient } from './target-client.ts';
import { createWriteTracker } from './write-tracker.ts';

export interface SnapshotTargetsOptions {
  readonly client: Pick<TargetClient, 'target'>;
  /** Milliseconds until a snapshot is read again by the next find. Default 5 minutes. */
  readonly maxAgeMs?: number;
  /** Snapshots that are kept; the one that was not used for longest goes first. Default 4. */
  readonly maxSnapshots?: number;
  /** Groups in a snapshot; finds in a directory that has more go to the target. Default 50,000. */
  readonly maxGroups?: number;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/** Targets that share what they read of a directory. */
export interface SnapshotTargets {
  /**
   * A target for one caller. All that name the same snapshot wait for one paged read of the directory and ask for each user once.
   *
   * @param signal ends the caller's own requests and its waiting, not what others wait for too
   * @throws {ScimError} as `TargetClient.target`
   */
  target(snapshotId: string, signal?: AbortSignal): Promise<SnapshotTarget>;
  /** Forgets a snapshot; the next target of this name reads the directory again. */
  drop(snapshotId: string): void;
}

/** Makes targets for rosters: many groups that are looked up in, and written to, one directory. */
export function createSnapshotTargets(options: SnapshotTargetsOptions): SnapshotTargets {
  const { client, maxAgeMs = 5 * 60_000, maxSnapshots = 4, maxGroups = 50_000, now = Date.now } = options;
  const snapshots = new Map<string, Snapshot>();
  const writes = createWriteTracker();

  const snapshotOf = (snapshotId: string): Snapshot => {
    const snapshot =
      snapshots.get(snapshotId) ?? createSnapshot({ target: () => client.target(), maxAgeMs, maxGroups, now });
    // A Map keeps the order of insertion: the first is the one that was not used for longest.
    snapshots.delete(snapshotId);
    snapshots.set(snapshotId, snapshot);
    for (const id of snapshots.keys()) {
      if (snapshots.size <= maxSnapshots) break;
      snapshots.delete(id);
    }
    return snapshot;
  };

  return {
    async target(snapshotId, signal) {
      const real = await client.target(signal);
      const snapshot = snapshotOf(snapshotId);
      const caches = (): ReadonlySet<GroupCache> =>
        // Its own too, though it may have been dropped meanwhile.
        new Set([snapshot.groups, ...[...snapshots.values()].map(({ groups }) => groups)]);
      return snapshotTarget({ real, snapshot, caches, writes, maxAgeMs, now, signal });
    },
    drop(snapshotId) {
      snapshots.delete(snapshotId);
    },
  };
}
