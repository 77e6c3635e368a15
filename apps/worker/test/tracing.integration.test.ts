import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoSeed } from '@scim-onboarding/genesys-simulator';
import { createOnboardingClient, type OnboardingClient } from '@scim-onboarding/onboarding-client';
import { loadEncryption } from '@scim-onboarding/payload-encryption';
import { connectClient, type TemporalClient } from '@scim-onboarding/temporal-connection';
import { startTracing, type Tracing } from '@scim-onboarding/tracing';
import { startOtlpCollector, type CollectedSpan, type OtlpCollector } from './support/otlp-collector.ts';
import { definition, startRig, WEBHOOK_SECRET, type Rig } from './support/rig.ts';
import { startWorkerProcess } from './support/worker-process.ts';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const CLIENT_KIND = 3;
/** What the collector was sent is whole only after the processes that send have ended. */
const TIMEOUT = { timeout: 90_000 };

let rig: Rig;
let collector: OtlpCollector;
let tracing: Tracing;
let temporal: TemporalClient;
let onboarding: OnboardingClient;

beforeAll(async () => {
  [rig, collector] = await Promise.all([startRig({ seed: demoSeed }), startOtlpCollector()]);
  Object.assign(process.env, tracingEnv());
  const started = await startTracing({
    serviceName: 'onboard',
    onProblem: (reason) => expect.fail(`spans cannot be sent: ${reason}`),
  });
  if (started === undefined) throw new Error('tracing is off');
  tracing = started;
  const env = rig.env();
  const dataConverter = loadEncryption(env)?.dataConverter;
  temporal = await connectClient({ env, dataConverter, interceptors: tracing.clientInterceptors });
  onboarding = createOnboardingClient({ client: temporal.client });
});
afterAll(async () => {
  for (const name of Object.keys(tracingEnv())) Reflect.deleteProperty(process.env, name);
  await tracing.shutdown();
  await temporal.close();
  await rig.close();
  await collector.close();
});

function tracingEnv(): Record<string, string> {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    // Spans of this process are sent soon, so that a test need not wait for them.
    OTEL_BSP_SCHEDULE_DELAY: '100',
  };
}

/** The spans of the trace that the start of a run began. */
async function traceOf(externalId: string): Promise<CollectedSpan[]> {
  const isStart = ({ name, attributes }: CollectedSpan): boolean =>
    name === 'StartWorkflow:onboardGroup' && String(attributes['temporalWorkflowId']).endsWith(`:${externalId}`);
  await expect.poll(() => collector.spans.filter(isStart).length, { timeout: 5_000 }).toBe(1);
  const traceId = collector.spans.find(isStart)?.traceId;
  return collector.spans.filter((span) => span.traceId === traceId);
}

/** Names from the first span of a trace down to this one. */
function lineage(trace: readonly CollectedSpan[], span: CollectedSpan): string[] {
  const parent = trace.find(({ spanId }) => spanId === span.parentSpanId);
  if (parent === undefined) return [span.parentSpanId === '' ? span.name : `(not sent) ${span.name}`];
  return [...lineage(trace, parent), span.name];
}

