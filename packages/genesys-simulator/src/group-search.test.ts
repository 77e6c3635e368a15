import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Directory } from './directory.ts';
import { searchGroups } from './group-search.ts';
import { matchesFilter, parseFilter } from './scim-filter.ts';

const values = ['a', 'A', 'b', 'ab', 'x'];
const comparison = fc
  .tuple(fc.constantFrom('displayName', 'externalId', 'id'), fc.constantFrom('eq', 'sw'), fc.constantFrom(...values))
  .map(([attribute, operator, value]) => `${attribute} ${operator} "${value}"`);
const filter = fc
  .tuple(comparison, fc.constantFrom('and', 'or'), comparison)
  .map(([left, word, right]) => `${left} ${word} ${right}`);

describe('searchGroups', () => {
  it('finds by an index what a look at every group finds', () => {
    const directory = new Directory({
      groups: [
        { id: 'a', displayName: 'B', externalId: 'x' },
        { id: 'b', displayName: 'ab', externalId: 'A' },
        { id: 'x', displayName: 'A' },
      ],
    });
    fc.assert(
      fc.property(fc.oneof(comparison, filter), (text) => {
        const node = parseFilter(text);
        expect(searchGroups(directory, node)).toEqual(directory.groups().filter((group) => matchesFilter(node, group)));
      }),
    );
  });

  it('follows renames and deletions', () => {
    const directory = new Directory({ groups: [{ id: 'a', displayName: 'Old', externalId: 'e' }] });
    const found = (text: string) => searchGroups(directory, parseFilter(text)).map(({ id }) => id);
    const group = directory.groupByName('OLD');
    if (group === undefined) throw new Error('not found by name');
    directory.replaceGroup(group, { ...group, displayName: 'New', externalId: undefined });
    expect(found('displayName eq "old"')).toEqual([]);
    expect(found('displayName eq "new"')).toEqual(['a']);
    expect(found('externalId eq "e"')).toEqual([]);
    directory.deleteGroup('a');
    expect(found('displayName eq "new"')).toEqual([]);
  });
});
