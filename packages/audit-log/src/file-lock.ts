import { randomUUID } from 'node:crypto';
import { open, readFile, stat, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

import { AuditLogLockedError } from './errors.ts';

export interface FileLockOptions {
  /** Give up after this time, in milliseconds. Default 30 000. */
  waitMs?: number;
  /** A lock of this age is taken over whoever holds it, in milliseconds. Default 60 000; an append takes a few. */
  staleMs?: number;
}

export interface FileLock {
  /** Whether the lock file is still ours. It is not after another process took it over because of its age. */
  isHeld(): Promise<boolean>;
  /** Deletes the lock file if it is still ours. */
  release(): Promise<void>;
}

const holderSchema = z.object({ pid: z.int().positive(), host: z.string().max(255), token: z.string().max(64) });
type Holder = z.infer<typeof holderSchema>;

/** Far longer than it takes to write a lock file or to take one over, in milliseconds. */
const MOMENT_MS = 5_000;

/** Tokens of locks that this process holds. A lock with our pid and a token that is not here is of an earlier process. */
const heldTokens = new Set<string>();

/**
 * Takes an exclusive lock: a file that is created with `wx`, holding the pid, host and a random token of its owner.
 * A lock is taken over when its owner is a dead process of this host, or when it is older than `staleMs`.
 *
 * @throws {AuditLogLockedError} when the lock is not free within `waitMs`.
 */
export async function acquireFileLock(lockFile: string, options: FileLockOptions = {}): Promise<FileLock> {
  const { waitMs = 30_000, staleMs = 60_000 } = options;
  const token = randomUUID();
  const deadline = Date.now() + waitMs;
  // Before the file exists: another lock attempt of this process must not see our token as a stranger's.
  heldTokens.add(token);
  try {
    while (!(await createExclusively(lockFile, token))) {
      if (Date.now() >= deadline) throw new AuditLogLockedError(lockFile, waitMs, await describeHolder(lockFile));
      if (await isStale(lockFile, staleMs)) await removeStale(lockFile, staleMs);
      else await sleep(2 + Math.random() * 10);
    }
  } catch (error) {
    heldTokens.delete(token);
    throw error;
  }
  const isHeld = async (): Promise<boolean> => (await readHolder(lockFile))?.token === token;
  return {
    isHeld,
    async release() {
      try {
        if (await isHeld()) await unlinkIfThere(lockFile);
      } finally {
        heldTokens.delete(token);
      }
    },
  };
}

async function createExclusively(file: string, token: string): Promise<boolean> {
  let handle;
  try {
    handle = await open(file, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  try {
    await handle.writeFile(JSON.stringify({ pid: process.pid, host: hostname(), token } satisfies Holder));
    return true;
  } catch (error) {
    await unlinkIfThere(file);
    throw error;
  } finally {
    await handle.close();
  }
}

async function isStale(file: string, staleMs: number): Promise<boolean> {
  const holder = await readHolder(file);
  if (holder !== undefined && holder.host === hostname() && !isAlive(holder)) return true;
  try {
    // A lock without readable content is one whose owner is just writing it, or died while doing so.
    const limit = holder === undefined ? Math.min(staleMs, MOMENT_MS) : staleMs;
    return Date.now() - (await stat(file)).mtimeMs > limit;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

function isAlive(holder: Holder): boolean {
  // In a container a restarted process often has the pid of the one that crashed.
  if (holder.pid === process.pid) return heldTokens.has(holder.token);
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Removes a stale lock. A second lock guards it: without that, a process which saw the stale lock a moment ago could
 * delete the fresh lock of the one that was faster.
 */
async function removeStale(file: string, staleMs: number): Promise<void> {
  const guard = `${file}.takeover`;
  if (!(await createExclusively(guard, randomUUID()))) {
    const abandoned = await stat(guard).then(
      (found) => Date.now() - found.mtimeMs > MOMENT_MS,
      () => false,
    );
    if (abandoned) await unlinkIfThere(guard);
    else await sleep(5);
    return;
  }
  try {
    if (await isStale(file, staleMs)) await unlinkIfThere(file);
  } finally {
    await unlinkIfThere(guard);
  }
}

async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    return holderSchema.safeParse(JSON.parse(await readFile(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

async function describeHolder(file: string): Promise<string> {
  const holder = await readHolder(file);
  return holder === undefined ? 'an unknown process' : `process ${holder.pid} on ${holder.host}`;
}

async function unlinkIfThere(file: string): Promise<void> {
  try {
    await unlink(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
