import { describe, expect, it } from 'vitest';
import type { Simulator } from '@scim-onboarding/genesys-simulator';
import { createSnapshotTargets, type SnapshotTargets } from '../src/client/index.ts';
import { genesysClient, simulator } from './support/clients.ts';
import { each, onboard, ROSTER, roster, rosterSeed, type Outcome } from './support/roster.ts';

/** How many requests, by what they are for. */
function requestsOf(sim: Simulator, from: number): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { method, path, seq } of sim.requests()) {
    if (seq <= from) continue;
    const name = path.startsWith('/oauth')
      ? 'token'
      : path.startsWith('/api/v2/users?')
        ? 'users'
        : method !== 'GET'
          ? method
          : /groups\?/u.test(path)
            ? 'pages'
            : 'groups';
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
const total = (counts: Record<string, number>): number => Object.values(counts).reduce((sum, count) => sum + count, 0);
const lastSeq = (sim: Simulator): number => sim.requests().at(-1)?.seq ?? 0;

const definitions = roster();
const memberIds = definitions.flatMap(({ members }) => members.map(({ id }) => id));

/** One run of the roster by a process that knows nothing yet, or by one that did it before. */
async function run(
  sim: Simulator,
  targets: SnapshotTargets,
  { warm }: { warm: boolean },
): Promise<{ counts: Record<string, number>; outcomes: Set<Outcome> }> {
  const from = lastSeq(sim);
  if (warm) await (await targets.target('roster-1')).warmUsers(memberIds);
  const outcomes = await each(definitions, 50, async (definition) =>
    // A target for each step's caller, as activities have it.
    onboard(await targets.target('roster-1', new AbortController().signal), definition),
  );
  return { counts: requestsOf(sim, from), outcomes: new Set(outcomes) };
}

const newProcess = (sim: Simulator, api: 'scim' | 'platform'): SnapshotTargets =>
  createSnapshotTargets({ client: genesysClient(sim.url, { GENESYS_GROUPS_API: api }) });

describe.each([
  { api: 'scim', simulated: 'scim', most: 1.15, first: { pages: 2, POST: 1_000 }, pages: 12 },
  { api: 'platform', simulated: 'published', most: 3.3, first: { pages: 8, POST: 1_000, PATCH: 2_000 }, pages: 48 },
] as const)('a roster on $api', ({ api, simulated, most, first, pages }) => {
  it(`costs at most ${most} requests per group, and at most 0.1 and no write when it is run again`, async () => {
    const sim = await simulator({ api: simulated, v2FilterRequired: true, seed: rosterSeed });
    const targets = newProcess(sim, api);
    const made = await run(sim, targets, { warm: true });
    expect(made.outcomes).toEqual(new Set(['created']));
    expect(made.counts).toEqual({ token: 1, users: 50, ...first });
    expect(total(made.counts)).toBeLessThanOrEqual(most * ROSTER.newGroups);
    expect(sim.groups()).toHaveLength(ROSTER.newGroups + ROSTER.present);

    const sameProcess = await run(sim, targets, { warm: true });
    expect(sameProcess).toEqual({ counts: {}, outcomes: new Set(['unchanged']) });

    const otherProcess = await run(sim, newProcess(sim, api), { warm: true });
    expect(otherProcess.outcomes).toEqual(new Set(['unchanged']));
    expect(otherProcess.counts).toEqual({ token: 1, users: 50, pages });
    expect(total(otherProcess.counts)).toBeLessThanOrEqual(0.1 * ROSTER.newGroups);
  }, 120_000);

  it('keeps the budget when nobody asked for all users before', async () => {
    const sim = await simulator({ api: simulated, v2FilterRequired: true, seed: rosterSeed });
    const made = await run(sim, newProcess(sim, api), { warm: false });
    expect(made.counts).toMatchObject(first);
    expect(made.counts['groups']).toBeUndefined();
    expect(total(made.counts)).toBeLessThanOrEqual(most * ROSTER.newGroups);
  }, 120_000);
});