/** A module for `--require` that writes down, at the end of the process, which files of OpenTelemetry were loaded. */
function loadRecorder(): { readonly env: Record<string, string>; loaded(): string[] } {
  const out = join(rig.folder, `loaded-${performance.now()}.json`);
  const file = `${out}.cjs`;
  writeFileSync(
    file,
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(out)},
      JSON.stringify(Object.keys(require.cache).filter((path) => /opentelemetry/u.test(path)))));`,
  );
  return {
    env: { NODE_OPTIONS: `--require=${file}` },
    loaded: () => JSON.parse(readFileSync(out, 'utf8')) as string[],
  };
}

describe('traces', () => {
  it('lead from the start of a run to its HTTP requests', TIMEOUT, async () => {
    const recorder = loadRecorder();
    const worker = await startWorkerProcess(rig.env({ ...tracingEnv(), ...recorder.env }));
    rig.simulator.addFault({ kind: 'respond', match: { method: 'POST', bodyIncludes: '"traced-1"' }, status: 503 });
    const { workflowId } = await onboarding.start(definition('traced-1'));
    expect(await onboarding.result(workflowId, { deadlineMs: 40_000 })).toMatchObject({ outcome: 'created' });
    expect(await worker.end('SIGTERM')).toBe(0);

    const trace = await traceOf('traced-1');
    const above = (activity: string): string[] => [
      'StartWorkflow:onboardGroup',
      'RunWorkflow:onboardGroup',
      `StartActivity:${activity}`,
      `RunActivity:${activity}`,
    ];
    const requests = trace.filter(({ kind }) => kind === CLIENT_KIND);
    const creates = requests.filter(({ name }) => name === 'POST /api/v2/users/scim/groups');
    expect(creates.map((span) => lineage(trace, span))).toEqual([
      [...above('createGroup'), 'POST /api/v2/users/scim/groups'],
      [...above('createGroup'), 'POST /api/v2/users/scim/groups'],
    ]);
    expect(creates.map(({ attributes, failed }) => [attributes['http.response.status_code'], failed])).toEqual([
      [503, true],
      [201, false],
    ]);
    const webhooks = requests.filter(({ attributes }) => attributes['peer.service'] === 'webhook');
    expect(webhooks.map((span) => lineage(trace, span))).toEqual([[...above('sendWebhook'), 'POST']]);
    // Each span hangs on one that was sent, and each request of the run is there.
    for (const span of trace) expect(lineage(trace, span)[0]).toBe('StartWorkflow:onboardGroup');
    expect(requests).toHaveLength(rig.simulator.requests().length);
    expect(new Set(trace.map(({ service }) => service))).toEqual(new Set(['onboard', 'onboarding-worker']));

    const attempts = trace.filter(({ name }) => name === 'RunActivity:createGroup');
    expect(
      attempts.map(({ attributes, failed }) => [
        attributes['temporalActivityAttempt'],
        attributes['error.type'],
        failed,
      ]),
    ).toEqual([
      [1, 'OutcomeUnknown', true],
      [2, undefined, false],
    ]);
    expect(collector.requests[0]).toBe('POST /v1/traces application/json');
    expect(recorder.loaded().length).toBeGreaterThan(10);
    // Nothing of the trace goes to the target or to the HRIS.
    expect(JSON.stringify([rig.simulator.requests(), rig.simulator.webhooks()])).not.toMatch(/traceparent|baggage/iu);
  });

  it('stay whole when another worker goes on with the run', TIMEOUT, async () => {
    rig.simulator.addFault({ kind: 'delay', match: { method: 'POST', bodyIncludes: '"traced-2"' }, ms: 1_500 });
    const first = await startWorkerProcess(rig.env(tracingEnv()));
    const { workflowId } = await onboarding.start(definition('traced-2'));
    await expect
      .poll(async () => (await onboarding.status(workflowId)).pendingActivities.map(({ activityId }) => activityId), {
        timeout: 10_000,
      })
      .toContain('create-group');
    expect(await first.end('SIGTERM')).toBe(0);
    const second = await startWorkerProcess(rig.env(tracingEnv()));
    expect(await onboarding.result(workflowId, { deadlineMs: 40_000 })).toMatchObject({ outcome: 'created' });
    expect(await second.end('SIGTERM')).toBe(0);

    const trace = await traceOf('traced-2');
    expect(trace.filter(({ name }) => name === 'RunWorkflow:onboardGroup')).toHaveLength(1);
    expect(trace.filter(({ name }) => name === 'RunActivity:sendWebhook')).toHaveLength(1);
    for (const span of trace) expect(lineage(trace, span)[0]).toBe('StartWorkflow:onboardGroup');
  });

  it('hold nothing personal and nothing secret, also of a run that fails', TIMEOUT, async () => {
    const worker = await startWorkerProcess(rig.env(tracingEnv()));
    const { workflowId } = await onboarding.start(definition('traced-3', { roles: ['no-such-role'] }), {
      onFailure: 'fail',
    });
    await expect(onboarding.result(workflowId, { deadlineMs: 40_000 })).rejects.toThrow('no-such-role');
    expect(await worker.end('SIGTERM')).toBe(0);

    const trace = await traceOf('traced-3');
    const failed = trace.filter((span) => span.failed).map(({ name }) => name);
    expect(failed).toContain('RunWorkflow:onboardGroup');
    expect(trace.find(({ name }) => name === 'RunActivity:validateGroup')?.attributes).toMatchObject({
      'error.type': 'ValidationFailed',
    });

    const sent = collector.bodies.join('\n');
    for (const secret of [
      '@company.com',
      'demo-secret',
      'demo-client',
      WEBHOOK_SECRET,
      'Bearer',
      'Team_',
      'no-such-role',
    ])
      expect(sent).not.toContain(secret);
    expect(sent).not.toContain(new URL(rig.simulator.webhookUrl).pathname);
    // Tokens of the simulator are 32 bytes in base64url; ids of things are UUIDs, which only runs and correlation ids may have.
    expect(sent).not.toMatch(/[\w-]{43}/u);
    expect(sent).not.toContain('a1b2c3d4-e5f6-7890-abcd-ef1234567890');
    expect(sent).not.toMatch(/filter|%22|\?\w+=/u);
    const values = collector.spans.flatMap(({ attributes }) => Object.entries(attributes));
    const withExternalId = values.filter(([, value]) => String(value).includes('traced-'));
    expect(new Set(withExternalId.map(([name]) => name))).toEqual(new Set(['temporalWorkflowId']));
  });

  it('can be turned on and off while runs are open: the other bundle replays them', TIMEOUT, async () => {
    for (const externalId of ['traced-1', 'traced-2']) {
      expect((await rig.history(externalId)).json).toContain('_tracer-data');
      await rig.replay(externalId);
    }
  });
});

describe('without settings for tracing', () => {
  it('nothing of OpenTelemetry is loaded', TIMEOUT, async () => {
    const recorder = loadRecorder();
    const worker = await startWorkerProcess(rig.env(recorder.env));
    expect(await worker.end('SIGTERM')).toBe(0);
    expect(recorder.loaded()).toEqual([]);
  });
});

describe('settings of tracing that cannot be used', () => {
  it('end the worker with 2', () => {
    const env = rig.env({ OTEL_TRACES_EXPORTER: 'zipkin' });
    const { status, stderr } = spawnSync(process.execPath, [MAIN], { env, encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stderr).toContain('OTEL_TRACES_EXPORTER: must be otlp or none');
  });
});

describe('a collector that is down', () => {
  it('costs spans, not runs; the log says so', TIMEOUT, async () => {
    const down = await startOtlpCollector();
    await down.close();
    const worker = await startWorkerProcess(
      rig.env({ ...tracingEnv(), OTEL_EXPORTER_OTLP_ENDPOINT: down.endpoint, OTEL_EXPORTER_OTLP_TIMEOUT: '500' }),
    );
    const { workflowId } = await rig.onboarding.start(definition('traced-4'));
    expect(await rig.onboarding.result(workflowId, { deadlineMs: 40_000 })).toMatchObject({ outcome: 'created' });
    const ending = performance.now();
    expect(await worker.end('SIGTERM')).toBe(0);
    expect(performance.now() - ending).toBeLessThan(8_000);
    expect(worker.log.filter((line) => line.includes('spans cannot be sent'))).toHaveLength(1);
  });
});
