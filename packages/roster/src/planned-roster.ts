import { approvalHash } from './approval.ts';
import { differentCounter } from './count-different.ts';
import { objectDigest } from './digest.ts';
import { asSummarized, isActive, type GroupSummary } from './group-summary.ts';
import { planTotals, type PlanHeader, type PlanTotals } from './plan-header.ts';
import { plannedGroupSchema, type PlannedGroup } from './planned-group.ts';
import type { Spool, SpoolEntry } from './spool.ts';

/** What a roster would do. Ids of members are not in memory: they are in a temporary file until the plan is closed. */
export interface PlannedRoster {
  readonly header: PlanHeader;
  readonly totals: PlanTotals;
  /** SHA-256 in hex of the whole plan. */
  readonly digest: string;
  /** Digest of all that the plan removes or holds: what a person approves, see {@link releaseHeld}. */
  readonly approval: string;
  /** Users that are to be looked up: different members that are added. More than 65 536 are estimated, to about 1 %. */
  readonly users: number;
  /** One for each group, sorted by externalId. They stay when the plan is closed. */
  readonly summaries: readonly GroupSummary[];
  /**
   * The groups with the ids of their members, in the order of the summaries, as often as wanted.
   *
   * @throws Error if the plan is closed; errors of the file system
   */
  groups(): AsyncGenerator<PlannedGroup>;
  /** Removes the temporary file. */
  close(): Promise<void>;
}

export interface PlanParts {
  readonly header: PlanHeader;
  /** Sorted by externalId. */
  readonly summaries: readonly GroupSummary[];
  /** Where the group of each summary stands in the spool. */
  readonly entries: readonly SpoolEntry[];
  readonly spool: Spool;
}

/** Counts, and makes the digests, in one pass over the groups. */
export async function plannedRoster(parts: PlanParts): Promise<PlannedRoster> {
  const { header, summaries, spool } = parts;
  const totals = planTotals(summaries);
  const whole = objectDigest({ ...header, totals }, 'groups');
  const approval = approvalHash();
  const users = differentCounter();
  for await (const group of readGroups(parts)) {
    whole.add(group);
    approval.add(group);
    if (isActive(group)) for (const id of group.add) users.add(id);
  }
  return {
    header,
    totals,
    digest: whole.digest(),
    approval: approval.digest(),
    users: users.count(),
    summaries,
    groups: () => readGroups(parts),
    close: () => spool.close(),
  };
}

async function* readGroups({ summaries, entries, spool }: PlanParts): AsyncGenerator<PlannedGroup> {
  for (const [index, summary] of summaries.entries()) {
    const entry = entries[index];
    if (entry === undefined) throw new Error(`The plan has no group ${index}`);
    // The lines are our own, but they were on a disk.
    yield asSummarized(plannedGroupSchema.parse(JSON.parse(await spool.read(entry))), summary);
  }
}
