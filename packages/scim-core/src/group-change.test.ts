import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isEmptyChange, patchRequest, planChange } from './group-change.ts';

const ids: fc.Arbitrary<string[]> = fc.uniqueArray(fc.constantFrom<string>('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'));
const definitionOf = (members: readonly string[]) => ({
  externalId: 'e',
  displayName: 'n',
  members: members.map((id) => ({ id })),
});

describe('planChange', () => {
  it('brings any group to its definition, and then has nothing left to do', () => {
    fc.assert(
      fc.property(ids, ids, fc.boolean(), (wanted, present, makeEqual) => {
        const definition = definitionOf(wanted);
        const change = planChange(definition, { id: 'g', displayName: 'old', memberIds: present }, { makeEqual });
        const after = present.filter((id) => !change.remove?.includes(id)).concat(change.add ?? []);
        expect(new Set(after)).toEqual(new Set(makeEqual ? wanted : [...present, ...wanted]));
        const next = { id: 'g', displayName: change.displayName ?? 'old', externalId: 'e', memberIds: after };
        expect(isEmptyChange(planChange(definition, next, { makeEqual }))).toBe(true);
      }),
    );
  });

  it('never removes from a group whose members were not read', () => {
    const change = planChange(definitionOf(['a']), { id: 'g', displayName: 'n', externalId: 'e' }, { makeEqual: true });
    expect(change).toEqual({ add: ['a'] });
  });
});

describe('patchRequest', () => {
  it('removes a member by a value path, never by a value', () => {
    expect(patchRequest({ displayName: 'n', externalId: 'e', add: ['a'], remove: ['b"', 'c'] }).Operations).toEqual([
      { op: 'replace', path: 'displayName', value: 'n' },
      { op: 'replace', path: 'externalId', value: 'e' },
      { op: 'add', path: 'members', value: [{ value: 'a' }] },
      { op: 'remove', path: 'members[value eq "b\\""]' },
      { op: 'remove', path: 'members[value eq "c"]' },
    ]);
  });
});
