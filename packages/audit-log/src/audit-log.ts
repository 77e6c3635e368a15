import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import { auditRecordSchema, encodeRecord, type AuditRecord } from './audit-record.ts';
import { AuditRecordInvalidError } from './errors.ts';
import { acquireFileLock, type FileLock, type FileLockOptions } from './file-lock.ts';
import { IdIndex } from './id-index.ts';
import { readAuditLog, type AuditRecordStream } from './read-audit-log.ts';

export type AppendResult = 'appended' | 'already-recorded';

export interface AuditLog {
  /** Absolute path of the file. */
  readonly file: string;
  /**
   * Writes the record unless one with the same `id` is there, also when another process wrote it. When it resolves
   * the record is on the disk (fsync).
   *
   * @throws {AuditRecordInvalidError} when the record does not match the schema.
   * @throws {AuditLogLockedError} when another process holds the lock for too long.
   */
  append(record: AuditRecord): Promise<AppendResult>;
  /** All records, oldest first; see `readAuditLog`. */
  read(): AuditRecordStream;
}

/**
 * Opens an audit log: JSON lines in one file, mode 0600 when it is created here. Parent folders are created at the
 * first append; nothing is touched before. Several processes may append to the same file on a local file system.
 */
export function openAuditLog(file: string, options: FileLockOptions = {}): AuditLog {
  const path = resolve(file);
  const index = new IdIndex();
  let last: Promise<unknown> = Promise.resolve();

  return {
    file: path,
    append(record) {
      const parsed = auditRecordSchema.safeParse(record);
      if (!parsed.success) return Promise.reject(new AuditRecordInvalidError(parsed.error));
      // One after the other: appends of one process would only wait for each other at the lock file.
      const result = last.then(() => appendLocked(path, index, parsed.data, options));
      last = result.catch(() => undefined);
      return result;
    },
    read: () => readAuditLog(path),
  };
}

async function appendLocked(
  path: string,
  index: IdIndex,
  record: AuditRecord,
  options: FileLockOptions,
): Promise<AppendResult> {
  await mkdir(dirname(path), { recursive: true });
  for (;;) {
    const lock = await acquireFileLock(`${path}.lock`, options);
    try {
      const result = await withFile(path, (handle) => appendOnce(handle, lock, index, record));
      if (result !== 'lock-lost') return result;
    } finally {
      await lock.release();
    }
  }
}

async function appendOnce(
  handle: FileHandle,
  lock: FileLock,
  index: IdIndex,
  record: AuditRecord,
): Promise<AppendResult | 'lock-lost'> {
  const { size, torn } = await index.refresh(handle);
  if (index.has(record.id)) {
    // The process that wrote it may have died before its fsync.
    await handle.sync();
    return 'already-recorded';
  }
  const line = Buffer.from(`${torn ? '\n' : ''}${encodeRecord(record)}\n`, 'utf8');
  // This process may have been suspended for longer than a lock lives.
  if (!(await lock.isHeld())) return 'lock-lost';
  const { bytesWritten } = await handle.write(line);
  if (bytesWritten !== line.length) {
    throw new Error(`Wrote ${bytesWritten} of ${line.length} bytes of audit record ${record.id}; is the disk full?`);
  }
  await handle.sync();
  index.add(record.id, size + line.length);
  return 'appended';
}

/** Opens with O_APPEND; a file that is new has its folder entry made durable too. */
async function withFile<T>(path: string, use: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(path, 'a+', 0o600);
  try {
    if ((await handle.stat()).size === 0) await syncFolder(dirname(path));
    return await use(handle);
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, 'r');
    await handle.sync();
  } catch {
    // Windows and some network file systems cannot sync a folder; the record itself is synced in any case.
  } finally {
    await handle?.close();
  }
}
