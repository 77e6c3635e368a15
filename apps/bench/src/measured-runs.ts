import type { Client } from '@temporalio/client';
import { costOf, type HistoryCost } from './history-cost.ts';
import { latencyOf, round, type Measurement } from './measurement.ts';
import { readProcessUsage, type ProcessUsage } from './process-usage.ts';
import type { Program } from './program.ts';

/** Histories of single groups that are read whole. */
const SAMPLE = 20;
const VISIBLE_WITHIN_MS = 20_000;

export interface Run {
  readonly workflowId: string;
  readonly runId: string;
  readonly latencyMs: number;
}

/** Closed runs of a type that began after `since`; waits until there are as many, since Temporal lists them late. */
export async function closedRuns(client: Client, type: string, since: Date, count: number): Promise<Run[]> {
  const query = `WorkflowType = '${type}' AND ExecutionStatus = 'Completed' AND StartTime >= '${since.toISOString()}'`;
  const until = Date.now() + VISIBLE_WITHIN_MS;
  for (;;) {
    const runs: Run[] = [];
    for await (const { workflowId, runId, startTime, closeTime } of client.workflow.list({ query })) {
      if (closeTime) runs.push({ workflowId, runId, latencyMs: closeTime.getTime() - startTime.getTime() });
    }
    if (runs.length === count) return runs;
    if (Date.now() > until)
      throw new Error(`${count} completed runs of ${type} were expected, ${runs.length} are listed.`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** What the history of a run costs, and its size as the server counts it. */
export async function readCost(client: Client, run: Run): Promise<HistoryCost & { readonly bytes: number }> {
  const handle = client.workflow.getHandle(run.workflowId, run.runId);
  const [history, { historySize }] = await Promise.all([handle.fetchHistory(), handle.describe()]);
  return { ...costOf(history.events ?? []), bytes: historySize ?? 0 };
}

/** Latency and cost of the runs of single groups. */
export async function describeRuns(
  client: Client,
  runs: readonly Run[],
): Promise<Pick<Measurement, 'latencyMs' | 'history' | 'eventKinds'>> {
  const step = Math.max(1, Math.floor(runs.length / SAMPLE));
  const sample = runs.filter((_, index) => index % step === 0);
  const costs = await Promise.all(sample.map((run) => readCost(client, run)));
  const mean = (pick: (cost: (typeof costs)[number]) => number): number =>
    costs.reduce((sum, cost) => sum + pick(cost), 0) / costs.length;
  return {
    latencyMs: latencyOf(runs.map(({ latencyMs }) => latencyMs)),
    history: {
      events: round(
        mean(({ events }) => events),
        1,
      ),
      bytes: Math.round(mean(({ bytes }) => bytes)),
      actions: round(
        mean(({ actions }) => actions),
        1,
      ),
    },
    eventKinds: costs[0]?.byKind ?? {},
  };
}

/** Calls `work`, and tells how long it took and what the programs and the Temporal server used meanwhile. */
export async function measure(
  programs: readonly Program[],
  serverPid: number,
  groups: number,
  work: () => Promise<void>,
): Promise<
  Pick<Measurement, 'groups' | 'seconds' | 'groupsPerSecond' | 'cpuMsPerGroup' | 'serverCpuMsPerGroup' | 'peakRssMb'>
> {
  const pids = [serverPid, ...programs.map(({ pid }) => pid)];
  const read = (): Promise<(ProcessUsage | undefined)[]> => Promise.all(pids.map(readProcessUsage));
  const before = await read();
  const begun = performance.now();
  await work();
  const seconds = (performance.now() - begun) / 1000;
  const after = await read();
  const time = { groups, seconds: round(seconds, 2), groupsPerSecond: round(groups / seconds, 2) };
  const used = after.flatMap((usage, index) => {
    const earlier = before[index];
    return usage === undefined || earlier === undefined ? [] : [{ ...usage, cpuMs: usage.cpuMs - earlier.cpuMs }];
  });
  if (used.length < pids.length) return time;
  const [server, ...workers] = used;
  return {
    ...time,
    cpuMsPerGroup: round(workers.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / groups, 1),
    serverCpuMsPerGroup: round((server?.cpuMs ?? 0) / groups, 1),
    peakRssMb: Math.max(...workers.map(({ peakRssMb }) => peakRssMb)),
  };
}
