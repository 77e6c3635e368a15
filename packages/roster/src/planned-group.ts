import * as z from 'zod';

/**
 * What is to be done with a group:
 * - `create`: the target has none.
 * - `adopt`: it is there, and members, or the externalId, are added to it.
 * - `update`: it is there, and is made equal as far as the policy and the permission to remove go.
 * - `unchanged`: it is as it should be.
 * - `conflict`: it cannot be decided without a person; nothing is done.
 * - `held`: too much would be removed, or the source looks broken; nothing is done before it is approved.
 */
export const PLAN_ACTIONS = ['create', 'adopt', 'update', 'unchanged', 'conflict', 'held'] as const;
export type PlanAction = (typeof PLAN_ACTIONS)[number];

/** Why a group is held. An `incomplete-source` cannot be approved: the file has to be corrected. */
export const HOLDS = ['group-limit', 'run-limit', 'empty-source', 'incomplete-source'] as const;
export type Hold = (typeof HOLDS)[number];

const text = z.string().max(1_024);
const digest = z.string().regex(/^[0-9a-f]{64}$/u);
const ids = z.array(text.min(1)).max(1_000_000);

export const plannedGroupSchema = z.strictObject({
  externalId: text.min(1),
  displayName: text.min(1),
  action: z.enum(PLAN_ACTIONS),
  /** Id of the group in the target, where it is there and is one. */
  groupId: text.optional(),
  /** Ids of members to add, sorted. */
  add: ids,
  /** Ids of members to remove, sorted. Of a held group: what would be removed once it is approved. */
  remove: ids,
  /** Ids of members that the target has and the roster does not, and which stay; sorted. */
  kept: ids,
  rename: z.strictObject({ from: text, to: text }).optional(),
  /** The group has no externalId yet and gets it. */
  claims: z.boolean().optional(),
  /** Members that the target has now; undefined if it did not say. */
  membersNow: z.int().nonnegative().optional(),
  hold: z.enum(HOLDS).optional(),
  /** For people. */
  reason: z.string().max(4_000).optional(),
  /** Digest of the definition that was planned with. */
  definitionDigest: digest,
  /** Digest of what the target had. */
  stateDigest: digest,
});

/** What is to be done with one group of a roster. */
export type PlannedGroup = Readonly<z.infer<typeof plannedGroupSchema>>;
