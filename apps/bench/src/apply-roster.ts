import { startRoster, type RosterGroup } from '@scim-onboarding/onboarding-client';
import type { Client } from '@temporalio/client';
import type { SampleRoster } from './sample-roster.ts';

/** Onboards a roster, and waits until it is through. Not by query: each answer would be work of the worker that is measured. */
export async function applyRoster(client: Client, roster: SampleRoster, digest: string): Promise<void> {
  const { rosterId } = await startRoster(client, stream(roster), {
    name: 'benchmark',
    digest,
    groups: roster.groups.length,
    conflictPolicy: 'adopt',
    allowRemovals: false,
  });
  await client.workflow.getHandle(rosterId).result();
}

async function* stream({ groups }: SampleRoster): AsyncGenerator<RosterGroup> {
  for (const definition of groups) yield { definition, duplicatesDropped: 0 };
}
