import type { LoggedRequest, ReceivedWebhook } from '@scim-onboarding/genesys-simulator';
import { ROSTER_EVENT } from '@scim-onboarding/onboarding-contract';
import type { SimulatedTarget } from './environment.ts';

/** What one way did with the roster. */
export interface Measurement {
  readonly way: WayName;
  readonly groups: number;
  readonly seconds: number;
  readonly groupsPerSecond: number;
  /** Requests at the vendor's API, refused ones too; without tokens and webhooks. Undefined for the floor. */
  readonly requestsPerGroup?: number;
  /** Requests that were answered with 429. */
  readonly refused?: number;
  /** Of one group, from its start to its end. */
  readonly latencyMs: { readonly p50: number; readonly p95: number };
  /** Of the runs of single groups, averaged over a sample. */
  readonly history?: { readonly events: number; readonly bytes: number; readonly actions: number };
  /** Actions of the runs around them (roster and parts), by group. */
  readonly rosterActionsPerGroup?: number;
  /** Events of one run by kind. */
  readonly eventKinds?: Readonly<Record<string, number>>;
  /** The script, or all workers together. Undefined where there is no /proc. */
  readonly cpuMsPerGroup?: number;
  /** The Temporal server, which the floor and the workers share. */
  readonly serverCpuMsPerGroup?: number;
  /** Of one process: the largest. */
  readonly peakRssMb?: number;
}

export type WayName = 'script' | 'one worker' | 'two workers' | 'empty steps' | 'floor';

/** Nearest rank: the smallest value that `share` of all values are not above. NaN for no values. */
function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export function latencyOf(values: readonly number[]): Measurement['latencyMs'] {
  return { p50: round(percentile(values, 0.5), 1), p95: round(percentile(values, 0.95), 1) };
}

/** The one whose time is in the middle. */
export function medianOf(measurements: readonly Measurement[]): Measurement {
  const sorted = measurements.toSorted((a, b) => a.seconds - b.seconds);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('nothing was measured');
  return middle;
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/**
 * Requests at the target.
 *
 * @throws Error if the groups or the deliveries are not as many as the roster has: then the numbers are worth nothing
 */
export async function requestsAt(
  { control }: SimulatedTarget,
  groups: number,
): Promise<Required<Pick<Measurement, 'requestsPerGroup' | 'refused'>>> {
  const [made, webhooks, logged] = await Promise.all([control.groups(), control.webhooks(), control.requests()]);
  const told = webhooks.filter(isAboutGroup);
  if (made.length !== groups || told.length !== groups || told.some((webhook) => webhook.signatureValid !== true)) {
    throw new Error(`${groups} groups were asked for; there are ${made.length} groups and ${told.length} webhooks.`);
  }
  const requests = logged.filter(isVendorRequest);
  return {
    requestsPerGroup: round(requests.length / groups, 3),
    refused: requests.filter(({ status }) => status === 429).length,
  };
}

/** True for an event of one group; a roster sends one more at its end. */
export function isAboutGroup({ rawBody }: ReceivedWebhook): boolean {
  return !rawBody.includes(`"event":"${ROSTER_EVENT}"`);
}

/** True for a request that counts against the vendor's limit. */
export function isVendorRequest({ path }: LoggedRequest): boolean {
  return !path.startsWith('/oauth/') && !path.startsWith('/hris/') && !path.startsWith('/_simulator/');
}
