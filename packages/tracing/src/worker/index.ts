export { TracingConfigError } from '../config.ts';
export { startWorkerTracing, type WorkerTracing } from './worker-tracing.ts';
export { WORKFLOW_INTERCEPTOR_MODULES } from './workflow-interceptor-modules.ts';
