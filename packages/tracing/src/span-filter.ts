import type { Attributes, AttributeValue } from '@opentelemetry/api';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';

/**
 * What leaves the process with a span, and by which name. Everything else is dropped: Temporal's interceptors put the whole info of a
 * run (memo, search attributes) on its spans, and messages and stack traces of errors, which hold names, e-mails and filters.
 */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  temporalWorkflowId: 'temporalWorkflowId',
  temporalActivityId: 'temporalActivityId',
  temporalActivityAttempt: 'temporalActivityAttempt',
  temporalUpdateId: 'temporalUpdateId',
  run_id: 'run_id',
  // Spans made in a workflow have these two by the names of its info.
  workflowId: 'temporalWorkflowId',
  runId: 'run_id',
  'http.request.method': 'http.request.method',
  'http.response.status_code': 'http.response.status_code',
  'server.address': 'server.address',
  'server.port': 'server.port',
  'peer.service': 'peer.service',
  'url.template': 'url.template',
  'scim_onboarding.correlation_id': 'scim_onboarding.correlation_id',
  'error.type': 'error.type',
};

/** Of an event, the kind of an error alone. */
const EVENT_ATTRIBUTES: Readonly<Record<string, string>> = { 'exception.type': 'exception.type' };

/** An exporter that hands on spans without what may be personal or secret. */
export function filtered(exporter: SpanExporter): SpanExporter {
  return {
    export: (spans, done) => exporter.export(spans.map(filterSpan), done),
    shutdown: () => exporter.shutdown(),
    ...(exporter.forceFlush === undefined ? {} : { forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve() }),
  };
}

/** The span with known attributes only, and no message with its status. */
function filterSpan(span: ReadableSpan): ReadableSpan {
  const spanContext = span.spanContext();
  return {
    spanContext: () => spanContext,
    name: span.name,
    kind: span.kind,
    ...(span.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
    startTime: span.startTime,
    endTime: span.endTime,
    duration: span.duration,
    ended: span.ended,
    status: { code: span.status.code },
    attributes: keep(span.attributes, ATTRIBUTES),
    links: span.links.map((link) => ({ ...link, attributes: {} })),
    events: span.events.map((event) => ({ ...event, attributes: keep(event.attributes ?? {}, EVENT_ATTRIBUTES) })),
    resource: span.resource,
    instrumentationLibrary: span.instrumentationLibrary,
    droppedAttributesCount: span.droppedAttributesCount,
    droppedEventsCount: span.droppedEventsCount,
    droppedLinksCount: span.droppedLinksCount,
  };
}

function keep(attributes: Attributes, names: Readonly<Record<string, string>>): Attributes {
  const kept: [string, AttributeValue][] = [];
  for (const [name, value] of Object.entries(attributes)) {
    const as = Object.hasOwn(names, name) ? names[name] : undefined;
    if (as !== undefined && isPlain(value)) kept.push([as, value]);
  }
  return Object.fromEntries(kept);
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
