import { describe, expect, it } from 'vitest';
import type { ConflictPolicy } from '@scim-onboarding/onboarding-contract';
import type { GroupSummary } from './group-summary.ts';
import type { RosterReading } from './open-roster.ts';
import type { PlanAction } from './planned-group.ts';
import { DEFAULT_REMOVAL_LIMITS } from './removal-limits.ts';
import type { RosterGroup } from './roster-item.ts';
import { inOrder, selectedGroups, selectionOf, type Selection } from './selection.ts';

const group = (externalId: string): RosterGroup => ({
  kind: 'group',
  definition: { externalId, displayName: externalId, members: [] },
  duplicatesDropped: 0,
  source: { row: 1 },
  complete: true,
});

const summary = (externalId: string, action: PlanAction, kept = 0): GroupSummary => ({
  externalId,
  displayName: externalId,
  action,
  add: 1,
  remove: 0,
  kept,
  definitionDigest: '',
});

async function* stream(groups: readonly RosterGroup[]): AsyncGenerator<RosterGroup> {
  yield* groups;
}

async function select(
  ids: readonly string[],
  summaries: readonly GroupSummary[],
  policy: ConflictPolicy = 'adopt',
): Promise<{ selection: Selection; selected: unknown[] }> {
  const groups = ids.map(group);
  const passed = inOrder(stream(groups));
  const read: RosterGroup[] = [];
  for await (const one of passed.groups) read.push(one);
  expect(read).toEqual(groups);
  const header = {
    version: 1 as const,
    createdAt: '2026-01-01T00:00:00Z',
    roster: { file: 'r.csv', digest: '', groups: ids.length },
    target: { name: 'scim' },
    options: { tenant: 'default', policy, allowRemovals: false, limits: DEFAULT_REMOVAL_LIMITS },
  };
  const selection = selectionOf({ header, summaries }, passed.order);
  const reading: RosterReading = { groups: () => stream(groups), notices: [], digest: () => '' };
  const selected: unknown[] = [];
  for await (const { definition, conflictPolicy } of selectedGroups(selection, reading))
    selected.push([definition.externalId, conflictPolicy]);
  return { selection, selected };
}

describe('a selection', () => {
  it('gives the groups of the plan with which something is done, in the order of the file', async () => {
    const { selection, selected } = await select(
      ['z', 'a', 'm', 'b', 'c', 'd'],
      [
        summary('a', 'unchanged'),
        summary('b', 'held'),
        summary('c', 'update'),
        summary('d', 'conflict'),
        summary('m', 'adopt'),
        summary('z', 'create'),
      ],
    );
    expect(selection.groups).toBe(3);
    expect(selected).toEqual([
      ['z', undefined],
      ['m', undefined],
      ['c', undefined],
    ]);
  });

  it('keeps members of a group by the policy adopt, where removals are not allowed', async () => {
    const summaries = [summary('a', 'update', 2), summary('b', 'update')];
    expect((await select(['b', 'a'], summaries, 'update')).selected).toEqual([
      ['b', undefined],
      ['a', 'adopt'],
    ]);
  });

  it('is small: 50 000 groups take some kilobytes', async () => {
    const ids = Array.from({ length: 50_000 }, (_, index) => `g-${index}`);
    const summaries = ids.map((id, index) => summary(id, index % 7 === 0 ? 'create' : 'unchanged'));
    const { selection, selected } = await select(ids, summaries);
    expect(selected).toHaveLength(selection.groups);
    expect(selection.packed.length).toBeLessThan(20_000);
  });
});
