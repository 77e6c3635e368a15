import type { MetricMeter } from '@temporalio/common';
import type { RuntimeOptions } from '@temporalio/worker';
import { OUTCOMES } from '@scim-onboarding/onboarding-contract/workflow';
import type { RequestEvent } from '@scim-onboarding/scim-core/client';
import type { AuditInput } from './workflows/activities.ts';

/** What the worker counts beside Temporal's own metrics. Every label has a small, fixed set of values: no ids, no names, no tenants. */
export interface WorkerMetrics {
  /** One request to the target or its login server. */
  request(event: RequestEvent): void;
  /** One attempt to deliver a webhook. */
  webhookAttempt(outcome: WebhookOutcome): void;
  /** One attempt of a step. */
  step(name: string, outcome: 'done' | 'failed', durationMs: number): void;
  /** One run that ended. */
  onboarding(record: Pick<AuditInput, 'outcome' | 'latencyMs'>): void;
  /** Runs that wait for a person now. */
  blocked(count: number): void;
}

const WEBHOOK_OUTCOMES = ['delivered', 'failed', 'refused'] as const;
type WebhookOutcome = (typeof WEBHOOK_OUTCOMES)[number];

/**
 * Names as Prometheus asks for: a counter ends in `_total`, a time is in seconds and says so
 * (https://prometheus.io/docs/practices/naming/). Alerts and dashboard in `ops/` use them.
 */
export const METRIC_NAMES = {
  requests: 'onboarding_target_requests_total',
  requestTime: 'onboarding_target_request_duration_seconds',
  webhooks: 'onboarding_webhook_attempts_total',
  stepTime: 'onboarding_step_duration_seconds',
  runs: 'onboarding_runs_total',
  runTime: 'onboarding_run_duration_seconds',
  blocked: 'onboarding_blocked',
} as const;

/** Upper bounds in seconds. The SDK's own bounds, 50 to 10 000, are milliseconds. */
const BUCKETS: Readonly<Record<string, readonly number[]>> = {
  [METRIC_NAMES.requestTime]: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  [METRIC_NAMES.stepTime]: [0.1, 0.5, 1, 5, 15, 60, 300, 1800],
  // A run can wait for a person for days.
  [METRIC_NAMES.runTime]: [1, 5, 15, 60, 300, 1800, 3600, 21_600, 86_400, 604_800],
};

type Metrics = NonNullable<NonNullable<RuntimeOptions['telemetryOptions']>['metrics']>;

/** Options of the Temporal runtime for one endpoint `http://<bindAddress>/metrics` that has the SDK's metrics and ours. */
export function prometheusMetrics(bindAddress: string): Metrics {
  const histogramBucketOverrides = Object.fromEntries(Object.entries(BUCKETS).map(([name, at]) => [name, [...at]]));
  return { prometheus: { bindAddress, histogramBucketOverrides } };
}

/** Makes the metrics on a meter, usually that of the Temporal runtime, so that one endpoint has them all. */
export function createMetrics(meter: MetricMeter): WorkerMetrics {
  const counter = (name: string, description: string) => meter.createCounter(name, undefined, description);
  const seconds = (name: string, description: string) => meter.createHistogram(name, 'float', 's', description);
  const requests = counter(METRIC_NAMES.requests, 'Requests to the target and its login server');
  const requestTime = seconds(METRIC_NAMES.requestTime, 'Time of requests to the target');
  const webhooks = counter(METRIC_NAMES.webhooks, 'Attempts to deliver webhooks');
  const stepTime = seconds(METRIC_NAMES.stepTime, 'Time of attempts of steps');
  const runs = counter(METRIC_NAMES.runs, 'Onboardings that ended');
  const runTime = seconds(METRIC_NAMES.runTime, 'Time from the start of a run to the read-back of its group');
  const blocked = meter.createGauge(METRIC_NAMES.blocked, 'int', undefined, 'Runs that wait for a person');
  // A series that begins at 1 shows no increase: Prometheus would miss the first event, and an alert on it with it.
  for (const outcome of WEBHOOK_OUTCOMES) webhooks.add(0, { outcome });
  for (const outcome of OUTCOMES) runs.add(0, { outcome });
  return {
    request({ method, status, error, durationMs }) {
      requests.add(1, { method, status: statusClass(status, error) });
      requestTime.record(durationMs / 1000, { method });
    },
    webhookAttempt: (outcome) => webhooks.add(1, { outcome }),
    step: (step, outcome, durationMs) => stepTime.record(durationMs / 1000, { step, outcome }),
    onboarding({ outcome, latencyMs }) {
      runs.add(1, { outcome });
      runTime.record(latencyMs / 1000, { outcome });
    },
    blocked: (count) => blocked.set(count),
  };
}

/** `2xx` and so on; 401, 403, 409 and 429 on their own, since each asks for something else; `error` where no answer came. */
export function statusClass(status: number | undefined, error: string | undefined): string {
  if (status === undefined) return error === 'timeout' ? 'timeout' : 'error';
  return [401, 403, 409, 429].includes(status) ? String(status) : `${Math.floor(status / 100)}xx`;
}
