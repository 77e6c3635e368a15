import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FilterError, matchesFilter, parseFilter } from './scim-filter.ts';

const team = { id: 'g-1', displayName: 'Équipe "A" (R&D)', externalId: 'HRIS-7', members: ['u-1', 'u-2'] };
const matches = (filter: string, group = team): boolean => matchesFilter(parseFilter(filter), group);

describe('parseFilter and matchesFilter', () => {
  it('finds any display name by its JSON string', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (name) => {
        expect(matches(`displayName eq ${JSON.stringify(name)}`, { ...team, displayName: name })).toBe(true);
        expect(matches(`displayName eq ${JSON.stringify(`${name}x`)}`, { ...team, displayName: name })).toBe(false);
      }),
    );
  });

  it.each([
    ['displayName eq "équipe \\"a\\" (r&d)"', true],
    ['DISPLAYNAME EQ "Équipe \\"A\\" (R&D)"', true],
    ['urn:ietf:params:scim:schemas:core:2.0:Group:displayName sw "équipe"', true],
    ['displayName sw "quipe"', false],
    ['externalId eq "HRIS-7"', true],
    ['externalId eq "hris-7"', false],
    ['externalId sw "HRIS-"', true],
    ['id eq "g-1"', true],
    ['id eq "G-1"', false],
    ['members.value eq "u-2"', true],
    ['members.value eq "u-3"', false],
    ['members[value eq "u-1"]', true],
    ['members[value eq "u-1" and value eq "u-2"]', false],
    ['members.value eq "u-1" and members.value eq "u-2"', true],
    ['id eq "x" and id eq "x" or id eq "g-1"', true],
    ['id eq "x" and (id eq "x" or id eq "g-1")', false],
    ['(id eq "x" or id eq "g-1") and displayName sw "É"', true],
    ['id eq"g-1"', true],
  ])('%s -> %s', (filter, expected) => {
    expect(matches(filter)).toBe(expected);
  });

  it('has no match for externalId on a group without one', () => {
    expect(matchesFilter(parseFilter('externalId sw ""'), { id: 'g', displayName: 'x', members: [] })).toBe(false);
  });

  it.each([
    ['', 'expected a name, found the end (position 0)'],
    ['displayName', 'expected a name, found the end (position 11)'],
    ['displayName eq Sales', 'expected a string in double quotes, found Sales'],
    ['displayName eq "Sales', 'no closing quote (position 15)'],
    ['displayName eq "a\\x"', 'is not a JSON string'],
    ['displayName eq "a\nb"', 'is not a JSON string'],
    ['displayName co "a"', 'operator "co" is not supported'],
    ['description eq "a"', 'attribute "description" cannot be filtered on'],
    ['displayName eq "a" displayName eq "b"', 'expected the end, found displayName'],
    ['displayName eq "a" and', 'found the end'],
    ['(displayName eq "a"', 'expected ")"'],
    ['emails[value eq "a"]', '"emails" cannot be followed by ['],
    ['members[display eq "a"]', 'attribute "display"'],
    ['members[value eq "a"].value', 'expected the end'],
  ])('refuses %j', (filter, message) => {
    expect(() => parseFilter(filter)).toThrow(FilterError);
    expect(() => parseFilter(filter)).toThrow(message);
  });

  it('refuses deep nesting instead of using up the stack', () => {
    expect(() => parseFilter(`${'('.repeat(50_000)}id eq "a"`)).toThrow('more than 50 nested brackets');
  });
});
