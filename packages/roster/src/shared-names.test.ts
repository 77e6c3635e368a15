import { describe, expect, it } from 'vitest';
import { planGroup } from './plan-group.ts';
import { refuseSharedNames } from './shared-names.ts';

describe('refuseSharedNames', () => {
  it('refuses groups that would take one name, and leaves those that have it', () => {
    const options = { policy: 'update', allowRemovals: false } as const;
    const plan = (externalId: string, displayName: string, now?: string) =>
      planGroup(
        { externalId, displayName, members: [] },
        {
          byExternalId: now === undefined ? [] : [{ id: externalId, externalId, displayName: now, memberIds: [] }],
          byName: [],
        },
        options,
      );
    const groups = refuseSharedNames([plan('a', 'X'), plan('b', 'X', 'Y'), plan('c', 'Z'), plan('d', 'X', 'X')]);
    expect(groups.map(({ action }) => action)).toEqual(['conflict', 'conflict', 'create', 'unchanged']);
    expect(groups[0]?.reason).toContain('"b"');
    expect(groups[1]).not.toHaveProperty('rename');
  });
});
