import {
  OUTCOMES,
  STAGES,
  STEPS,
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

export const outcomeSchema = z.enum(OUTCOMES);
export const stageSchema = z.enum(STAGES);

/** Answer of the query `getOnboardingState`. */
export const stateSchema: z.ZodType<OnboardingState> = z.object({
  stage: stageSchema,
  outcome: outcomeSchema.exactOptional(),
  groupId: z.string().exactOptional(),
  steps: z
    .array(
      z.object({
        step: z.enum(STEPS),
        state: z.enum(['running', 'done', 'failed']),
        startedAfterMs: z.number(),
        endedAfterMs: z.number().exactOptional(),
        note: z.string().exactOptional(),
      }),
    )
    .max(1_000),
});
