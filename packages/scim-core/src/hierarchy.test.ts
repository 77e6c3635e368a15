import { describe, expect, it } from 'vitest';
import { checkHierarchy, checkRoles, type HierarchyFacts } from './hierarchy.ts';

const definition = {
  externalId: 'corp.eng',
  displayName: 'Eng',
  members: [{ id: 'u1' }, { id: 'g9' }],
  roles: ['agent', 'admin'],
};
const policy = { allowedRoles: ['agent'], restrictedParentGroups: ['corp', 'corp.eng.secret', 'board'] };
const nothing: HierarchyFacts = { related: [], parent: undefined, memberGroups: [], self: undefined };
const group = (id: string, externalId?: string) => ({
  id,
  displayName: id,
  ...(externalId === undefined ? {} : { externalId }),
});

function codes(
  facts: Partial<HierarchyFacts>,
  changes: Partial<typeof definition & { parentExternalId: string }> = {},
): string[] {
  return checkHierarchy({ ...definition, ...changes }, policy, { ...nothing, ...facts }).map(
    (issue) => `${issue.path} ${issue.code}`,
  );
}

describe('checkRoles', () => {
  it('names each role that is not allowed', () => {
    expect(checkRoles(definition, policy).map((issue) => issue.path)).toEqual(['$.roles[1]']);
  });

  it('allows none without a policy', () => {
    expect(checkRoles(definition, { allowedRoles: [], restrictedParentGroups: [] })).toHaveLength(2);
  });
});

describe('checkHierarchy', () => {
  it('has no objection to a group that stands alone, or to itself', () => {
    expect(codes({})).toEqual([]);
    expect(codes({ related: [group('g1', 'corp.eng')], self: group('g1', 'corp.eng') })).toEqual([]);
  });

  it('refuses a restricted ancestor and a restricted descendant that exist', () => {
    expect(
      codes({ related: [group('g1', 'corp'), group('g2', 'corp.eng.secret'), group('g3', 'corp.eng.other')] }),
    ).toEqual(['$.externalId restricted_ancestor', '$.externalId restricted_descendant']);
  });

  it('wants the parent to exist and not to be restricted', () => {
    expect(codes({ parent: null }, { parentExternalId: 'nowhere' })).toEqual(['$.parentExternalId parent_not_found']);
    expect(codes({ parent: group('g5', 'board') }, { parentExternalId: 'board' })).toEqual([
      '$.parentExternalId parent_restricted',
    ]);
    expect(codes({ parent: group('g5', 'staff') }, { parentExternalId: 'staff' })).toEqual([]);
  });

  it('refuses a loop by parent, by prefix, and through a member', () => {
    expect(codes({ parent: null }, { parentExternalId: 'corp.eng' })).toEqual(['$.parentExternalId privilege_loop']);
    expect(codes({ parent: group('g6', 'corp.eng.web') }, { parentExternalId: 'corp.eng.web' })).toEqual([
      '$.parentExternalId privilege_loop',
    ]);
    const self = group('g1', 'corp.eng');
    expect(codes({ self, memberGroups: [group('g9'), self] })).toEqual(['$.members privilege_loop']);
    expect(codes({ memberGroups: [group('g9', 'corp.e')] })).toEqual(['$.members[1].id privilege_loop']);
    const parent = group('g9', 'staff');
    expect(codes({ parent, memberGroups: [parent] }, { parentExternalId: 'staff' })).toEqual([
      '$.members[1].id privilege_loop',
    ]);
    expect(codes({ memberGroups: [group('g9', 'friends')] })).toEqual([]);
  });
});
