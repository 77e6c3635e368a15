import type { WorkflowClientInterceptor } from '@temporalio/client';
import { OpenTelemetryWorkflowClientInterceptor } from '@temporalio/interceptors-opentelemetry/lib/client/index.js';
import { recordRequest } from './request-span.ts';
import type { Sdk } from './sdk.ts';
import type { Tracing } from './tracing.ts';

export function createTracing({ tracer, shutdown }: Sdk): Tracing {
  return {
    clientInterceptors: { workflow: [whatChanges(new OpenTelemetryWorkflowClientInterceptor({ tracer }))] },
    request: (request, peer) => recordRequest(tracer, request, peer),
    shutdown,
  };
}

/** Calls that change something. Looks at a run (queries, describes) come by the dozen while somebody waits, each a trace of its own. */
function whatChanges(all: OpenTelemetryWorkflowClientInterceptor): WorkflowClientInterceptor {
  return {
    start: (input, next) => all.start(input, next),
    startWithDetails: (input, next) => all.startWithDetails(input, next),
    signal: (input, next) => all.signal(input, next),
    signalWithStart: (input, next) => all.signalWithStart(input, next),
    startUpdate: (input, next) => all.startUpdate(input, next),
    startUpdateWithStart: (input, next) => all.startUpdateWithStart(input, next),
    terminate: (input, next) => all.terminate(input, next),
    cancel: (input, next) => all.cancel(input, next),
  };
}
