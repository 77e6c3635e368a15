import type { z } from 'zod';

/** The record handed to `append` does not match `auditRecordSchema`. Nothing was written. */
export class AuditRecordInvalidError extends Error {
  override readonly name = 'AuditRecordInvalidError';
  /** One entry a problem, `path: what is wrong`. */
  readonly issues: readonly string[];

  constructor(error: z.ZodError) {
    const issues = error.issues.map((issue) => `${issue.path.map(String).join('.') || '(record)'}: ${issue.message}`);
    super(`The audit record was not written because it is not valid. ${issues.join('; ')}`, { cause: error });
    this.issues = issues;
  }
}

/** The lock of an audit log could not be had in time. Nothing was written; the append may be repeated. */
export class AuditLogLockedError extends Error {
  override readonly name = 'AuditLogLockedError';
  readonly lockFile: string;

  constructor(lockFile: string, waitedMs: number, holder: string) {
    super(
      `The audit log is locked by ${holder}; gave up after ${waitedMs} ms. ` +
        `Try again, and if no other process writes this log delete ${lockFile}.`,
    );
    this.lockFile = lockFile;
  }
}
