import { describe, expect, it } from 'vitest';
import { latencyOf, medianOf, type Measurement } from './measurement.ts';

const took = (seconds: number): Measurement => ({
  way: 'floor',
  groups: 1,
  seconds,
  groupsPerSecond: 1 / seconds,
  latencyMs: { p50: 0, p95: 0 },
});

describe('measurements', () => {
  it('of several rounds are told by the one in the middle', () => {
    expect(medianOf([9, 1, 5].map(took)).seconds).toBe(5);
    expect(medianOf([took(3)]).seconds).toBe(3);
    expect(() => medianOf([])).toThrow('nothing was measured');
  });

  it('of latency are nearest ranks', () => {
    expect(latencyOf(Array.from({ length: 100 }, (_, index) => index + 1))).toEqual({ p50: 50, p95: 95 });
    expect(latencyOf([7])).toEqual({ p50: 7, p95: 7 });
  });
});
