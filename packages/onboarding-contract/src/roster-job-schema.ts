import * as z from 'zod';
import { CONFLICT_POLICIES } from './input.ts';
import {
  ROSTER_JOB_MODES,
  ROSTER_JOB_OUTCOMES,
  rosterPathProblem,
  SCHEDULE_ID_PATTERN,
  type RosterJobInput,
  type RosterJobResult,
} from './roster-job.ts';
import { TENANT_PATTERN } from './workflow-id.ts';

const text = (max: number) => z.string().max(max);
const count = z.int().nonnegative();

/** Input of a job, as it comes from Temporal. */
export const rosterJobInputSchema: z.ZodType<RosterJobInput> = z
  .strictObject({
    tenant: z.string().regex(TENANT_PATTERN),
    roster: z.string().superRefine((path, context) => {
      const problem = rosterPathProblem(path);
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
    }),
    mode: z.enum(ROSTER_JOB_MODES),
    schedule: z.string().regex(SCHEDULE_ID_PATTERN).exactOptional(),
    conflictPolicy: z.enum(CONFLICT_POLICIES).exactOptional(),
    allowRemovals: z.boolean().exactOptional(),
    format: text(16).exactOptional(),
    map: text(2_000).exactOptional(),
  })
  .readonly();

/** Result of a job, as it comes from Temporal. What a newer worker adds is left out. */
export const rosterJobResultSchema: z.ZodType<RosterJobResult> = z
  .object({
    mode: z.enum(ROSTER_JOB_MODES),
    outcome: z.enum(ROSTER_JOB_OUTCOMES),
    roster: text(1_024),
    digest: text(64),
    groups: count,
    actions: z.record(text(32), count),
    rosterId: text(256).exactOptional(),
    started: count.exactOptional(),
    held: z
      .array(
        z.object({ externalId: text(1_024), action: z.enum(['held', 'conflict']), reason: text(4_000) }).readonly(),
      )
      .max(1_000)
      .readonly()
      .exactOptional(),
    differences: z
      .object({ count, groups: count, lines: z.array(text(4_000)).max(1_000).readonly() })
      .readonly()
      .exactOptional(),
    webhook: z
      .object({
        state: z.enum(['delivered', 'undelivered', 'not-configured']),
        id: text(256).exactOptional(),
        attempts: count.exactOptional(),
        reason: text(4_000).exactOptional(),
      })
      .readonly()
      .exactOptional(),
  })
  .readonly();
