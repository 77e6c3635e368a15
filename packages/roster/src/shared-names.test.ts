import { describe, expect, it } from 'vitest';
import { asSummarized, summarize } from './group-summary.ts';
import { planGroup } from './plan-group.ts';
import { refuseSharedNames } from './shared-names.ts';

describe('refuseSharedNames', () => {
  it('refuses groups that would take one name, and leaves those that have it', () => {
    const options = { policy: 'update', allowRemovals: false } as const;
    const plan = (externalId: string, displayName: string, now?: string) =>
      planGroup(
        { externalId, displayName, members: [{ id: 'u1' }] },
        {
          byExternalId: now === undefined ? [] : [{ id: externalId, externalId, displayName: now, memberIds: [] }],
          byName: [],
        },
        options,
      );
    const plans = [plan('a', 'X'), plan('b', 'X', 'Y'), plan('c', 'Z'), plan('d', 'X', 'X')];
    const summaries = refuseSharedNames(plans.map(summarize));
    const groups = plans.map((group, index) => asSummarized(group, summaries[index] ?? summarize(group)));
    expect(groups.map(({ action }) => action)).toEqual(['conflict', 'conflict', 'create', 'update']);
    expect(groups[0]?.reason).toContain('"b"');
    expect(groups[1]).not.toHaveProperty('rename');
    expect(groups.map(({ add }) => add.length)).toEqual([0, 0, 1, 1]);
  });
});
