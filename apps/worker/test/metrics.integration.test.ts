import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { demoSeed } from '@scim-onboarding/genesys-simulator';
import { TASK_QUEUES } from '@scim-onboarding/onboarding-contract';
import { METRIC_NAMES } from '../src/metrics.ts';
import { definition, startRig, type Rig } from './support/rig.ts';
import { failure, onboard } from './support/scenario.ts';
import { parseSeries, type Series } from './support/prometheus-text.ts';
import { startWorkerProcess } from './support/worker-process.ts';

const OURS: ReadonlySet<string> = new Set(Object.values(METRIC_NAMES));
/** Values that labels may have; `le` is the upper bound of a histogram's bucket. */
const LABELS: Readonly<Record<string, RegExp>> = {
  method: /^(?:GET|POST|PUT|PATCH|DELETE)$/u,
  status: /^(?:[1-5]xx|401|403|409|429|timeout|error)$/u,
  outcome: /^(?:done|failed|delivered|refused|created|adopted|updated|unchanged|partial|cancelled)$/u,
  step: /^[a-z]+[A-Z][a-z]+$/u,
  le: /^(?:[\d.]+|\+Inf)$/u,
};

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ seed: demoSeed });
});
afterAll(() => rig.close());

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function scrape(address: string): Promise<{ readonly text: string; readonly series: readonly Series[] }> {
  const text = await (await fetch(`http://${address}/metrics`)).text();
  return { text, series: parseSeries(text) };
}

/** Names of metrics, each with the labels that it is selected or grouped by, in a file of queries. */
function selectors(text: string): { readonly name: string; readonly labels: readonly string[] }[] {
  const found = text.replaceAll('\\"', '"').matchAll(/\b((?:onboarding|temporal)_[a-z_]+)\b(?:\{([^}]*)\})?/gu);
  return [...found].map(([, name = '', labels = '']) => ({
    name,
    labels: [...labels.matchAll(/(\w+)[=!]/gu)].map(([, label = '']) => label),
  }));
}

/** Sum of the series of a name that have these labels. */
function sum(series: readonly Series[], name: string, labels: Readonly<Record<string, string>> = {}): number {
  const wanted = Object.entries(labels);
  return series
    .filter((one) => one.name === name && wanted.every(([label, value]) => one.labels[label] === value))
    .reduce((total, one) => total + one.value, 0);
}

describe('the metrics of a worker', () => {
  let text: string;
  let series: readonly Series[];

  // One process and three runs for all that is looked at below.
  beforeEach(async () => {
    if (text !== undefined) return;
    const address = `127.0.0.1:${await freePort()}`;
    await startWorkerProcess(rig.env({ WORKER_METRICS_ADDRESS: address }));
    rig.simulator.addGroup({ displayName: 'Taken_Name', externalId: 'metrics-other' });
    await onboard(rig, definition('metrics.created'), { tenant: 'acme' });
    rig.simulator.addFault({
      kind: 'respond',
      status: 403,
      match: { method: 'POST', bodyIncludes: 'metrics.refused' },
    });
    await failure(rig, definition('metrics.refused'), { tenant: 'acme' });
    await rig.onboarding.start(definition('metrics.blocked', { displayName: 'Taken_Name' }), { tenant: 'acme' });
    // What a worker without the workflow of a run shows: a task problem.
    await rig.client.workflow.start('noSuchWorkflow', {
      taskQueue: TASK_QUEUES.onboarding,
      workflowId: 'metrics-no-such-workflow',
      workflowExecutionTimeout: '30 seconds',
    });
    // The worker counts blocked runs every 15 seconds.
    await vi.waitUntil(async () => sum((await scrape(address)).series, METRIC_NAMES.blocked) === 1, {
      timeout: 40_000,
      interval: 500,
    });
    ({ text, series } = await scrape(address));
  }, 60_000);

  it('count runs by how they ended', () => {
    const ended = (outcome: string) => sum(series, METRIC_NAMES.runs, { outcome });

    expect([ended('created'), ended('failed'), ended('adopted')]).toEqual([1, 1, 0]);
    expect(sum(series, `${METRIC_NAMES.runTime}_count`, { outcome: 'created' })).toBe(1);
  });

  it('count requests by method and kind of answer, and deliveries by what came of them', () => {
    expect(sum(series, METRIC_NAMES.requests, { method: 'POST', status: '403' })).toBe(1);
    expect(sum(series, METRIC_NAMES.requests, { method: 'GET', status: '2xx' })).toBeGreaterThan(0);
    expect(sum(series, METRIC_NAMES.webhooks, { outcome: 'delivered' })).toBe(1);
    // There before the first one fails, or no increase would be seen.
    expect(series.filter(({ name, value }) => name === METRIC_NAMES.webhooks && value === 0)).toHaveLength(2);
  });

  it('time steps in seconds, with bounds below one second', () => {
    const created = { step: 'createGroup', outcome: 'done' };

    expect(sum(series, `${METRIC_NAMES.stepTime}_count`, created)).toBe(1);
    expect(sum(series, `${METRIC_NAMES.stepTime}_sum`, created)).toBeLessThan(10);
    expect(sum(series, `${METRIC_NAMES.requestTime}_bucket`, { method: 'GET', le: '0.1' })).toBeGreaterThan(0);
    expect(
      series.some(({ name, labels }) => name === `${METRIC_NAMES.runTime}_bucket` && labels['le'] === '86400'),
    ).toBe(true);
  });

  it('have every name of metrics.ts, with labels of fixed values', () => {
    const ours = series.filter(({ name }) => name.startsWith('onboarding_'));

    expect(new Set(ours.map(({ name }) => name.replace(/_(?:bucket|sum|count)$/u, '')))).toEqual(OURS);
    const odd = ours.flatMap(({ name, labels }) =>
      Object.entries(labels)
        .filter(([label, value]) => LABELS[label]?.test(value) !== true)
        .map(([label, value]) => `${name}{${label}="${value}"}`),
    );
    expect(odd).toEqual([]);
  });

  it('name no run, group, person or tenant, nor do those of Temporal', () => {
    for (const secret of ['acme', 'metrics.', 'Team_metrics', 'Taken_Name', '@company.com', 'a1b2c3d4'])
      expect(text).not.toContain(secret);
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/u);
  });

  it('have those of Temporal, with the labels that alerts look at', () => {
    for (const queue of Object.values(TASK_QUEUES))
      expect(sum(series, 'temporal_num_pollers', { task_queue: queue })).toBeGreaterThan(0);
    expect(sum(series, 'temporal_workflow_task_execution_failed', { failure_reason: 'WorkflowError' })).toBeGreaterThan(
      0,
    );
  });

  it.each(['prometheus/alerts.yml', 'grafana/dashboards/onboarding.json'])('have all that ops/%s asks for', (file) => {
    const asked = selectors(readFileSync(new URL(`../../../ops/${file}`, import.meta.url), 'utf8'));

    expect(asked.length).toBeGreaterThan(10);
    const missing = asked.filter(
      ({ name, labels }) =>
        !series.some((one) => one.name === name && labels.every((label) => one.labels[label] !== undefined)),
    );
    expect(missing).toEqual([]);
  });
});
