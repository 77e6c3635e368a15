import { trace } from '@opentelemetry/api';
import { ApplicationFailure } from '@temporalio/common';
import {
  makeWorkflowExporter,
  OpenTelemetryActivityInboundInterceptor,
  OpenTelemetryActivityOutboundInterceptor,
} from '@temporalio/interceptors-opentelemetry/lib/worker/index.js';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { createTracing } from '../create-tracing.ts';
import type { Sdk } from '../sdk.ts';
import type { WorkerTracing } from './worker-tracing.ts';

export function createWorkerTracing(sdk: Sdk): WorkerTracing {
  const { tracer, processor, resource } = sdk;
  return {
    ...createTracing(sdk),
    interceptors: {
      activity: [
        (context) => ({
          inbound: new OpenTelemetryActivityInboundInterceptor(context, { tracer }),
          outbound: new OpenTelemetryActivityOutboundInterceptor(context),
        }),
        attempts,
      ],
    },
    sinks: { exporter: makeWorkflowExporter(processor, resource) },
  };
}

/** Which attempt it is, and the failure type of docs/errors.md: the message that Temporal's interceptor records is filtered out. */
const attempts: ActivityInterceptorsFactory = ({ info }) => ({
  inbound: {
    async execute(input, next) {
      const span = trace.getActiveSpan();
      span?.setAttribute('temporalActivityAttempt', info.attempt);
      try {
        return await next(input);
      } catch (error) {
        span?.setAttribute('error.type', failureType(error));
        throw error;
      }
    },
  },
});

function failureType(error: unknown): string {
  if (error instanceof ApplicationFailure) return error.type ?? error.name;
  return error instanceof Error ? error.name : 'unknown';
}
