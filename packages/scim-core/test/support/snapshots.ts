import type { Simulator, SimulatorOptions } from '@scim-onboarding/genesys-simulator';
import { createSnapshotTargets, type SnapshotTargets, type SnapshotTargetsOptions } from '../../src/client/index.ts';
import { genesysClient, simulator } from './clients.ts';

export const users = Array.from({ length: 250 }, (_, index) => ({
  id: `u${index}`,
  name: `User ${index}`,
  email: `u${index}@example.com`,
}));
export const seed = {
  users,
  groups: [
    { id: 'g1', displayName: 'Sales', externalId: 'hr-1', members: ['u1', 'u2'] },
    { id: 'g2', displayName: 'Support', externalId: 'hr-2', members: ['u3'] },
  ],
};

export interface Started {
  readonly sim: Simulator;
  readonly targets: SnapshotTargets;
  /** Moves the clock of the snapshots. */
  readonly pass: (ms: number) => void;
  /** Requests since the last call, the token left out. */
  readonly sent: () => string[];
}

/** A simulator, and snapshot targets of it whose clock the test moves; snapshots are a minute old at most. */
export async function startSnapshots(
  options: SimulatorOptions = {},
  snapshotOptions: Partial<SnapshotTargetsOptions> = {},
): Promise<Started> {
  const api = options.api ?? 'scim';
  const sim = await simulator({ seed, v2FilterRequired: true, ...options, api });
  let now = 1_000_000;
  const client = genesysClient(sim.url, { GENESYS_GROUPS_API: api === 'scim' ? 'scim' : 'platform' });
  const targets = createSnapshotTargets({ client, maxAgeMs: 60_000, now: () => now, ...snapshotOptions });
  let seen = 0;
  const sent = (): string[] => {
    const log = sim.requests().filter(({ seq, path }) => seq > seen && path !== '/oauth/token');
    seen = sim.requests().at(-1)?.seq ?? 0;
    return log.map(({ method, path, status }) => `${method} ${path.replace(/\?.*/u, '?')} ${status}`);
  };
  return { sim, targets, pass: (ms) => (now += ms), sent };
}
