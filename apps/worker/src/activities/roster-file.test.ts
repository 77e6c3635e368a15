import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApplicationFailure } from '@temporalio/common';
import { withRosterFile, type RosterPlace } from './roster-file.ts';

let base = '';
let folder = '';
const signal = new AbortController().signal;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'roster-file-'));
  folder = join(base, 'rosters');
  await mkdir(join(folder, 'hr'), { recursive: true });
  await mkdir(join(base, 'rosters-of-others'));
  await writeFile(join(folder, 'hr', 'roster.csv'), 'a,b\n1,2\n');
  await writeFile(join(folder, 'empty.csv'), '');
  await writeFile(join(base, 'secret.csv'), 'secret\n');
  await writeFile(join(base, 'rosters-of-others', 'secret.csv'), 'secret\n');
  await symlink('hr/roster.csv', join(folder, 'current.csv'));
  await symlink('../secret.csv', join(folder, 'out.csv'));
  await symlink(base, join(folder, 'up'));
  await symlink('../rosters-of-others/secret.csv', join(folder, 'like.csv'));
  await symlink('loop.csv', join(folder, 'loop.csv'));
  await symlink(folder, join(base, 'link-to-rosters'));
});
afterAll(() => rm(base, { recursive: true, force: true }));

async function read(
  path: string,
  more: Partial<RosterPlace> = {},
): Promise<{ text: string; digest: string; file: string }> {
  return withRosterFile({ folder, path, ...more }, signal, async ({ file, digest }) => {
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    return { text: await readFile(file, 'utf8'), digest, file };
  });
}

async function failure(path: string, more: Partial<RosterPlace> = {}): Promise<string> {
  const error: unknown = await read(path, more).catch((thrown: unknown) => thrown);
  if (!(error instanceof ApplicationFailure)) throw new Error(`expected a failure, got ${JSON.stringify(error)}`);
  expect(error.nonRetryable).toBe(true);
  expect(error.message).not.toContain(base);
  return `${error.type ?? ''}: ${error.message}`;
}

describe('a roster of the folder', () => {
  it('is copied with its name and digest, and the copy goes away', async () => {
    const { text, digest, file } = await read('hr/roster.csv');
    expect(text).toBe('a,b\n1,2\n');
    expect(digest).toBe(createHash('sha256').update(text).digest('hex'));
    expect(file.endsWith('/roster.csv')).toBe(true);
    expect(existsSync(file)).toBe(false);
  });

  it('may be a link within the folder, and the folder may be a link', async () => {
    expect((await read('current.csv')).text).toBe('a,b\n1,2\n');
    expect((await read('hr/roster.csv', { folder: join(base, 'link-to-rosters') })).text).toBe('a,b\n1,2\n');
  });

  it.each([
    '../secret.csv',
    'hr/../../secret.csv',
    '/etc/passwd',
    'out.csv',
    'up/secret.csv',
    'like.csv',
    'hr/roster.csv\0',
    '',
  ])('is refused if the path leaves it: %j', async (path) =>
    expect(await failure(path)).toMatch(/^RosterPathRefused: .*Nothing was read/u),
  );

  it('is refused by its absolute path, also below the folder', async () => {
    await expect(read(join(folder, 'hr/roster.csv'))).rejects.toMatchObject({ type: 'RosterPathRefused' });
  });

  it.each([
    ['none.csv', 'it is not there'],
    ['hr', 'it is not a file'],
    ['loop.csv', 'ELOOP'],
    ['hr/roster.csv/x', 'ENOTDIR'],
  ])('holds if it cannot be read: %s', async (path, why) =>
    expect(await failure(path)).toMatch(new RegExp(`^RosterUnreadable: .*${why}.*Nothing was changed`, 'u')),
  );

  it('holds if it is a pipe, and does not wait for a writer', async () => {
    expect(spawnSync('sh', ['-c', 'mkfifo "$0"', join(folder, 'pipe.csv')]).status).toBe(0);
    expect(await failure('pipe.csv')).toContain('it is not a file');
  });

  it('holds if it is empty or too large', async () => {
    expect(await failure('empty.csv')).toMatch(/^EmptyRoster/u);
    expect(await failure('hr/roster.csv', { maxBytes: 7 })).toContain('larger than 7 bytes');
    expect((await read('hr/roster.csv', { maxBytes: 8 })).text).toHaveLength(8);
  });

  it('says how to set the folder', async () => {
    expect(await failure('hr/roster.csv', { folder: undefined })).toMatch(/^RosterFolderNotSet: .*ROSTER_FOLDER/u);
    expect(await failure('hr/roster.csv', { folder: join(base, 'none') })).toContain('the folder of ROSTER_FOLDER');
  });
});
