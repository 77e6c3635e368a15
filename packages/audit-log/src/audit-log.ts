import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import { auditRecordSchema, encodeRecord, type AuditRecord } from './audit-record.ts';
import { inBatches } from './batches.ts';
import { AuditRecordInvalidError } from './errors.ts';
import { acquireFileLock, type FileLock, type FileLockOptions } from './file-lock.ts';
import { IdIndex } from './id-index.ts';
import { readAuditLog, type AuditRecordStream } from './read-audit-log.ts';

/** Records of one write; a record is a few hundred bytes. */
const MAX_BATCH = 500;

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
 * Records that are handed in while others are being written go into the next write together: one lock, one fsync.
 */
export function openAuditLog(file: string, options: FileLockOptions = {}): AuditLog {
  const path = resolve(file);
  const index = new IdIndex();
  const write = inBatches(MAX_BATCH, (records: readonly AuditRecord[]) => appendLocked(path, index, records, options));

  return {
    file: path,
    append(record) {
      const parsed = auditRecordSchema.safeParse(record);
      if (!parsed.success) return Promise.reject(new AuditRecordInvalidError(parsed.error));
      return write(parsed.data);
    },
    read: () => readAuditLog(path),
  };
}

async function appendLocked(
  path: string,
  index: IdIndex,
  records: readonly AuditRecord[],
  options: FileLockOptions,
): Promise<AppendResult[]> {
  for (;;) {
    const lock = await lockInFolder(path, options);
    try {
      const results = await withFile(path, (handle) => appendOnce(handle, lock, index, records));
      if (results !== 'lock-lost') return results;
    } finally {
      await lock.release();
    }
  }
}

/** The folder is made when it turns out to be missing: it is there for all records but the first. */
async function lockInFolder(path: string, options: FileLockOptions): Promise<FileLock> {
  try {
    return await acquireFileLock(`${path}.lock`, options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await mkdir(dirname(path), { recursive: true });
    return acquireFileLock(`${path}.lock`, options);
  }
}

async function appendOnce(
  handle: FileHandle,
  lock: FileLock,
  index: IdIndex,
  records: readonly AuditRecord[],
): Promise<AppendResult[] | 'lock-lost'> {
  const { size, torn } = await index.refresh(handle);
  const added = new Set<string>();
  const results = records.map(({ id }): AppendResult => {
    if (index.has(id) || added.has(id)) return 'already-recorded';
    added.add(id);
    return 'appended';
  });
  const lines = records.filter((_, at) => results[at] === 'appended').map((record) => `${encodeRecord(record)}\n`);
  if (lines.length === 0) {
    // The process that wrote them may have died before its fsync.
    await handle.sync();
    return results;
  }
  const bytes = Buffer.from(`${torn ? '\n' : ''}${lines.join('')}`, 'utf8');
  // This process may have been suspended for longer than a lock lives.
  if (!(await lock.isHeld())) return 'lock-lost';
  const { bytesWritten } = await handle.write(bytes);
  if (bytesWritten !== bytes.length) {
    throw new Error(
      `Wrote ${bytesWritten} of ${bytes.length} bytes of ${lines.length} audit records; is the disk full?`,
    );
  }
  await handle.sync();
  for (const id of added) index.add(id, size + bytes.length);
  return results;
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
