import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { AuditLogLockedError } from './errors.ts';
import { acquireFileLock } from './file-lock.ts';

let folder: string;
let lockFile: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-lock-'));
  lockFile = join(folder, 'audit.jsonl.lock');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const holder = (pid: number, host = hostname()): string => JSON.stringify({ pid, host, token: 'someone-else' });

it('excludes others of the same process until it is released', async () => {
  const lock = await acquireFileLock(lockFile);
  await expect(acquireFileLock(lockFile, { waitMs: 30 })).rejects.toThrow(AuditLogLockedError);
  await lock.release();
  await (await acquireFileLock(lockFile, { waitMs: 30 })).release();
  await expect(stat(lockFile)).rejects.toThrow('ENOENT');
});

it('names the holder and the file when it gives up', async () => {
  await writeFile(lockFile, holder(process.ppid));
  const error = await acquireFileLock(lockFile, { waitMs: 20 }).catch((caught: unknown) => caught);
  expect(String(error)).toContain(`process ${process.ppid} on ${hostname()}`);
  expect(String(error)).toContain(lockFile);
});

it('takes over the lock of a dead process', async () => {
  await writeFile(lockFile, holder(spawnSync(process.execPath, ['-e', '']).pid));
  const lock = await acquireFileLock(lockFile, { waitMs: 500 });
  expect(await lock.isHeld()).toBe(true);
  await lock.release();
});

it('takes over a lock with our pid that is not ours, left by a container before its restart', async () => {
  await writeFile(lockFile, holder(process.pid));
  const lock = await acquireFileLock(lockFile, { waitMs: 500 });
  expect(await lock.isHeld()).toBe(true);
  await lock.release();
});

it.each([
  ['of another host', holder(1, 'another-host'), 61_000],
  ['without content, of a process killed while it wrote it,', '', 6_000],
])('takes over an old lock %s, and not a young one', async (_, content, ageMs) => {
  await writeFile(lockFile, content);
  await expect(acquireFileLock(lockFile, { waitMs: 20 })).rejects.toThrow(AuditLogLockedError);
  const old = new Date(Date.now() - ageMs);
  await utimes(lockFile, old, old);
  await (await acquireFileLock(lockFile, { waitMs: 500 })).release();
});

it('is not held up for long by a process that was killed while it took over a lock', async () => {
  await writeFile(lockFile, holder(spawnSync(process.execPath, ['-e', '']).pid));
  await writeFile(`${lockFile}.takeover`, '');
  await expect(acquireFileLock(lockFile, { waitMs: 20 })).rejects.toThrow(AuditLogLockedError);
  const old = new Date(Date.now() - 6_000);
  await utimes(`${lockFile}.takeover`, old, old);
  const lock = await acquireFileLock(lockFile, { waitMs: 500 });
  expect(await lock.isHeld()).toBe(true);
  await lock.release();
});

it('leaves the lock of the one that took it over', async () => {
  const lock = await acquireFileLock(lockFile);
  await writeFile(lockFile, holder(process.ppid));
  expect(await lock.isHeld()).toBe(false);
  await lock.release();
  expect(await readFile(lockFile, 'utf8')).toBe(holder(process.ppid));
});

it('lets one at a time take over a stale lock', async () => {
  await writeFile(lockFile, holder(spawnSync(process.execPath, ['-e', '']).pid));
  let inside = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      const lock = await acquireFileLock(lockFile);
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 2));
      inside -= 1;
      await lock.release();
    }),
  );
  expect(most).toBe(1);
});
