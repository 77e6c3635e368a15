import {
  OUTCOMES,
  RESOLUTION_ACTIONS,
  STAGES,
  STEPS,
  type BlockedReport,
  type OnboardGroupResult,
  type OnboardingState,
} from '@scim-onboarding/onboarding-contract';
import * as z from 'zod';

const groupOutcomes = OUTCOMES.filter((outcome) => outcome !== 'failed' && outcome !== 'cancelled');

/** What a run returns. Unknown keys are dropped: a newer worker may send more. */
export const resultSchema: z.ZodType<OnboardGroupResult> = z.object({
  outcome: z.enum(groupOutcomes),
  status: z.enum(['success', 'failure', 'conflict_resolved']),
  tenant: z.string(),
  externalId: z.string(),
  displayName: z.string(),
  groupId: z.string(),
  target: z.string(),
  recovered: z.boolean(),
  members: z.object({
    requested: z.number(),
    added: z.number(),
    removed: z.number().default(0),
    missing: z.number(),
    missingIds: z.array(z.string()),
    duplicatesDropped: z.number(),
  }),
  latencyMs: z.number(),
  webhook: z.object({
    state: z.enum(['delivered', 'undelivered', 'not-configured']),
    id: z.string().exactOptional(),
    attempts: z.number().exactOptional(),
    reason: z.string().exactOptional(),
  }),
});

/** A search attribute that holds a text. */
export const textSchema = z.string();
export const outcomeSchema = z.enum(OUTCOMES);
export const stageSchema = z.enum(STAGES);

const blockedSchema: z.ZodType<BlockedReport> = z.object({
  block: z.number(),
  step: z.enum(STEPS),
  type: z.string(),
  message: z.string(),
  hint: z.string().exactOptional(),
  correlationId: z.string().exactOptional(),
  since: z.string(),
  until: z.string(),
  allowed: z.array(z.enum(RESOLUTION_ACTIONS)),
});

/** Answer of the query `getOnboardingState`. */
export const stateSchema: z.ZodType<OnboardingState> = z.object({
  stage: stageSchema,
  outcome: outcomeSchema.exactOptional(),
  groupId: z.string().exactOptional(),
  steps: z
    .array(
      z.object({
        step: z.enum(STEPS),
        state: z.enum(['running', 'done', 'failed', 'skipped']),
        activityId: z.string().default(''),
        startedAfterMs: z.number(),
        endedAfterMs: z.number().exactOptional(),
        note: z.string().exactOptional(),
      }),
    )
    .max(10_000),
  blocked: blockedSchema.exactOptional(),
  resolutions: z
    .array(z.object({ block: z.number(), action: z.enum(RESOLUTION_ACTIONS), by: z.string().exactOptional() }))
    .default([]),
});
