import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { auditRecord } from '../test/audit-record-fixture.ts';
import { auditMetrics } from './audit-metrics.ts';

const records = fc.array(
  fc.record({
    status: fc.constantFrom('success' as const, 'failure' as const, 'conflict_resolved' as const),
    outcome: fc.constantFrom('created', 'adopted', 'failed', '__proto__', 'constructor'),
    latencyMs: fc.integer({ min: 0, max: 1_000 }),
  }),
  { maxLength: 250 },
);

describe('auditMetrics', () => {
  it('gives zeros for no records', async () => {
    expect(await auditMetrics([])).toEqual({
      total: 0,
      success: 0,
      failure: 0,
      conflictResolved: 0,
      successRate: 0,
      averageLatencyMs: 0,
      p95LatencyMs: 0,
      byOutcome: {},
    });
  });

  it('counts a resolved conflict as success', async () => {
    const metrics = await auditMetrics([
      auditRecord({ status: 'success', latencyMs: 10 }),
      auditRecord({ status: 'conflict_resolved', outcome: 'adopted', latencyMs: 20 }),
      auditRecord({ status: 'failure', outcome: 'failed', latencyMs: 60 }),
      auditRecord({ status: 'failure', outcome: 'failed', latencyMs: 30 }),
    ]);
    expect(metrics).toEqual({
      total: 4,
      success: 1,
      failure: 2,
      conflictResolved: 1,
      successRate: 0.5,
      averageLatencyMs: 30,
      p95LatencyMs: 60,
      byOutcome: { created: 1, adopted: 1, failed: 2 },
    });
  });

  it('takes the 19th of 20 latencies as p95', async () => {
    const twenty = Array.from({ length: 20 }, (_, i) => auditRecord({ latencyMs: i + 1 }));
    expect((await auditMetrics(twenty)).p95LatencyMs).toBe(19);
  });

  it('has as p95 the smallest latency that at least 95 % do not exceed', async () => {
    await fc.assert(
      fc.asyncProperty(records, async (overrides) => {
        fc.pre(overrides.length > 0);
        const latencies = overrides.map((entry) => entry.latencyMs);
        const covers = (limit: number): boolean =>
          latencies.filter((latency) => latency <= limit).length * 100 >= latencies.length * 95;
        const naive = Math.min(...latencies.filter(covers));
        expect((await auditMetrics(overrides.map(auditRecord))).p95LatencyMs).toBe(naive);
      }),
      { numRuns: 200 },
    );
  });

  it('adds up, whatever the order and whether the source is asynchronous', async () => {
    await fc.assert(
      fc.asyncProperty(records, async (overrides) => {
        const all = overrides.map(auditRecord);
        const metrics = await auditMetrics(all);
        expect(metrics.success + metrics.failure + metrics.conflictResolved).toBe(metrics.total);
        expect(Object.values(metrics.byOutcome).reduce((a, b) => a + b, 0)).toBe(metrics.total);
        expect(metrics.successRate).toBeGreaterThanOrEqual(0);
        expect(metrics.successRate).toBeLessThanOrEqual(1);
        async function* reversed() {
          yield* all.toReversed();
        }
        const again = await auditMetrics(reversed());
        expect({ ...again, averageLatencyMs: 0 }).toEqual({ ...metrics, averageLatencyMs: 0 });
      }),
      { numRuns: 100 },
    );
  });
});
