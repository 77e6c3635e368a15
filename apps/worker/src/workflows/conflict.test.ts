import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONFLICT_POLICIES } from '@scim-onboarding/onboarding-contract/workflow';
import { decideConflict } from './conflict.ts';

const ours = { groupId: 'g-ours', displayName: 'n', externalId: 'e' };
const other = { groupId: 'g-other', displayName: 'n', externalId: 'x' };
const free = { groupId: 'g-free', displayName: 'n' };
const none = { byExternalId: [], byName: [] };

describe('decideConflict', () => {
  it.each([
    ['adopt', { byExternalId: [ours], byName: [] }, 'adopt g-ours'],
    ['adopt', { byExternalId: [ours], byName: [other] }, 'adopt g-ours'],
    ['adopt', { byExternalId: [], byName: [other] }, 'name-held g-other'],
    ['adopt', { byExternalId: [], byName: [free] }, 'name-held g-free'],
    ['adopt', { byExternalId: [ours, { ...ours, groupId: 'g2' }], byName: [] }, 'ambiguous'],
    ['adopt', none, 'none'],
    ['adopt-by-name', { byExternalId: [], byName: [free] }, 'adopt g-free'],
    ['adopt-by-name', { byExternalId: [], byName: [other] }, 'name-held g-other'],
    ['adopt-by-name', { byExternalId: [], byName: [free, other] }, 'name-held g-other'],
    ['adopt-by-name', { byExternalId: [], byName: [free, { ...free, groupId: 'g2' }] }, 'ambiguous'],
    ['update', { byExternalId: [ours], byName: [] }, 'adopt g-ours'],
    ['update', { byExternalId: [], byName: [free] }, 'name-held g-free'],
    ['fail', { byExternalId: [ours], byName: [] }, 'exists g-ours'],
    ['fail', { byExternalId: [], byName: [free] }, 'name-held g-free'],
    ['fail', none, 'none'],
  ] as const)('%s, %j: %s', (policy, found, expected) => {
    const decision = decideConflict(found, policy);
    const id = 'group' in decision ? decision.group.groupId : 'holder' in decision ? decision.holder.groupId : '';
    expect(`${decision.kind} ${id}`.trim()).toBe(expected);
  });

  const group = fc.record(
    {
      groupId: fc.constantFrom('g1', 'g2', 'g3'),
      displayName: fc.constant('n'),
      externalId: fc.constantFrom('x', 'y'),
    },
    { requiredKeys: ['groupId', 'displayName'] },
  );
  const found = fc.record({
    byExternalId: fc.array(
      group.map((g) => ({ ...g, externalId: 'e' })),
      { maxLength: 2 },
    ),
    byName: fc.array(group, { maxLength: 3 }),
  });

  it('never takes a group over that carries another externalId', () => {
    fc.assert(
      fc.property(found, fc.constantFrom(...CONFLICT_POLICIES), (groups, policy) => {
        const decision = decideConflict(groups, policy);
        expect(decision.kind !== 'adopt' || [undefined, 'e'].includes(decision.group.externalId)).toBe(true);
      }),
    );
  });

  it('takes a group over by its name only under adopt-by-name', () => {
    fc.assert(
      fc.property(found, fc.constantFrom(...CONFLICT_POLICIES), (groups, policy) => {
        const decision = decideConflict(groups, policy);
        expect(decision.kind !== 'adopt' || decision.by === 'external-id' || policy === 'adopt-by-name').toBe(true);
      }),
    );
  });

  it('says none if and only if nothing is there', () => {
    fc.assert(
      fc.property(found, fc.constantFrom(...CONFLICT_POLICIES), (groups, policy) => {
        const empty = groups.byExternalId.length + groups.byName.length === 0;
        expect(decideConflict(groups, policy).kind === 'none').toBe(empty);
      }),
    );
  });

  it('does what a person chose', () => {
    expect(decideConflict({ byExternalId: [], byName: [other] }, 'adopt', 'g-other')).toMatchObject({
      kind: 'adopt',
      by: 'person',
      group: other,
    });
    expect(decideConflict(none, 'fail', 'g9')).toMatchObject({ kind: 'adopt', group: { groupId: 'g9' } });
  });
});
