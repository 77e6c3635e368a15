import { describe, expect, it } from 'vitest';
import { judge } from './judge.ts';

const asked = ['a', 'b'].map((id) => ({
  externalId: id,
  displayName: `Team_${id}`,
  members: [{ id: '1' }, { id: '2' }],
}));
const inDirectory = (id: string, members = ['2', '1']) => ({ externalId: id, displayName: `Team_${id}`, members });
const told = ['a', 'b'].map((externalId) => ({ externalId, outcome: 'created' }));

describe('judge', () => {
  it('takes what was asked for', () => {
    expect(judge(asked, [inDirectory('b'), inDirectory('a')], told)).toEqual({ right: 2, extra: 0, untold: 0 });
  });

  it('sees a group that is missing, doubled, or of other members or name', () => {
    expect(judge(asked, [inDirectory('a')], told)).toEqual({ right: 1, extra: 0, untold: 1 });
    expect(judge(asked, [inDirectory('a'), inDirectory('a'), inDirectory('b')], told)).toEqual({
      right: 1,
      extra: 1,
      untold: 1,
    });
    expect(judge(asked, [inDirectory('a', ['1']), inDirectory('b')], told).right).toBe(1);
    expect(judge(asked, [{ ...inDirectory('a'), displayName: 'Other' }, inDirectory('b')], told).right).toBe(1);
    expect(judge(asked, [inDirectory('a'), inDirectory('b'), { displayName: 'X', members: [] }], told).extra).toBe(1);
  });

  it('sees a report that says less than what is there', () => {
    expect(judge(asked, [inDirectory('a'), inDirectory('b')], told.slice(1))).toEqual({
      right: 2,
      extra: 0,
      untold: 1,
    });
  });
});
