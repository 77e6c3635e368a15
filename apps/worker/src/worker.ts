import { Worker, type NativeConnection, type WorkerOptions, type WorkflowBundleOption } from '@temporalio/worker';
import { TASK_QUEUES } from '@scim-onboarding/onboarding-contract/workflow';
import type { WorkerTracing } from '@scim-onboarding/tracing/worker';
import type { DataConverter } from '@temporalio/common';
import { createActivities } from './activities/index.ts';
import type { ActivityDependencies } from './activities/dependencies.ts';

export interface WorkersOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly workflowBundle: WorkflowBundleOption;
  readonly dependencies: ActivityDependencies;
  /** Seconds that running activities get to end. Without grace a deploy costs every running activity an attempt. */
  readonly shutdownGraceSeconds: number;
  /** Encrypts what goes to Temporal. Default: nothing is encrypted. */
  readonly dataConverter?: DataConverter | undefined;
  /** Makes this a versioned worker: it gets no tasks until its version is set current or ramping. Default: unversioned. */
  readonly deployment?: DeploymentVersion | undefined;
  /** Server-side limit of activities that call the target, over all workers. Default none. */
  readonly activitiesPerSecond?: number | undefined;
  /** Makes spans. The workflow bundle must be a traced one then. Default: no spans. */
  readonly tracing?: Pick<WorkerTracing, 'interceptors' | 'sinks'> | undefined;
}

/** A version of the worker, as Temporal knows it. */
export interface DeploymentVersion {
  readonly deploymentName: string;
  readonly buildId: string;
}

/**
 * Runs that stay in memory. The rest is read from its history when it goes on, which costs little for histories as short as ours. Parts of
 * a roster that wait for their turn have all their groups with them: without a bound a large roster would fill the memory.
 */
const MAX_CACHED_WORKFLOWS = 100;

/** The pollers of one process: one worker a task queue. */
export interface Workers {
  readonly all: readonly Worker[];
  /** Resolves when all are shut down; rejects if one failed, after the others were stopped. */
  run(): Promise<void>;
  shutdown(): void;
}

export async function createWorkers(options: WorkersOptions): Promise<Workers> {
  const { recordAudit, describeWebhook, startRosterJob, sendWebhook, ...targetActivities } = createActivities(
    options.dependencies,
  );
  const common = {
    connection: options.connection,
    namespace: options.namespace,
    shutdownGraceTime: `${options.shutdownGraceSeconds} seconds`,
    // Heartbeats are how a cancellation reaches an activity; the default would hold them back for up to a minute.
    maxHeartbeatThrottleInterval: '3 seconds',
    ...(options.dataConverter === undefined ? {} : { dataConverter: options.dataConverter }),
    ...(options.deployment === undefined ? {} : { workerDeploymentOptions: versioned(options.deployment) }),
    ...(options.tracing === undefined ? {} : { interceptors: options.tracing.interceptors }),
  } satisfies Partial<WorkerOptions>;
  const all: Worker[] = [];
  const run = async (): Promise<void> => {
    const stopAll = (): void => all.forEach(stop);
    // One worker that fails must not leave a process that polls only some queues and looks healthy.
    const runs = all.map((worker) => worker.run().finally(stopAll));
    const ended = await Promise.allSettled(runs);
    const failed = ended.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  };
  all.push(
    await Worker.create({
      ...common,
      taskQueue: TASK_QUEUES.onboarding,
      workflowBundle: options.workflowBundle,
      maxCachedWorkflows: MAX_CACHED_WORKFLOWS,
      activities: { recordAudit, startRosterJob },
      ...(options.tracing === undefined ? {} : { sinks: options.tracing.sinks }),
    }),
    await Worker.create({
      ...common,
      taskQueue: TASK_QUEUES.target,
      activities: targetActivities,
      ...(options.activitiesPerSecond === undefined
        ? {}
        : { maxTaskQueueActivitiesPerSecond: options.activitiesPerSecond }),
    }),
    await Worker.create({ ...common, taskQueue: TASK_QUEUES.webhooks, activities: { describeWebhook, sendWebhook } }),
  );
  return { all, run, shutdown: () => all.forEach(stop) };
}

/** A run stays on the version that it began on: its history fits the code for sure. */
function versioned(version: DeploymentVersion): NonNullable<WorkerOptions['workerDeploymentOptions']> {
  return { useWorkerVersioning: true, version, defaultVersioningBehavior: 'PINNED' };
}

function stop(worker: Worker): void {
  if (worker.getState() === 'RUNNING') worker.shutdown();
}
