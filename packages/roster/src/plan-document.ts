import { CONFLICT_POLICIES } from '@scim-onboarding/onboarding-contract/workflow';
import * as z from 'zod';
import { digestOf } from './digest.ts';
import { PLAN_ACTIONS, plannedGroupSchema, type PlanAction, type PlannedGroup } from './planned-group.ts';
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

export const planDocumentSchema = z.strictObject({
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
  groups: z.array(plannedGroupSchema).max(1_000_000),
  totals: totalsSchema,
  /** Of all the rest, see {@link planDigest}. */
  digest,
});

/** A plan, as it is kept in a file and approved. */
export type PlanDocument = Readonly<z.infer<typeof planDocumentSchema>>;

/** Counts what a plan does. */
export function planTotals(groups: readonly PlannedGroup[]): PlanTotals {
  const byAction: Record<PlanAction, number> = { create: 0, adopt: 0, update: 0, unchanged: 0, conflict: 0, held: 0 };
  const totals = { add: 0, remove: 0, renames: 0, heldRemovals: 0, kept: 0 };
  for (const { action, add, remove, rename, kept } of groups) {
    byAction[action] += 1;
    totals.kept += kept.length;
    if (action === 'held') {
      totals.heldRemovals += remove.length;
      continue;
    }
    totals.add += add.length;
    totals.remove += remove.length;
    if (rename !== undefined) totals.renames += 1;
  }
  return { groups: groups.length, byAction, ...totals };
}

/** Digest of a plan without its `digest`. */
export function planDigest(plan: Omit<PlanDocument, 'digest' | 'totals'>): string {
  const { version, createdAt, roster, target, options, groups } = plan;
  return digestOf({ version, createdAt, roster, target, options, groups, totals: planTotals(groups) });
}

/** Makes a plan document: counts, and adds the digest. Groups are sorted by externalId, so that two plans can be compared. */
export function planDocument(parts: Omit<PlanDocument, 'version' | 'totals' | 'digest'>): PlanDocument {
  const groups = [...parts.groups].sort((a, b) => (a.externalId < b.externalId ? -1 : 1));
  const plan = { version: PLAN_VERSION, ...parts, groups } as const;
  return { ...plan, totals: planTotals(groups), digest: planDigest(plan) };
}

/**
 * Reads a plan document.
 *
 * @param input from `JSON.parse`
 * @throws Error which says where it is wrong, or that it was changed after it was made
 */
export function parsePlanDocument(input: unknown): PlanDocument {
  const parsed = planDocumentSchema.safeParse(input);
  if (!parsed.success)
    throw new Error(`This is not a plan of version ${PLAN_VERSION}:\n${z.prettifyError(parsed.error)}`);
  const plan = parsed.data;
  if (planDigest(plan) !== plan.digest || digestOf(planTotals(plan.groups)) !== digestOf(plan.totals)) {
    throw new Error('The plan was changed after it was made: its digest does not fit. Make the plan again');
  }
  return plan;
}
