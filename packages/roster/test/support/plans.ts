import { summarize } from '../../src/group-summary.ts';
import { PLAN_VERSION } from '../../src/plan-header.ts';
import type { PlannedGroup } from '../../src/planned-group.ts';
import { plannedRoster, type PlannedRoster } from '../../src/planned-roster.ts';
import { DEFAULT_REMOVAL_LIMITS } from '../../src/removal-limits.ts';
import { makeSpool, type SpoolEntry } from '../../src/spool.ts';

/** A plan of these groups, under the policy `update`; nothing of it goes to a file. */
export async function planned(groups: readonly PlannedGroup[]): Promise<PlannedRoster> {
  const sorted = [...groups].sort((a, b) => (a.externalId < b.externalId ? -1 : 1));
  const spool = makeSpool({ memoryLimit: Number.POSITIVE_INFINITY });
  const entries: SpoolEntry[] = [];
  for (const group of sorted) entries.push(await spool.append(JSON.stringify(group)));
  return plannedRoster({
    header: {
      version: PLAN_VERSION,
      createdAt: '2026-01-01T00:00:00.000Z',
      roster: { file: 'r.csv', digest: '0'.repeat(64), groups: sorted.length },
      target: { name: 'scim' },
      options: { tenant: 'default', policy: 'update', allowRemovals: true, limits: DEFAULT_REMOVAL_LIMITS },
    },
    summaries: sorted.map(summarize),
    entries,
    spool,
  });
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export async function* streamOf<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}
