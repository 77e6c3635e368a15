import type { AuditRecord } from './audit-record.ts';

export interface AuditMetrics {
  total: number;
  success: number;
  failure: number;
  conflictResolved: number;
  /** 0 to 1. A resolved conflict counts as success. 0 when there are no records. */
  successRate: number;
  /** Milliseconds; 0 when there are no records. */
  averageLatencyMs: number;
  /** Milliseconds, nearest rank: the smallest latency that at least 95 % of the records do not exceed. 0 when empty. */
  p95LatencyMs: number;
  /** Number of records an outcome. */
  byOutcome: Record<string, number>;
  /** Lines that were skipped; only when the records come from `readAuditLog` or `AuditLog.read`. */
  malformedLines?: number;
}

/** Counts and latencies of audit records. Keeps one number a record in memory. */
export async function auditMetrics(records: Iterable<AuditRecord> | AsyncIterable<AuditRecord>): Promise<AuditMetrics> {
  const counts = { success: 0, failure: 0, conflict_resolved: 0 };
  const outcomes = new Map<string, number>();
  const latencies: number[] = [];
  for await (const record of records) {
    counts[record.status] += 1;
    outcomes.set(record.outcome, (outcomes.get(record.outcome) ?? 0) + 1);
    latencies.push(record.latencyMs);
  }
  const total = latencies.length;
  return {
    total,
    success: counts.success,
    failure: counts.failure,
    conflictResolved: counts.conflict_resolved,
    successRate: total === 0 ? 0 : (counts.success + counts.conflict_resolved) / total,
    averageLatencyMs: total === 0 ? 0 : latencies.reduce((sum, latency) => sum + latency, 0) / total,
    p95LatencyMs: nearestRank(latencies, 95),
    byOutcome: Object.fromEntries(outcomes),
    ...malformedLinesOf(records),
  };
}

/** @param percent a whole number, so that the rank is computed without rounding (0.95 * n is not exact). */
function nearestRank(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil((percent * sorted.length) / 100) - 1] ?? 0;
}

function malformedLinesOf(records: object): { malformedLines?: number } {
  return 'malformedLines' in records && typeof records.malformedLines === 'number'
    ? { malformedLines: records.malformedLines }
    : {};
}
