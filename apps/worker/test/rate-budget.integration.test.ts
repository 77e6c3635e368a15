import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { demoSeed, type LoggedRequest } from '@scim-onboarding/genesys-simulator';
import { rosterProgress, startRoster, type RosterGroup } from '@scim-onboarding/onboarding-client';
import { GROUPS_PER_PART, RUN_PRIORITY } from '@scim-onboarding/onboarding-contract';
import { definition, startRig, type Rig } from './support/rig.ts';
import { startWorkerProcess } from './support/worker-process.ts';

/** The vendor's 300 a minute, as 60 in 12 seconds. */
const LIMIT = 60;
const WINDOW_MS = 12_000;

/** So slow are requests that each worker has some open which the other cannot know of. */
const LATENCY_MS = 300;

/** Enough for three windows and a part of the fourth. */
const GROUPS = 200;

const USERS = Array.from({ length: 60 }, () => randomUUID());
let rig: Rig;

beforeAll(async () => {
  rig = await startRig({ seed: demoSeed, rateLimitPerMinute: LIMIT, rateLimitWindowMs: WINDOW_MS });
  rig.simulator.addUsers(USERS.map((id, index) => ({ id, name: `User ${index}`, email: `u${index}@example.com` })));
  rig.simulator.addFault({ kind: 'delay', match: { path: '/api/' }, ms: LATENCY_MS, times: 'always' });
});
afterAll(() => rig.close());

async function* roster(): AsyncGenerator<RosterGroup> {
  for (let index = 0; index < GROUPS; index++) {
    yield {
      definition: {
        externalId: `budget-${index}`,
        displayName: `Team_budget_${index}`,
        members: Array.from({ length: 5 }, (_, at) => ({ id: USERS[(index * 7 + at) % USERS.length] ?? '' })),
      },
      duplicatesDropped: 0,
    };
  }
}

function limited(): LoggedRequest[] {
  return rig.simulator.requests().filter(({ path }) => path.startsWith('/api/'));
}

async function priorityOf(externalId: string): Promise<number | undefined> {
  return (await rig.handle(externalId).describe()).priority?.priorityKey;
}

/** Milliseconds since 1970 when the simulator counted a request. */
const countedAt = ({ at }: LoggedRequest): number => Date.parse(at) + LATENCY_MS;

/** The requests of each window: one begins with the first request after the last one. */
function windows(): LoggedRequest[][] {
  const all: LoggedRequest[][] = [];
  let start = Number.NEGATIVE_INFINITY;
  for (const request of limited().toSorted((a, b) => countedAt(a) - countedAt(b))) {
    if (countedAt(request) - start >= WINDOW_MS) {
      start = countedAt(request);
      all.push([]);
    }
    all.at(-1)?.push(request);
  }
  return all;
}

it(
  'two workers use up the rate limit, do not run into it, and let a single onboarding pass',
  { timeout: 120_000 },
  async () => {
    await Promise.all([startWorkerProcess(rig.env()), startWorkerProcess(rig.env())]);
    const { rosterId } = await startRoster(rig.client, roster(), {
      name: 'budget',
      digest: 'budget'.padEnd(64, '0'),
      groups: GROUPS,
      conflictPolicy: 'adopt',
      allowRemovals: false,
    });
    await expect.poll(() => limited().length, { timeout: 30_000, interval: 50 }).toBeGreaterThan(0);
    // The roster has used up its share of the first window, and most of its groups are still to come.
    await sleep(WINDOW_MS * 0.75);
    const asked = performance.now();
    const single = await rig.onboarding.start(definition('urgent'));
    expect(await single.result()).toMatchObject({ outcome: 'created' });
    expect(performance.now() - asked).toBeLessThan(WINDOW_MS);
    expect(await rosterProgress(rig.client, rosterId)).not.toMatchObject({ partsDone: GROUPS / GROUPS_PER_PART });
    expect(await priorityOf('urgent')).toBe(RUN_PRIORITY.single);
    expect(await priorityOf('budget-0')).toBe(RUN_PRIORITY.roster);

    await expect
      .poll(() => rosterProgress(rig.client, rosterId), { timeout: 80_000, interval: 250 })
      .toMatchObject({ partsDone: GROUPS / GROUPS_PER_PART, settled: GROUPS, counts: { created: GROUPS } });
    const refused = limited().filter(({ status }) => status === 429);
    expect(refused.length / limited().length).toBeLessThanOrEqual(0.01);
    const full = windows().slice(0, -1);
    expect(full.length).toBeGreaterThanOrEqual(3);
    // Over all of them: a moment in which the machine is busy with something else takes some requests into the next window.
    const served = full.flat().filter(({ status }) => status !== 429);
    expect(served.length / (full.length * LIMIT)).toBeGreaterThanOrEqual(0.95);
  },
);
