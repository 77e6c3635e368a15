import { SpanStatusCode } from '@opentelemetry/api';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { describe, expect, it } from 'vitest';
import { recordRequest } from './request-span.ts';
import { filtered } from './span-filter.ts';

function setUp() {
  const memory = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(filtered(memory))] });
  return { memory, tracer: provider.getTracer('test') };
}

describe('filtered', () => {
  it('drops unknown attributes, messages and stack traces', () => {
    const { memory, tracer } = setUp();
    const span = tracer.startSpan('RunActivity:createGroup');
    span.setAttributes({ temporalActivityId: 'create-group', memo: 'ann@company.com', workflowId: 'w-1' });
    span.recordException(new TypeError('no user ann@company.com'));
    span.addEvent('note', { text: 'ann@company.com' });
    span.setStatus({ code: SpanStatusCode.ERROR, message: 'no user ann@company.com' });
    span.end();
    const [sent] = memory.getFinishedSpans();
    expect(sent?.attributes).toEqual({ temporalActivityId: 'create-group', temporalWorkflowId: 'w-1' });
    expect(sent?.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(sent?.events.map(({ name, attributes }) => ({ name, attributes }))).toEqual([
      { name: 'exception', attributes: { 'exception.type': 'TypeError' } },
      { name: 'note', attributes: {} },
    ]);
    expect(JSON.stringify([sent?.attributes, sent?.events, sent?.status])).not.toContain('@');
  });

  it('drops values that are no plain ones, as the info of a run has them', () => {
    const { memory, tracer } = setUp();
    const span = tracer.startSpan('RunWorkflow:onboardGroup');
    Object.assign(Reflect.get(span, 'attributes') as object, { runId: { nested: 'ann@company.com' } });
    span.end();
    expect(memory.getFinishedSpans()[0]?.attributes).toEqual({});
  });
});

describe('recordRequest', () => {
  const request = {
    method: 'GET',
    url: 'https://api.example.com/scim/v2/Groups?filter=x',
    status: 200,
    durationMs: 40,
  };

  it('makes a span of the time that the request took', () => {
    const { memory, tracer } = setUp();
    recordRequest(tracer, request, 'target');
    const [span] = memory.getFinishedSpans();
    expect(span?.name).toBe('GET /scim/v2/Groups');
    expect(span?.duration).toEqual([0, 40_000_000]);
    expect(span?.attributes).toEqual({
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'peer.service': 'target',
      'server.address': 'api.example.com',
      'server.port': 443,
      'url.template': '/scim/v2/Groups',
    });
    expect(span?.status.code).toBe(SpanStatusCode.UNSET);
  });

  it('names the error of a request that failed, and no path of a webhook', () => {
    const { memory, tracer } = setUp();
    const { status: _, ...unanswered } = request;
    recordRequest(tracer, { ...unanswered, error: 'timeout' }, 'webhook');
    recordRequest(tracer, { ...request, status: 409 }, 'target');
    const [failed, refused] = memory.getFinishedSpans();
    expect(failed?.name).toBe('GET');
    expect(failed?.attributes).toMatchObject({ 'error.type': 'timeout', 'peer.service': 'webhook' });
    expect(Object.keys(failed?.attributes ?? {})).not.toContain('url.template');
    expect(refused?.attributes).toMatchObject({ 'error.type': '409' });
    for (const span of [failed, refused]) expect(span?.status.code).toBe(SpanStatusCode.ERROR);
  });
});
