import { describe, expect, it } from 'vitest';
import { readProcessUsage } from './process-usage.ts';

describe.skipIf(process.platform !== 'linux')('readProcessUsage (there is /proc on Linux only)', () => {
  it('tells CPU time and memory of this process', async () => {
    const before = await readProcessUsage(process.pid);
    const until = performance.now() + 60;
    while (performance.now() < until) Math.sqrt(until);
    const after = await readProcessUsage(process.pid);
    expect((after?.cpuMs ?? 0) - (before?.cpuMs ?? 0)).toBeGreaterThanOrEqual(20);
    expect(after?.peakRssMb).toBeGreaterThan(10);
  });

  it('tells nothing of a process that is not there', async () => {
    expect(await readProcessUsage(2 ** 30)).toBeUndefined();
  });
});
