import { trace, type Tracer } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { setGlobalErrorHandler, W3CTraceContextPropagator } from '@opentelemetry/core';
import { detectResourcesSync, envDetectorSync, Resource } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { TracingSettings } from './config.ts';
import { filtered } from './span-filter.ts';
import type { TracingOptions } from './tracing.ts';

/** A flush at the end waits this many milliseconds for a collector, and then loses what it holds. */
const SHUTDOWN_MS = 3_000;

/** A collector that is down is told of once in this many milliseconds. */
const PROBLEM_EVERY_MS = 60_000;

/** The OpenTelemetry SDK of this process. */
export interface Sdk {
  readonly tracer: Tracer;
  readonly processor: BatchSpanProcessor;
  readonly resource: Resource;
  shutdown(): Promise<void>;
}

/** Starts it. It is global to the process: the interceptors of Temporal look there for context and propagation. */
export async function startSdk(settings: TracingSettings, options: TracingOptions): Promise<Sdk> {
  const report = atMostEvery(PROBLEM_EVERY_MS, options.onProblem);
  // The SDK's own handler would write to nowhere.
  setGlobalErrorHandler((problem) => report(messageOf(problem)));
  // No detector of host or process: a command line is nothing for a trace.
  const resource = Resource.default()
    .merge(new Resource({ 'service.name': options.serviceName }))
    .merge(detectResourcesSync({ detectors: [envDetectorSync] }));
  const processor = new BatchSpanProcessor(filtered(await createExporter(settings)));
  const provider = new BasicTracerProvider({ resource, spanProcessors: [processor] });
  provider.register({
    contextManager: new AsyncLocalStorageContextManager(),
    // No baggage: it would carry what somebody else put there into the headers of runs.
    propagator: new W3CTraceContextPropagator(),
  });
  return {
    tracer: trace.getTracer('@scim-onboarding/tracing'),
    processor,
    resource,
    async shutdown() {
      const sent = provider.shutdown().then(
        () => true,
        (error: unknown) => {
          report(messageOf(error));
          return true;
        },
      );
      if (await endsWithin(sent, SHUTDOWN_MS)) return;
      options.onProblem(`the last spans could not be sent within ${SHUTDOWN_MS} ms and are lost`);
    },
  };
}

async function createExporter({ protocol }: TracingSettings): Promise<SpanExporter> {
  if (protocol === 'http/json')
    return new (await import('@opentelemetry/exporter-trace-otlp-http')).OTLPTraceExporter();
  return new (await import('@opentelemetry/exporter-trace-otlp-proto')).OTLPTraceExporter();
}

function atMostEvery(ms: number, report: (message: string) => void): (message: string) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (message) => {
    const now = performance.now();
    if (now - last < ms) return;
    last = now;
    report(message);
  };
}

async function endsWithin(work: Promise<boolean>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Of refused connections Node gives an AggregateError without a message. */
function messageOf(problem: unknown): string {
  if (!(problem instanceof Error)) return typeof problem === 'string' ? problem : 'unknown problem';
  const code = 'code' in problem && typeof problem.code === 'string' ? problem.code : problem.name;
  return problem.message === '' ? code : problem.message;
}
