import type { WorkerInterceptors, WorkerOptions } from '@temporalio/worker';
import { currentEnvironment, tracingSettings } from '../config.ts';
import type { Tracing, TracingOptions } from '../tracing.ts';

/** Tracing of a process with Temporal workers. */
export interface WorkerTracing extends Tracing {
  /** For every worker: spans of activities, active while they run. */
  readonly interceptors: WorkerInterceptors;
  /** For workers with workflows: takes the spans out of the sandbox. The bundle needs `WORKFLOW_INTERCEPTOR_MODULES`. */
  readonly sinks: NonNullable<WorkerOptions['sinks']>;
}

/**
 * `startTracing` for a process with Temporal workers.
 *
 * @throws {TracingConfigError}
 */
export async function startWorkerTracing(options: TracingOptions): Promise<WorkerTracing | undefined> {
  const settings = tracingSettings(currentEnvironment());
  if (settings === undefined) return undefined;
  const [{ startSdk }, { createWorkerTracing }] = await Promise.all([
    import('../sdk.ts'),
    import('./create-worker-tracing.ts'),
  ]);
  return createWorkerTracing(await startSdk(settings, options));
}
