export { auditRecordSchema, auditStatusSchema, type AuditRecord, type AuditStatus } from './audit-record.ts';
export { openAuditLog, type AppendResult, type AuditLog } from './audit-log.ts';
export { readAuditLog, type AuditRecordStream } from './read-audit-log.ts';
export { auditMetrics, type AuditMetrics } from './audit-metrics.ts';
export { AuditLogLockedError, AuditRecordInvalidError } from './errors.ts';
export type { FileLockOptions } from './file-lock.ts';
