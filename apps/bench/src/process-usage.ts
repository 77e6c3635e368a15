import { readFile } from 'node:fs/promises';

/** What a process has used. */
export interface ProcessUsage {
  /** Milliseconds of CPU, user and system, of all its threads. */
  readonly cpuMs: number;
  /** Most memory that it ever held at once, in MiB. */
  readonly peakRssMb: number;
}

/** Linux counts CPU time in hundredths of a second for user programs (USER_HZ, proc(5)). */
const MS_PER_TICK = 10;

/** Reads `/proc/<pid>` (proc(5)). Undefined where there is no such file system, and of a process that has ended. */
export async function readProcessUsage(pid: number): Promise<ProcessUsage | undefined> {
  try {
    const [stat, status] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/status`, 'utf8'),
    ]);
    const usage = parseUsage(stat, status);
    // What is left of a process that has ended has no memory.
    return Number.isNaN(usage.peakRssMb) ? undefined : usage;
  } catch {
    return undefined;
  }
}

/** Fields 14 and 15 of `stat` are utime and stime; the second field, the name, may hold spaces. */
function parseUsage(stat: string, status: string): ProcessUsage {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const peakKb = Number(/^VmHWM:\s+(\d+) kB/mu.exec(status)?.[1]);
  return { cpuMs: ticks * MS_PER_TICK, peakRssMb: Math.round(peakKb / 1024) };
}
