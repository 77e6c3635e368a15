import { CONFLICT_POLICIES } from '@scim-onboarding/onboarding-contract/workflow';
import * as z from 'zod';
import type { GroupSummary } from './group-summary.ts';
import { PLAN_ACTIONS, type PlanAction } from './planned-group.ts';
import { removalLimitsSchema } from './removal-limits.ts';

export const PLAN_VERSION = 1;

const count = z.int().nonnegative();
const digest = z.string().regex(/^[0-9a-f]{64}$/u);

const totalsSchema = z.strictObject({
  groups: count,
  byAction: z.record(z.enum(PLAN_ACTIONS), count),
  /** Members, of the groups to which something is done. */
  add: count,
  remove: count,
  renames: count,
  /** Members that held groups would lose. */
  heldRemovals: count,
  /** Members that the roster does not have and that stay. */
  kept: count,
});
export type PlanTotals = Readonly<z.infer<typeof totalsSchema>>;

const headerSchema = z.strictObject({
  version: z.literal(PLAN_VERSION),
  createdAt: z.iso.datetime(),
  roster: z.strictObject({
    file: z.string().max(4_096),
    /** SHA-256 of the file. */
    digest,
    groups: count,
  }),
  /** Which API the groups are in. */
  target: z.strictObject({ name: z.string().min(1).max(256), baseUrl: z.string().max(2_048).optional() }),
  options: z.strictObject({
    tenant: z.string().max(64),
    policy: z.enum(CONFLICT_POLICIES),
    allowRemovals: z.boolean(),
    limits: removalLimitsSchema,
  }),
});

/** What a plan is about: all of it but its groups and what is counted of them. */
export type PlanHeader = Readonly<z.infer<typeof headerSchema>>;

/** A plan file without its groups. */
export const planFrameSchema = z.strictObject({
  ...headerSchema.shape,
  totals: totalsSchema,
  /** Of all the rest, keys sorted. */
  digest,
});

/** Counts what a plan does. */
export function planTotals(groups: readonly GroupSummary[]): PlanTotals {
  const byAction: Record<PlanAction, number> = { create: 0, adopt: 0, update: 0, unchanged: 0, conflict: 0, held: 0 };
  const totals = { add: 0, remove: 0, renames: 0, heldRemovals: 0, kept: 0 };
  for (const { action, add, remove, rename, kept } of groups) {
    byAction[action] += 1;
    totals.kept += kept;
    if (action === 'held') {
      totals.heldRemovals += remove;
      continue;
    }
    totals.add += add;
    totals.remove += remove;
    if (rename !== undefined) totals.renames += 1;
  }
  return { groups: groups.length, byAction, ...totals };
}
