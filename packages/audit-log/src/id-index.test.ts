import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { auditRecord } from '../test/audit-record-fixture.ts';
import { encodeRecord } from './audit-record.ts';
import { IdIndex } from './id-index.ts';

let folder: string;
let handle: FileHandle;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-index-'));
  handle = await open(join(folder, 'audit.jsonl'), 'a+');
});

afterEach(async () => {
  await handle.close();
  await rm(folder, { recursive: true, force: true });
});

const line = (id: string): string => `${encodeRecord(auditRecord({ id }))}\n`;

/** Where in the file `refresh` began to read; undefined when it read nothing. */
async function refreshFrom(index: IdIndex): Promise<unknown> {
  const read = vi.spyOn(handle, 'read');
  await index.refresh(handle);
  const first: readonly unknown[] | undefined = read.mock.calls[0];
  read.mockRestore();
  return first?.[3];
}

it('reads only what was added since the last time', async () => {
  const index = new IdIndex();
  const many = Array.from({ length: 1_000 }, (_, i) => line(`id-${i}`)).join('');
  await handle.write(many);
  expect(await refreshFrom(index)).toBe(0);
  expect([index.has('id-0'), index.has('id-999'), index.has('id-1000')]).toEqual([true, true, false]);
  expect(await refreshFrom(index)).toBeUndefined();
  await handle.write(line('id-1000'));
  expect(await refreshFrom(index)).toBe(many.length);
  expect(index.has('id-1000')).toBe(true);
});

it('does not read again what the caller says it wrote', async () => {
  const index = new IdIndex();
  await handle.write(line('a'));
  index.add('a', line('a').length);
  // The first refresh learns which file it is, and reads it once from the start.
  expect(await refreshFrom(index)).toBe(0);
  await handle.write(line('b'));
  index.add('b', line('a').length + line('b').length);
  expect(await refreshFrom(index)).toBeUndefined();
  expect(index.has('b')).toBe(true);
});

it('reads an incomplete last line again when it was completed', async () => {
  const index = new IdIndex();
  await handle.write(line('a') + line('b').slice(0, 30));
  expect(await index.refresh(handle)).toMatchObject({ torn: true });
  expect(index.has('b')).toBe(false);
  await handle.write(line('b').slice(30));
  expect(await refreshFrom(index)).toBe(line('a').length);
  expect(index.has('b')).toBe(true);
});
