import type { ConflictPolicy } from '@scim-onboarding/onboarding-contract';
import { summarize, type GroupSummary } from './group-summary.ts';
import { planGroup } from './plan-group.ts';
import { PLAN_VERSION } from './plan-header.ts';
import { findInTarget, type PlanTarget } from './plan-target.ts';
import { plannedRoster, type PlannedRoster } from './planned-roster.ts';
import { DEFAULT_REMOVAL_LIMITS, holdRun, type RemovalLimits } from './removal-limits.ts';
import type { RosterGroup } from './roster-item.ts';
import { refuseSharedNames } from './shared-names.ts';
import { makeSpool, type Spool, type SpoolEntry } from './spool.ts';

export interface PlanRosterOptions {
  /** Name of the roster's file, for people and for `apply`. */
  readonly file: string;
  readonly tenant: string;
  readonly policy: ConflictPolicy;
  /** With `update`: remove members that the roster does not have. */
  readonly allowRemovals: boolean;
  /** Default {@link DEFAULT_REMOVAL_LIMITS}. */
  readonly limits?: RemovalLimits | undefined;
  /** Where the temporary file goes. It holds ids of members. Default: the system's folder. */
  readonly tmpFolder?: string | undefined;
  /** Bytes of planned groups that are kept in memory before they go to the temporary file. Default 1 Mi. */
  readonly memoryLimit?: number | undefined;
}

export interface PlanRosterInput {
  /** Of `openRoster`. What it throws ends the planning. */
  readonly groups: AsyncIterable<RosterGroup>;
  /** SHA-256 in hex of the file; asked for when all groups were read. */
  readonly digest: () => string;
  readonly target: PlanTarget;
  readonly options: PlanRosterOptions;
  /** Called after each group with how many were planned. */
  readonly onPlanned?: ((count: number) => void) | undefined;
  /** Ends the planning. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Plans every group of a roster. Writes nothing to the target. Memory grows with the number of groups, not with their members: these
 * go to a temporary file, for this user only, which {@link PlannedRoster.close} removes, and a failure too.
 *
 * @throws what the groups and the target throw, the reason of the signal, and errors of the file system
 */
export async function planRoster(input: PlanRosterInput): Promise<PlannedRoster> {
  const { target, digest, options } = input;
  const { file, tenant, policy, allowRemovals, limits = DEFAULT_REMOVAL_LIMITS } = options;
  const spool = makeSpool(options);
  try {
    const stored = await planGroups(input, spool);
    return await plannedRoster({
      header: {
        version: PLAN_VERSION,
        createdAt: new Date().toISOString(),
        roster: { file, digest: digest(), groups: stored.length },
        target: { name: target.capabilities.name },
        options: { tenant, policy, allowRemovals, limits },
      },
      summaries: holdRun(refuseSharedNames(stored.map(({ summary }) => summary)), limits.run),
      entries: stored.map(({ entry }) => entry),
      spool,
    });
  } catch (error) {
    await spool.close();
    throw error;
  }
}

interface Stored {
  readonly summary: GroupSummary;
  readonly entry: SpoolEntry;
}

/** Sorted by externalId, so that two plans can be compared. */
async function planGroups(
  { groups, target, options, onPlanned, signal }: PlanRosterInput,
  spool: Spool,
): Promise<Stored[]> {
  const stored: Stored[] = [];
  for await (const { definition, complete } of groups) {
    signal?.throwIfAborted();
    const planned = planGroup(definition, await findInTarget(target, definition), { ...options, complete });
    stored.push({ summary: summarize(planned), entry: await spool.append(JSON.stringify(planned)) });
    onPlanned?.(stored.length);
  }
  return stored.sort((a, b) => (a.summary.externalId < b.summary.externalId ? -1 : 1));
}
