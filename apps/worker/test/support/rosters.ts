import type { ReceivedWebhook } from '@scim-onboarding/genesys-simulator';
import {
  rosterProgress,
  rosterResults,
  startRoster,
  type RosterGroup,
  type StartedRoster,
  type StartRosterOptions,
} from '@scim-onboarding/onboarding-client';
import {
  rosterIsThrough,
  type RosterGroupResult,
  type RosterProgress,
  type RosterWebhookEvent,
} from '@scim-onboarding/onboarding-contract';
import { expect } from 'vitest';
import { definition, type Rig } from './rig.ts';

/** Groups `<prefix>-0` and so on, with the members of the default seed. */
export function smallGroups(prefix: string, count: number): RosterGroup[] {
  return Array.from({ length: count }, (_, index) => ({
    definition: definition(`${prefix}-${index}`, { displayName: `Team_${prefix}_${index}` }),
    duplicatesDropped: 0,
  }));
}

async function* stream(groups: readonly RosterGroup[]): AsyncGenerator<RosterGroup> {
  yield* groups;
}

/** Starts a roster, or joins it: the digest is made of the name. */
export function startNamed(
  rig: Rig,
  name: string,
  groups: readonly RosterGroup[],
  more: Partial<StartRosterOptions> = {},
  source: AsyncIterable<RosterGroup> = stream(groups),
): Promise<StartedRoster> {
  return startRoster(rig.client, source, {
    name,
    digest: name.padEnd(64, '0'),
    groups: groups.length,
    conflictPolicy: 'adopt',
    allowRemovals: false,
    ...more,
  });
}

/** Waits until the progress of a roster is such. */
export async function untilProgress(
  rig: Rig,
  rosterId: string,
  is: (progress: RosterProgress) => boolean,
  timeout = 60_000,
): Promise<RosterProgress> {
  let progress: RosterProgress | undefined;
  await expect
    .poll(
      async () => {
        progress = await rosterProgress(rig.client, rosterId).catch(() => undefined);
        return progress !== undefined && is(progress);
      },
      { timeout, interval: 100 },
    )
    .toBe(true);
  if (progress === undefined) throw new Error('no progress');
  return progress;
}

export function untilThrough(rig: Rig, rosterId: string, timeout = 60_000): Promise<RosterProgress> {
  return untilProgress(rig, rosterId, rosterIsThrough, timeout);
}

/** What the workflow of a roster returns, after the summary was delivered. */
export function rosterResult(rig: Rig, rosterId: string): Promise<RosterProgress> {
  return rig.client.workflow.getHandle(rosterId).result() as Promise<RosterProgress>;
}

export async function resultsOf(rig: Rig, rosterId: string): Promise<RosterGroupResult[]> {
  const all: RosterGroupResult[] = [];
  for await (const result of rosterResults(rig.client, rosterId)) all.push(result);
  return all;
}

/** Groups of the simulator that belong to a roster of {@link smallGroups}. */
export function madeOf(rig: Rig, prefix: string): string[] {
  return rig.simulator
    .groups()
    .flatMap(({ externalId = '' }) => (externalId.startsWith(`${prefix}-`) ? [externalId] : []))
    .toSorted();
}

/** Summaries of a roster that the HRIS was sent, delivered or not. */
export function summariesOf(
  rig: Rig,
  rosterId: string,
): { readonly received: ReceivedWebhook; readonly event: RosterWebhookEvent }[] {
  return rig.simulator
    .webhooks()
    .filter(({ rawBody }) => rawBody.includes('"scim.roster.completed"') && rawBody.includes(`"${rosterId}"`))
    .map((received) => ({ received, event: JSON.parse(received.rawBody) as RosterWebhookEvent }));
}
