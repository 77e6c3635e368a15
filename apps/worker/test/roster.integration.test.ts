import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoSeed } from '@scim-onboarding/genesys-simulator';
import { rosterProgress, rosterResults, startRoster, type RosterGroup } from '@scim-onboarding/onboarding-client';
import {
  GROUPS_PER_PART,
  rosterPartId,
  type RosterGroupResult,
  type RosterProgress,
} from '@scim-onboarding/onboarding-contract';
import { startRig, writes, type Rig } from './support/rig.ts';
import { startWorkerProcess } from './support/worker-process.ts';

const USERS = Array.from({ length: 60 }, () => randomUUID());
let rig: Rig;

beforeAll(async () => {
  rig = await startRig({ seed: demoSeed });
  rig.simulator.addUsers(USERS.map((id, index) => ({ id, name: `User ${index}`, email: `u${index}@example.com` })));
});
afterAll(() => rig.close());

function rosterOf(prefix: string, count: number, perGroup: number): RosterGroup[] {
  return Array.from({ length: count }, (_, index) => ({
    definition: {
      externalId: `${prefix}-${index}`,
      displayName: `Team_${prefix}_${index}`,
      members: Array.from({ length: perGroup }, (__, at) => ({ id: USERS[(index * 7 + at) % USERS.length] ?? '' })),
    },
    duplicatesDropped: 0,
  }));
}

async function* stream(groups: readonly RosterGroup[]): AsyncGenerator<RosterGroup> {
  yield* groups;
}

function start(name: string, groups: readonly RosterGroup[]) {
  const options = {
    name,
    digest: name.padEnd(64, '0'),
    groups: groups.length,
    conflictPolicy: 'adopt',
    allowRemovals: false,
  } as const;
  return startRoster(rig.client, stream(groups), options);
}

async function settled(rosterId: string, timeout = 60_000): Promise<RosterProgress> {
  let progress: RosterProgress | undefined;
  await expect
    .poll(
      async () => {
        progress = await rosterProgress(rig.client, rosterId).catch(() => undefined);
        return progress?.partsDone === progress?.parts && progress !== undefined;
      },
      { timeout, interval: 250 },
    )
    .toBe(true);
  if (progress === undefined) throw new Error('no progress');
  return progress;
}

async function resultsOf(rosterId: string): Promise<RosterGroupResult[]> {
  const all: RosterGroupResult[] = [];
  for await (const result of rosterResults(rig.client, rosterId)) all.push(result);
  return all;
}

describe('a roster', () => {
  it('makes each group once, with few requests; a second run of it writes nothing', { timeout: 120_000 }, async () => {
    const stop = await rig.work();
    const groups = rosterOf('few', 105, 20);
    const since = rig.simulator.requests().length;
    const { rosterId, runId } = await start('few', groups);
    expect(await settled(rosterId)).toMatchObject({
      groups: 105,
      settled: 105,
      counts: { created: 105 },
      missingParts: [],
    });
    const target = rig.simulator
      .requests()
      .slice(since)
      .filter(({ path }) => !path.startsWith('/hris/') && !path.startsWith('/oauth/'));
    expect(target.length / groups.length).toBeLessThanOrEqual(1.15);
    for (const { definition } of groups) {
      const found = rig.simulator.groups().filter((group) => group.externalId === definition.externalId);
      expect(found).toHaveLength(1);
      expect(new Set(found[0]?.members)).toEqual(new Set(definition.members.map(({ id }) => id)));
    }
    expect(await resultsOf(rosterId)).toHaveLength(105);
    const { events, json } = await rig.history('few-0');
    expect(events).toBeLessThanOrEqual(32);
    expect(json.length).toBeLessThan(60_000);

    // What a part costs its roster and itself: a run of a roster begins 100 parts at most, and stays under the 4096 events at which
    // the server suggests to continue as new.
    await rig.client.workflow.getHandle(rosterId).result();
    const roster = await rig.historyOf(rosterId);
    const part = await rig.historyOf(rosterPartId(rosterId, runId, 0));
    // Some 30 of them are its start, the looks for its first part, and its summary.
    expect((roster.events - 30) / 3).toBeLessThanOrEqual(40);
    expect(roster.json.length / 3).toBeLessThan(40_000);
    expect(part.events / GROUPS_PER_PART).toBeLessThanOrEqual(10);
    expect(part.json.length / GROUPS_PER_PART).toBeLessThan(30_000);

    const again = rig.simulator.requests().length;
    const second = await start('few-again', groups);
    expect(await settled(second.rosterId)).toMatchObject({ counts: { unchanged: 105 } });
    const later = rig.simulator
      .requests()
      .slice(again)
      .filter(({ path }) => !path.startsWith('/hris/'));
    expect(writes(later)).toEqual([]);
    expect(later.length / groups.length).toBeLessThanOrEqual(0.1);
    await stop();
  });

  it('goes on when a group is blocked, and that group can be finished after it', { timeout: 60_000 }, async () => {
    const stop = await rig.work();
    const groups = rosterOf('mixed', 5, 2);
    rig.simulator.addGroup({ displayName: 'Team_mixed_3', externalId: 'held' });
    const { rosterId } = await start('mixed', groups);
    expect(await settled(rosterId)).toMatchObject({ counts: { created: 4, blocked: 1 } });
    const blocked = (await resultsOf(rosterId)).find((result) => result.outcome === 'blocked');
    expect(blocked).toMatchObject({ externalId: 'mixed-3', failureType: 'NameConflict' });
    const amended = {
      ...(groups[3]?.definition ?? { externalId: '', displayName: '', members: [] }),
      displayName: 'Team_mixed_three',
    };
    await rig.onboarding.resolve('mixed-3', { action: 'retry', definition: amended });
    expect(await rig.onboarding.result('mixed-3')).toMatchObject({ outcome: 'created' });
    await stop();
  });

  it('survives a killed worker, and joins when it is started twice', { timeout: 120_000 }, async () => {
    const groups = rosterOf('kill', 60, 5);
    const first = await startWorkerProcess(rig.env());
    const { rosterId, joined } = await start('kill', groups);
    expect(joined).toBe(false);
    await expect
      .poll(() => rig.simulator.groups().filter((group) => group.externalId?.startsWith('kill-')).length, {
        timeout: 30_000,
        interval: 20,
      })
      .toBeGreaterThan(20);
    expect(await first.end('SIGKILL')).toBe('SIGKILL');
    expect((await start('kill', groups)).joined).toBe(true);
    const second = await startWorkerProcess(rig.env());
    expect(await settled(rosterId, 90_000)).toMatchObject({ settled: 60, counts: { created: expect.any(Number) } });
    const made = rig.simulator.groups().filter((group) => group.externalId?.startsWith('kill-'));
    expect(made).toHaveLength(60);
    expect(new Set(made.map((group) => group.externalId)).size).toBe(60);
    expect(await second.end('SIGTERM')).toBe(0);
  });
});
