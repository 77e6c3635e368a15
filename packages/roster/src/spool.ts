import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Where a text stands in a spool. */
export interface SpoolEntry {
  /** Bytes from the start. */
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
}

/** Texts that are put aside and read again: the first ones in memory, then in a temporary file. */
export interface Spool {
  /** One at a time. */
  append(text: string): Promise<SpoolEntry>;
  read(entry: SpoolEntry): Promise<string>;
  /** Removes what was put aside. */
  close(): Promise<void>;
}

export interface SpoolOptions {
  /** Where the temporary file goes. Default: the system's folder. */
  readonly tmpFolder?: string | undefined;
  /** Bytes that are kept in memory before they go to the file. Default 1 Mi. */
  readonly memoryLimit?: number | undefined;
}

const MEMORY_LIMIT = 1024 * 1024;

export function makeSpool({ tmpFolder = tmpdir(), memoryLimit = MEMORY_LIMIT }: SpoolOptions = {}): Spool {
  /** By offset. */
  let waiting = new Map<number, Buffer>();
  let file: TemporaryFile | undefined;
  let written = 0;
  let end = 0;
  let closed = false;

  const flush = async (): Promise<void> => {
    file ??= await openTemporaryFile(tmpFolder);
    const bytes = Buffer.concat([...waiting.values()]);
    await writeAll(file.handle, bytes, written);
    written += bytes.length;
    waiting = new Map();
  };

  return {
    async append(text) {
      const bytes = Buffer.from(text);
      // Nothing to put aside; it would take the place of the next one.
      if (bytes.length === 0) return { offset: end, length: 0 };
      const entry = { offset: end, length: bytes.length };
      waiting.set(entry.offset, bytes);
      end += bytes.length;
      if (end - written > memoryLimit) await flush();
      return entry;
    },
    async read({ offset, length }) {
      if (closed) throw new Error('The plan is closed: its groups cannot be read any more');
      if (length === 0) return '';
      const bytes = waiting.get(offset);
      if (bytes !== undefined) return bytes.toString();
      if (file === undefined) throw new RangeError(`Nothing was put aside at ${offset}`);
      return (await readAll(file.handle, offset, length)).toString();
    },
    async close() {
      closed = true;
      waiting = new Map();
      await file?.remove();
      file = undefined;
    },
  };
}

interface TemporaryFile {
  readonly handle: FileHandle;
  remove(): Promise<void>;
}

/** `mkdtemp` makes a folder that only this user may enter (mode 0700). */
async function openTemporaryFile(tmpFolder: string): Promise<TemporaryFile> {
  const folder = await mkdtemp(path.join(tmpFolder, 'roster-plan-'));
  const removeFolder = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const handle = await open(path.join(folder, 'groups.ndjson'), 'wx+', 0o600);
    // The open file needs no name. Without one nothing is left behind, however the process ends. Windows, and some network drives,
    // refuse that: there the folder goes when the file is closed.
    const gone = await removeFolder().then(
      () => true,
      () => false,
    );
    return {
      handle,
      async remove() {
        await handle.close();
        if (!gone) await removeFolder();
      },
    };
  } catch (error) {
    await removeFolder();
    throw error;
  }
}

async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

async function readAll(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await handle.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) throw new Error('The temporary file of the plan was cut off while it was in use');
    done += bytesRead;
  }
  return bytes;
}
