import { z } from 'zod';

/** Longest free text (error messages, display names) that a record may carry, in UTF-16 code units. */
const MAX_TEXT_LENGTH = 4_096;

/** Longest identifier that a record may carry, in UTF-16 code units. */
const MAX_ID_LENGTH = 1_024;

const id = z.string().min(1).max(MAX_ID_LENGTH);
const text = z.string().max(MAX_TEXT_LENGTH);
const count = z.int().nonnegative();

/** How an onboarding ended, in the three words that reports use. */
export const auditStatusSchema = z.enum(['success', 'failure', 'conflict_resolved']);

const membersSchema = z.strictObject({
  requested: count,
  added: count,
  removed: count.optional(),
  missing: count,
  duplicatesDropped: count,
});

const webhookSchema = z.strictObject({
  state: z.enum(['delivered', 'undelivered', 'not-configured', 'not-sent']),
  id: id.optional(),
  attempts: count.optional(),
});

const failureSchema = z.strictObject({
  type: id,
  message: text,
  correlationId: id.optional(),
});

/**
 * One line of the audit log. Unknown keys are refused, so that a field that nobody agreed on cannot
 * carry personal data into a file that is kept for years.
 *
 * - `id`: idempotency key given by the caller, by convention `workflowId/runId/sequence`.
 * - `timestamp`: ISO 8601 with an offset or `Z`.
 * - `latencyMs`: milliseconds from the start of the onboarding to this record.
 * - `outcome`: the outcome of the workflow (`created`, `adopted`, ...); not limited here, the contract owns the list.
 */
export const auditRecordSchema = z.strictObject({
  v: z.literal(1),
  id,
  timestamp: z.iso.datetime({ offset: true }),
  tenant: id,
  externalId: id,
  displayName: text,
  status: auditStatusSchema,
  outcome: z.string().min(1).max(64),
  latencyMs: z.number().nonnegative().finite(),
  groupId: id.optional(),
  target: text.optional(),
  workflowId: id,
  runId: id,
  members: membersSchema.optional(),
  webhook: webhookSchema.optional(),
  failure: failureSchema.optional(),
});

export type AuditStatus = z.infer<typeof auditStatusSchema>;
export type AuditRecord = z.infer<typeof auditRecordSchema>;

/** The record as one line of JSON, without the newline. `JSON.stringify` escapes line breaks within strings. */
export function encodeRecord(record: AuditRecord): string {
  return JSON.stringify(record);
}

/** The record in a line, or `undefined` when the line is not a valid record. */
export function decodeRecord(line: string): AuditRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const parsed = auditRecordSchema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}
