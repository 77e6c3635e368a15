import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeSpool, type SpoolEntry } from './spool.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'spool-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('gives back what was put in, in any order and at any limit of memory', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme' })), fc.nat({ max: 40 }), async (texts, memoryLimit) => {
      const spool = makeSpool({ tmpFolder: folder, memoryLimit });
      const entries: SpoolEntry[] = [];
      for (const text of texts) entries.push(await spool.append(text));
      const read = await Promise.all(entries.toReversed().map((entry) => spool.read(entry)));
      expect(read).toEqual(texts.toReversed());
      await spool.close();
      expect(await readdir(folder)).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

it('uses no file for little, and leaves none behind even if it is not closed', async () => {
  const gone = path.join(folder, 'not-there');
  const small = makeSpool({ tmpFolder: gone });
  expect(await small.read(await small.append('text'))).toBe('text');
  const large = makeSpool({ tmpFolder: gone, memoryLimit: 3 });
  await expect(large.append('text')).rejects.toThrow(/ENOENT/u);

  const open = makeSpool({ tmpFolder: folder, memoryLimit: 3 });
  const entry = await open.append('text');
  const left = await readdir(folder);
  // Windows cannot remove a file that is open.
  expect(process.platform === 'win32' ? [] : left).toEqual([]);
  expect(await open.read(entry)).toBe('text');
  await open.close();
  await expect(open.read(entry)).rejects.toThrow(/closed/u);
});
