import { context, SpanKind, SpanStatusCode, type Attributes, type Tracer } from '@opentelemetry/api';
import { pathTemplate } from './path-template.ts';
import type { Peer, TracedRequest } from './traced-request.ts';

/**
 * Makes the span of a request that has just ended, below the span that is active. Names follow the conventions for HTTP client spans;
 * `url.full`, which they ask for, is left out on purpose: a filter holds names and e-mails.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span
 */
export function recordRequest(tracer: Tracer, request: TracedRequest, peer: Peer): void {
  const endTime = Date.now();
  const startTime = endTime - request.durationMs;
  const url = new URL(request.url);
  const template = peer === 'webhook' ? undefined : pathTemplate(url);
  const error = errorType(request);
  const attributes: Attributes = {
    'http.request.method': request.method,
    'server.address': url.hostname,
    'server.port': port(url),
    'peer.service': peer,
    ...(template === undefined ? {} : { 'url.template': template }),
    ...(request.status === undefined ? {} : { 'http.response.status_code': request.status }),
    ...(request.correlationId === undefined ? {} : { 'scim_onboarding.correlation_id': request.correlationId }),
    ...(error === undefined ? {} : { 'error.type': error }),
  };
  const name = template === undefined ? request.method : `${request.method} ${template}`;
  const span = tracer.startSpan(name, { kind: SpanKind.CLIENT, startTime, attributes }, context.active());
  if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end(endTime);
}

function errorType({ error, status }: TracedRequest): string | undefined {
  if (error !== undefined) return error;
  return status !== undefined && status >= 400 ? String(status) : undefined;
}

function port(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}
