import type { ClientInterceptors } from '@temporalio/client';
import { currentEnvironment, tracingSettings } from './config.ts';
import type { Peer, TracedRequest } from './traced-request.ts';

export interface TracingOptions {
  /** `service.name` of the spans, unless `OTEL_SERVICE_NAME` or `OTEL_RESOURCE_ATTRIBUTES` says another. */
  readonly serviceName: string;
  /** Told that spans cannot be sent, once a minute at most. The message holds no span. */
  readonly onProblem: (message: string) => void;
}

/** Tracing of this process. */
export interface Tracing {
  /** For a Temporal client: spans of what it starts, signals, updates, cancels and terminates, and their context in the headers. */
  readonly clientInterceptors: ClientInterceptors;
  /** Makes the span of a request that has just ended, below the span that is active. */
  request(request: TracedRequest, peer: Peer): void;
  /** Sends the spans that wait. It never rejects, and takes 3 s at most. */
  shutdown(): Promise<void>;
}

/**
 * Starts tracing if the environment asks for it: by `OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` or
 * `OTEL_TRACES_EXPORTER=otlp`. Otherwise it gives undefined, and nothing of OpenTelemetry is loaded. To be called once in a process.
 *
 * @throws {TracingConfigError}
 */
export async function startTracing(options: TracingOptions): Promise<Tracing | undefined> {
  const settings = tracingSettings(currentEnvironment());
  if (settings === undefined) return undefined;
  const [{ startSdk }, { createTracing }] = await Promise.all([import('./sdk.ts'), import('./create-tracing.ts')]);
  return createTracing(await startSdk(settings, options));
}
