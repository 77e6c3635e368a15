import { createHash } from 'node:crypto';
import type { GroupDefinition } from '@scim-onboarding/scim-core';

/** What every way of the benchmark is given: groups, and the users of the directory. */
export interface SampleRoster {
  readonly groups: readonly GroupDefinition[];
  readonly users: readonly { readonly id: string; readonly name: string; readonly email: string }[];
}

/** Groups with members each, drawn from ten times as many users; the same for the same sizes. */
export function sampleRoster(groups: number, members: number): SampleRoster {
  const users = Array.from({ length: members * 10 }, (_, index) => ({
    id: uuidOf(index),
    name: `User ${index}`,
    email: `user${index}@example.com`,
  }));
  return {
    users,
    groups: Array.from({ length: groups }, (_, index) => ({
      externalId: `bench-${index}`,
      displayName: `Bench_Team_${index}`,
      members: Array.from({ length: members }, (__, at) => {
        const { id, email } = users[(index * 7 + at) % users.length] ?? { id: '', email: '' };
        return { id, email };
      }),
    })),
  };
}

function uuidOf(index: number): string {
  const hex = createHash('sha256').update(String(index)).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
