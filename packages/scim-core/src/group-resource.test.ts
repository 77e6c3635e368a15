import { describe, expect, it } from 'vitest';
import { readGroup, readGroupPage } from './group-resource.ts';

describe('readGroupPage', () => {
  it('reads keys without regard to case, and totalResults as text', () => {
    const page = readGroupPage({
      totalresults: '1',
      resources: [{ ID: 'g1', displayname: 'Sales', externalid: 'e1' }],
    });
    expect(page).toEqual({ totalResults: 1, groups: [{ id: 'g1', displayName: 'Sales', externalId: 'e1' }] });
  });

  it('prefers the canonical spelling where two occur', () => {
    expect(readGroup({ ID: 'wrong', id: 'right', displayName: 'n' })?.id).toBe('right');
    expect(readGroup({ id: 'right', ID: 'wrong', displayName: 'n' })?.id).toBe('right');
  });

  it('takes absent Resources for none', () => {
    expect(readGroupPage({ totalResults: 0 })).toEqual({ totalResults: 0, groups: [] });
  });

  it('keeps the others where one group has no name', () => {
    const page = readGroupPage({ totalResults: 2, Resources: [{ id: 'a' }, { id: 'b', displayName: 'B' }] });
    expect(page?.groups.map((group) => group.displayName)).toEqual(['', 'B']);
  });

  it.each([
    null,
    [],
    'x',
    {},
    { totalResults: 1, Resources: {} },
    { totalResults: 1, Resources: [{ displayName: 'no id' }] },
    { totalResults: -1 },
  ])('takes %j for no page', (value) => {
    expect(readGroupPage(value)).toBeUndefined();
  });
});

describe('readGroup', () => {
  it('reads ids and versions that are numbers, and each member once', () => {
    const group = readGroup({
      id: 7,
      displayName: 'n',
      members: [{ value: 1 }, { value: '1' }, { value: 'u2' }, { value: null }, null],
      meta: { version: 3 },
    });
    expect(group).toEqual({ id: '7', displayName: 'n', memberIds: ['1', 'u2'], version: '3' });
  });

  it('takes members: null for members that were not returned', () => {
    expect(readGroup({ id: 'g', displayName: 'n', members: null })).not.toHaveProperty('memberIds');
  });

  it('tells no members from members not returned', () => {
    expect(readGroup({ id: 'g', displayName: 'n', members: [] })?.memberIds).toEqual([]);
    expect(readGroup({ id: 'g', displayName: 'n' })).not.toHaveProperty('memberIds');
  });

  it('reads member ids and the version', () => {
    const group = readGroup({
      id: 'g',
      displayName: 'n',
      members: [{ value: 'u1' }, { Value: 'u2' }, {}],
      meta: { version: 'W/"3"' },
    });
    expect(group).toEqual({ id: 'g', displayName: 'n', memberIds: ['u1', 'u2'], version: 'W/"3"' });
  });
});
