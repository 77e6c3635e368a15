import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GroupPage, GroupResource } from '../group-resource.ts';
import { collect, readPages } from './paging.ts';

const groupsOf = (count: number): GroupResource[] =>
  Array.from({ length: count }, (_, index) => ({ id: `g${index}`, displayName: `Team ${index}` }));

/** A server that makes its pages as large as it likes, at least one group each. */
function serverOf(all: readonly GroupResource[], sizes: readonly number[]) {
  let served = 0;
  return (url: string): Promise<GroupPage> => {
    const start = Number(new URL(url).searchParams.get('startIndex')) - 1;
    const size = sizes[served++ % sizes.length] ?? 1;
    return Promise.resolve({ groups: all.slice(start, start + size), totalResults: all.length });
  };
}

const query = (read: (url: string) => Promise<GroupPage>, parameters = {}) =>
  readPages({ url: 'http://target.example/Groups', parameters, pageSize: 25, read });

describe('readPages', () => {
  it('gives every group once and in order, whatever the sizes of the pages are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(120),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
        async (count, sizes) => {
          const all = groupsOf(count);
          expect(await collect(query(serverOf(all, sizes)))).toEqual(all);
        },
      ),
    );
  });

  it('gives a group once that moved to the next page meanwhile', async () => {
    const [a, b, c] = groupsOf(3) as [GroupResource, GroupResource, GroupResource];
    const pages = [
      [a, b],
      [b, c],
    ];
    const read = (): Promise<GroupPage> => Promise.resolve({ groups: pages.shift() ?? [], totalResults: 4 });
    expect(await collect(query(read))).toEqual([a, b, c]);
  });

  it('sends parameters so that no server can read them in another way', async () => {
    const urls: string[] = [];
    const read = (url: string): Promise<GroupPage> => {
      urls.push(url);
      return Promise.resolve({ groups: [], totalResults: 0 });
    };
    await collect(query(read, { filter: 'displayName eq "a+b &c"' }));
    expect(urls).toEqual([
      'http://target.example/Groups?filter=displayName%20eq%20%22a%2Bb%20%26c%22&startIndex=1&count=25',
    ]);
  });

  it('ends when its reader has had enough', async () => {
    let served = 0;
    const read = serverOf(groupsOf(100), [10]);
    for await (const group of query((url) => (served++, read(url)))) if (group.id === 'g5') break;
    expect(served).toBe(1);
  });
});
