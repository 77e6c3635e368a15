import { REMOVAL_LIMIT } from '@scim-onboarding/onboarding-contract/workflow';
import * as z from 'zod';
import type { GroupSummary } from './group-summary.ts';

const limit = z.strictObject({
  /** Removals up to this number are never held for their share. */
  always: z.int().nonnegative(),
  /** Largest part, 0 to 1, of the members that may be removed. */
  share: z.number().min(0).max(1),
  /** Removals above this number are held, whatever their share is. */
  most: z.int().nonnegative(),
});

export const removalLimitsSchema = z.strictObject({ group: limit, run: limit });

/** What may be removed without being asked again. */
export type RemovalLimits = Readonly<z.infer<typeof removalLimitsSchema>>;

/**
 * Of a group as the worker has it (`REMOVAL_LIMIT`); of a run 1000 members, and 10 % of the members that the groups of the roster
 * have now.
 */
export const DEFAULT_REMOVAL_LIMITS: RemovalLimits = {
  group: { always: REMOVAL_LIMIT.always, share: REMOVAL_LIMIT.share, most: 1_000 },
  run: { always: REMOVAL_LIMIT.always, share: 0.1, most: 1_000 },
};

/** Why so many removals are over the limit, or undefined if they are not. */
export function overLimit(
  removals: number,
  members: number,
  { always, share, most }: RemovalLimits['group'],
): string | undefined {
  if (removals > most) return `${removals} of ${members} members would be removed, the limit is ${most}`;
  if (removals <= always || removals <= members * share) return undefined;
  return `${removals} of ${members} members would be removed, the limit is ${percent(share)}`;
}

/**
 * Applies the limits of a run: if all groups together lose too many members, each group that loses any is held.
 *
 * @param groups of the whole plan
 */
export function holdRun(groups: readonly GroupSummary[], limits: RemovalLimits['run']): GroupSummary[] {
  const losing = groups.filter(losesMembers);
  const removals = losing.reduce((sum, group) => sum + group.remove, 0);
  const members = groups.reduce((sum, group) => sum + (group.membersNow ?? 0), 0);
  const why = overLimit(removals, members, limits);
  if (why === undefined) return [...groups];
  return groups.map((group) =>
    losesMembers(group)
      ? {
          ...group,
          action: 'held',
          hold: 'run-limit',
          reason: `in the whole run ${why}. Check the roster, then approve`,
        }
      : group,
  );
}

function losesMembers({ action, remove }: GroupSummary): boolean {
  return action !== 'held' && action !== 'conflict' && remove > 0;
}

function percent(share: number): string {
  return `${Math.round(share * 1_000) / 10} %`;
}
