import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { GroupResource } from '../group-resource.ts';
import { createGroupCache, type GroupCache } from './group-cache.ts';

const sales: GroupResource = { id: 'g1', displayName: 'Sales', externalId: 'hr-1', memberIds: ['u1'] };
const support: GroupResource = { id: 'g2', displayName: 'Support', externalId: 'hr-2', memberIds: ['u1', 'u2'] };
const always = (): boolean => true;
const answered = { at: 0, whole: true };
const ids = (groups: readonly GroupResource[]): string[] => groups.map(({ id }) => id);

function read(cache: GroupCache, groups: readonly GroupResource[], since = cache.moment()): void {
  cache.replaceAll(groups, { since, at: 0 }, always);
}

describe('createGroupCache', () => {
  it('finds by name without case and Unicode form, by externalId with case', () => {
    const cache = createGroupCache();
    read(cache, [sales, support, { id: 'g3', displayName: 'Cafe\u0301' }]);
    expect(ids(cache.byDisplayName('SALES'))).toEqual(['g1']);
    expect(ids(cache.byDisplayName('CAF\u00c9'))).toEqual(['g3']);
    expect(ids(cache.byExternalId('hr-2'))).toEqual(['g2']);
    expect(cache.byExternalId('HR-2')).toEqual([]);
  });

  it('follows a group that was renamed', () => {
    const cache = createGroupCache();
    read(cache, [sales]);
    cache.put({ ...sales, displayName: 'Sales EMEA' }, answered);
    expect(cache.byDisplayName('Sales')).toEqual([]);
    expect(ids(cache.byDisplayName('Sales EMEA'))).toEqual(['g1']);
    expect(ids(cache.byExternalId('hr-1'))).toEqual(['g1']);
  });

  it('a read that began before a write does not undo it', () => {
    const cache = createGroupCache();
    read(cache, [sales, support]);
    const since = cache.moment();
    cache.put({ ...sales, memberIds: ['u1', 'u9'] }, answered);
    cache.remove('g2');
    cache.put({ id: 'g3', displayName: 'New' }, answered);
    cache.put(sales, { since, at: 0, whole: true });
    read(cache, [sales, support], since);
    expect(cache.get('g1')?.group.memberIds).toEqual(['u1', 'u9']);
    expect(ids(cache.all()).toSorted()).toEqual(['g1', 'g3']);
    read(cache, [sales, support]);
    expect(cache.get('g1')?.group.memberIds).toEqual(['u1']);
    expect(ids(cache.all())).toEqual(['g1', 'g2']);
  });

  it('doubts a group of its own that a later list does not have, and nothing of others', () => {
    const cache = createGroupCache();
    read(cache, [sales]);
    cache.put(support, answered);
    read(cache, []);
    expect(cache.inDoubt({ displayName: 'support' })).toBe(true);
    expect(cache.inDoubt({ externalId: 'hr-2' })).toBe(true);
    expect(cache.inDoubt({ displayName: 'Sales', externalId: 'hr-1' })).toBe(false);
    expect(cache.get('g2')).toBeUndefined();
  });

  it('a doubt ends by what the target shows, or by a list that began after it', () => {
    const cache = createGroupCache();
    read(cache, [sales]);
    const before = cache.moment();
    cache.drop('g1');
    expect(cache.anyDoubt()).toBe(true);
    cache.putFound({ externalId: 'hr-1' }, [], { since: cache.moment(), at: 0 }, always);
    expect(cache.inDoubt({ externalId: 'hr-1' })).toBe(true);
    cache.putFound({ externalId: 'hr-1' }, [sales], { since: before, at: 0 }, always);
    expect(cache.inDoubt({ externalId: 'hr-1' })).toBe(true);
    expect(cache.get('g1')).toBeUndefined();
    cache.putFound({ externalId: 'hr-1' }, [sales], { since: cache.moment(), at: 0 }, always);
    expect(cache.inDoubt({ externalId: 'hr-1' })).toBe(false);
    expect(cache.get('g1')).toMatchObject({ whole: true });
    read(cache, [sales], before);
    expect(cache.inDoubt({ displayName: 'Sales' })).toBe(true);
    read(cache, [sales]);
    expect(cache.anyDoubt()).toBe(false);
  });

  it('drops a group that the target does not find any more', () => {
    const cache = createGroupCache();
    read(cache, [sales]);
    cache.putFound({ displayName: 'Sales' }, [], { since: cache.moment(), at: 0 }, always);
    expect(cache.all()).toEqual([]);
    expect(cache.inDoubt({ externalId: 'hr-1' })).toBe(true);
  });

  it('keeps no members beyond its limit, and does not call such a group whole', () => {
    const cache = createGroupCache({ memberReferences: 2 });
    read(cache, [sales, support]);
    expect(cache.get('g1')).toMatchObject({ group: sales, whole: true });
    expect(cache.get('g2')).toEqual({
      group: { id: 'g2', displayName: 'Support', externalId: 'hr-2' },
      at: 0,
      own: false,
      whole: false,
    });
    cache.remove('g1');
    cache.put(support, answered);
    expect(cache.get('g2')).toMatchObject({ group: support, whole: true });
  });

  it('holds 10,000 groups of 100 members in less than 40 MB', () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const heap = (): number => {
      collectGarbage();
      return process.memoryUsage().heapUsed / 1024 / 1024;
    };
    const cache = createGroupCache();
    const before = heap();
    for (let group = 0; group < 10_000; group++) {
      // As from an answer: each group comes with its own copies of the ids.
      const members = Array.from({ length: 100 }, (_, index) => (group * 100 + index * 37) % 5_000);
      const memberIds = JSON.parse(
        JSON.stringify(members.map((user) => `00000000-0000-4000-8000-${String(user).padStart(12, '0')}`)),
      ) as string[];
      cache.put({ id: `g${group}`, displayName: `Group ${group}`, externalId: `hr-${group}`, memberIds }, answered);
    }
    expect(heap() - before).toBeLessThan(40);
    expect(cache.all()).toHaveLength(10_000);
  });
});
