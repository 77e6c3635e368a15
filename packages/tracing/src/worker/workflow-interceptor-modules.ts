import { createRequire } from 'node:module';

/** For `workflowInterceptorModules` of `bundleWorkflowCode`: makes the spans of runs and of the steps that they schedule. Not loaded here. */
export const WORKFLOW_INTERCEPTOR_MODULES: string[] = [
  createRequire(import.meta.url).resolve('@temporalio/interceptors-opentelemetry/lib/workflow-interceptors.js'),
];
