import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { GroupResource } from '@scim-onboarding/scim-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collect, streamOf } from '../test/support/plans.ts';
import { planRoster } from './plan-roster.ts';
import { changedSince, type PlanTarget } from './plan-target.ts';
import type { RosterGroup } from './roster-item.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'plan-roster-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

const ids = (count: number, prefix = 'u'): string[] =>
  Array.from({ length: count }, (_, at) => `${prefix}${String(at).padStart(5, '0')}`);
const wanted = (externalId: string, members: readonly string[], displayName = externalId): RosterGroup => ({
  kind: 'group',
  definition: { externalId, displayName, members: members.map((id) => ({ id })) },
  duplicatesDropped: 0,
  source: { row: 1 },
  complete: true,
});
const present = (externalId: string, memberIds: readonly string[], displayName = externalId): GroupResource => ({
  id: `id-${externalId}`,
  externalId,
  displayName,
  memberIds,
});
const targetWith = (groups: readonly GroupResource[]): PlanTarget => ({
  capabilities: { name: 'scim' },
  findByExternalId: (id) => Promise.resolve(groups.filter(({ externalId }) => externalId === id)),
  findByDisplayName: (name) => Promise.resolve(groups.filter(({ displayName }) => displayName === name)),
});
const options = { file: 'r.csv', tenant: 'default', policy: 'update', allowRemovals: true } as const;
const planOf = (groups: Iterable<RosterGroup>, target: PlanTarget, memoryLimit?: number) =>
  planRoster({
    groups: streamOf(groups),
    digest: () => 'd'.repeat(64),
    target,
    options: { ...options, tmpFolder: folder, memoryLimit },
  });

const ROSTER = [
  wanted('lose', ids(92)),
  wanted('b', ids(3), 'Same'),
  wanted('a', ids(3), 'Same'),
  wanted('new', ids(5)),
  wanted('same', ids(10)),
];
const DIRECTORY = targetWith([present('lose', ids(120)), present('same', ids(10)), present('b', ids(20), 'Old')]);

describe('planRoster', () => {
  it('plans all groups, and applies the rules for the whole plan', async () => {
    const counts: number[] = [];
    const plan = await planRoster({
      groups: streamOf(ROSTER),
      digest: () => 'd'.repeat(64),
      target: DIRECTORY,
      options,
      onPlanned: (count) => counts.push(count),
    });
    const groups = await collect(plan.groups());
    expect(groups.map(({ externalId, action, hold, add, remove }) => [externalId, action, hold, add, remove])).toEqual([
      ['a', 'conflict', undefined, [], []],
      ['b', 'conflict', undefined, [], []],
      ['lose', 'held', 'run-limit', [], ids(120).slice(92)],
      ['new', 'create', undefined, ids(5), []],
      ['same', 'unchanged', undefined, [], []],
    ]);
    expect(groups[0]?.reason).toContain('"b"');
    expect(groups[2]?.reason).toContain('in the whole run 28 of 150 members');
    expect(groups[1]).not.toHaveProperty('rename');
    expect(plan.totals).toMatchObject({ groups: 5, add: 5, remove: 0, heldRemovals: 28, renames: 0 });
    expect(plan.users).toBe(5);
    expect(plan.header).toMatchObject({
      roster: { file: 'r.csv', digest: 'd'.repeat(64), groups: 5 },
      target: { name: 'scim' },
      options: { tenant: 'default', policy: 'update', allowRemovals: true },
    });
    expect(counts).toEqual([1, 2, 3, 4, 5]);
    expect(await collect(plan.groups())).toEqual(groups);
  });

  it('is the same plan if nothing of it is kept in memory, and in another order', async () => {
    const inMemory = await planOf(ROSTER, DIRECTORY);
    const onDisk = await planOf(ROSTER.toReversed(), DIRECTORY, 0);
    expect(await collect(onDisk.groups())).toEqual(await collect(inMemory.groups()));
    expect(onDisk.summaries).toEqual(inMemory.summaries);
    expect(onDisk.approval).toBe(inMemory.approval);
    await onDisk.close();
    await expect(collect(onDisk.groups())).rejects.toThrow(/closed/u);
    expect(await readdir(folder)).toEqual([]);
  });

  it('ends with the error of the roster or the target, or of the signal, and leaves no file', async () => {
    async function* broken(): AsyncGenerator<RosterGroup> {
      yield* ROSTER;
      throw new Error('row 7 is wrong');
    }
    const input = { digest: () => 'd'.repeat(64), options: { ...options, tmpFolder: folder, memoryLimit: 0 } };
    await expect(planRoster({ ...input, groups: broken(), target: DIRECTORY })).rejects.toThrow('row 7');
    const silent: PlanTarget = { ...DIRECTORY, findByDisplayName: () => Promise.reject(new Error('no answer')) };
    await expect(planRoster({ ...input, groups: streamOf(ROSTER), target: silent })).rejects.toThrow('no answer');
    const interrupt = new AbortController();
    const onPlanned = (count: number): void => {
      if (count === 2) interrupt.abort(new Error('Ctrl-C'));
      if (count > 2) throw new Error('went on');
    };
    const { signal } = interrupt;
    await expect(
      planRoster({ ...input, groups: streamOf(ROSTER), target: DIRECTORY, onPlanned, signal }),
    ).rejects.toThrow('Ctrl-C');
    expect(await readdir(folder)).toEqual([]);
  });

  it('knows which groups changed since', async () => {
    const plan = await planOf(ROSTER, DIRECTORY, 0);
    expect(await changedSince(plan, DIRECTORY)).toEqual(new Map());
    const later = targetWith([present('lose', ids(119)), present('same', ids(10)), present('b', ids(20), 'Old')]);
    expect([...(await changedSince(plan, later)).keys()]).toEqual(['lose']);
    await plan.close();
  });
});
