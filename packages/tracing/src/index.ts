export { TracingConfigError } from './config.ts';
export type { Peer, TracedRequest } from './traced-request.ts';
export { startTracing, type Tracing, type TracingOptions } from './tracing.ts';
