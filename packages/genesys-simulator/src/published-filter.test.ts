import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePublishedFilter } from './published-filter.ts';
import { FilterError } from './scim-filter.ts';

describe('parsePublishedFilter', () => {
  it.each([
    ['displayname eq Sales', 'displayname', 'Sales'],
    ['displayName EQ "Customer Support"', 'displayname', 'Customer Support'],
    ['  id eq 5f4bc742-a019-4e38-8e2a-d39d5bc0b0f3 ', 'id', '5f4bc742-a019-4e38-8e2a-d39d5bc0b0f3'],
    ['urn:ietf:params:scim:schemas:core:2.0:Group:displayName eq "a\\"b"', 'displayname', 'a"b'],
    ['externalId eq "x"', 'externalid', 'x'],
  ])('reads %s', (text, attribute, value) => {
    expect(parsePublishedFilter(text, true)).toEqual({ kind: 'compare', attribute, operator: 'eq', value });
  });

  it.each([
    '',
    'displayName',
    'displayName eq',
    'displayName eq Customer Support',
    'displayName sw "a"',
    'displayName eq "a" and id eq "b"',
    'displayName eq "open',
    'displayName eq "\\x"',
    'externalId eq "x"',
    'members[value eq "x"]',
    'members.value eq "x"',
    '(displayName eq "a")',
  ])('refuses %s', (text) => {
    expect(() => parsePublishedFilter(text, false)).toThrow(FilterError);
  });

  it('reads back every quoted value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        const filter = parsePublishedFilter(`displayName eq ${JSON.stringify(value)}`, false);
        expect(filter).toMatchObject({ attribute: 'displayname', value });
      }),
    );
  });
});
