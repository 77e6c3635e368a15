import { describe, expect, it } from 'vitest';
import { findColumns, parseColumnMap } from './columns.ts';

describe('parseColumnMap', () => {
  it('parses fields without case, and column names with spaces, commas and quotes', () => {
    expect(parseColumnMap('externalId=TeamID, DISPLAYNAME = Team Name ,email="Mail, ""work"""')).toEqual({
      externalId: 'TeamID',
      displayName: 'Team Name',
      email: 'Mail, "work"',
    });
    expect(parseColumnMap('')).toEqual({});
  });

  it.each([
    ['name=x', /"name=x" is not <field>=<column>/u],
    ['externalId', /"externalId" is not/u],
    ['externalId=', /is not/u],
    ['externalId=a,externalId=b', /externalId stands there twice/u],
    ['externalId="a', /is not/u],
  ])('refuses %j', (text, message) => {
    expect(() => parseColumnMap(text)).toThrow(message);
  });
});

describe('findColumns', () => {
  it('prefers one member a row to a column of members, which may be a number', () => {
    const { columns, ignored } = findColumns(['Team ID', 'Team', 'Members', 'User ID']);
    expect(columns.memberId?.name).toBe('User ID');
    expect(columns.members).toBeUndefined();
    expect(ignored).toEqual(['Members']);
  });

  it('takes the more exact of two known names', () => {
    expect(findColumns(['Department ID', 'Department', 'Group ID', 'Group', 'members']).columns).toMatchObject({
      externalId: { index: 2 },
      displayName: { index: 3 },
    });
  });
});
