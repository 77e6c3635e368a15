import { createHash } from 'node:crypto';
import { constants, createWriteStream } from 'node:fs';
import { mkdtemp, open, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FAILURE_TYPES, rosterPathProblem } from '@scim-onboarding/onboarding-contract/workflow';
import { typedFailure } from './to-failure.ts';

/** Largest roster: some millions of memberships. */
const MAX_BYTES = 512 * 1024 * 1024;

/** A copy of a roster: it stays as it is while it is read twice, whoever writes the file meanwhile. */
export interface RosterCopy {
  readonly file: string;
  /** SHA-256 in hex. */
  readonly digest: string;
}

export interface RosterPlace {
  /** `ROSTER_FOLDER`. */
  readonly folder: string | undefined;
  /** Relative to it. */
  readonly path: string;
  /** Default 512 MiB. */
  readonly maxBytes?: number;
}

/**
 * Gives a copy of a roster for as long as `use` runs. The copy is for this user only.
 *
 * @throws {ApplicationFailure} `RosterFolderNotSet`, `RosterPathRefused`, `RosterUnreadable`, `EmptyRoster`; all final
 */
export async function withRosterFile<T>(
  place: RosterPlace,
  signal: AbortSignal,
  use: (copy: RosterCopy) => Promise<T>,
): Promise<T> {
  const source = await findRoster(place);
  const folder = await mkdtemp(join(tmpdir(), 'onboarding-roster-'));
  try {
    // The ending of the name tells the format.
    const file = join(folder, basename(place.path));
    return await use({ file, digest: await copy({ ...place, source, file, signal }) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The file behind the path, with all links followed, if it is below the folder. */
async function findRoster({ folder, path }: RosterPlace): Promise<string> {
  if (folder === undefined) {
    throw typedFailure(
      FAILURE_TYPES.rosterFolderNotSet,
      `This worker has no ROSTER_FOLDER, in which to look for ${JSON.stringify(path)}. Nothing was read or changed.`,
      'Set ROSTER_FOLDER on every worker to the folder of the rosters, and restart them.',
    );
  }
  const problem = rosterPathProblem(path);
  if (problem !== undefined) throw refused(path, problem);
  const root = await realpath(folder).catch((error: unknown) => {
    throw unreadable('the folder of ROSTER_FOLDER', error);
  });
  const file = await realpath(join(root, path)).catch((error: unknown) => {
    throw unreadable(JSON.stringify(path), error);
  });
  if (!file.startsWith(root.endsWith(sep) ? root : root + sep)) {
    throw refused(path, 'it is, or is below, a link that leads out of ROSTER_FOLDER');
  }
  return file;
}

async function copy({
  source,
  file,
  path,
  signal,
  maxBytes = MAX_BYTES,
}: RosterPlace & { readonly source: string; readonly file: string; readonly signal: AbortSignal }): Promise<string> {
  const name = JSON.stringify(path);
  // Links were followed before; a named pipe must not be waited for.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(source, flags).catch((error: unknown) => {
    throw unreadable(name, error);
  });
  try {
    if (!(await handle.stat()).isFile()) throw unreadable(name, 'it is not a file');
    const hash = createHash('sha256');
    let bytes = 0;
    await pipeline(
      handle.createReadStream({ autoClose: false }),
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          bytes += chunk.length;
          if (bytes > maxBytes) throw unreadable(name, `it is larger than ${maxBytes} bytes`);
          hash.update(chunk);
          yield chunk;
        }
      },
      createWriteStream(file, { mode: 0o600, flags: 'wx' }),
      { signal },
    );
    if (bytes === 0) throw emptyRoster(path);
    return hash.digest('hex');
  } finally {
    await handle.close();
  }
}

/** An export that holds nothing is held: groups that it does not name stay as they are. */
export function emptyRoster(path: string): Error {
  return typedFailure(
    FAILURE_TYPES.emptyRoster,
    `The roster ${JSON.stringify(path)} holds no group. Nothing was changed.`,
    'An empty source is more often a mistake than a wish: look at the export that writes the file.',
  );
}

function refused(path: string, why: string): Error {
  return typedFailure(
    FAILURE_TYPES.rosterPathRefused,
    `The path of the roster ${JSON.stringify(path)} is refused: ${why}. Nothing was read.`,
    'Create the schedule with a path below ROSTER_FOLDER, and put the file itself there.',
  );
}

function unreadable(what: string, why: unknown): Error {
  const code = why instanceof Error && 'code' in why ? why.code : undefined;
  const words =
    typeof why === 'string'
      ? why
      : code === 'ENOENT'
        ? 'it is not there'
        : // The message of Node names the path on the machine of the worker.
          `the file system answers ${typeof code === 'string' ? code : String(why)}`;
  return typedFailure(
    FAILURE_TYPES.rosterUnreadable,
    `The roster cannot be read, ${what}: ${words}. Nothing was changed.`,
    'Put the file back below ROSTER_FOLDER, readable for the user of the worker. The next run of the schedule reads it again.',
  );
}
