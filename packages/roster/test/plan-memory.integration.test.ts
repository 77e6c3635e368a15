import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const PROGRAM = fileURLToPath(new URL('fixtures/plan-large.mjs', import.meta.url));
const GROUPS = 10_000;
const MEMBERS = 100;
const USERS = 5_000;
/** Memberships of a group in CSV, each of which is a row: it takes four times as long as JSON. */
const ROWS = 30;
/** Mebibytes of heap. With the ids of the members in memory it is not enough: as strings they take 56 bytes each, and 8 for the array. */
const HEAP = 64;
const SMALL_HEAP = 56;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'plan-memory-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

const userId = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

/** Each member is in one group only. */
function* ndjson(): Generator<string> {
  for (let group = 0; group < GROUPS; group += 1) {
    const members = Array.from({ length: MEMBERS }, (_, at) => ({ id: userId(group * MEMBERS + at) }));
    yield `${JSON.stringify({ externalId: `team-${group}`, displayName: `Team_${group}`, members })}\n`;
  }
}

/** One row for each membership; those of a group do not stand together. */
function* csv(): Generator<string> {
  yield 'externalId,displayName,memberId\n';
  for (let at = 0; at < ROWS; at += 1) {
    let rows = '';
    for (let group = 0; group < GROUPS; group += 1)
      rows += `team-${group},Team_${group},${userId((group * 31 + at * 7) % USERS)}\n`;
    yield rows;
  }
}

it.each([
  ['roster.ndjson', ndjson, MEMBERS, GROUPS * MEMBERS, HEAP],
  ['roster.csv', csv, ROWS, USERS, SMALL_HEAP],
])(
  'a plan of 10 000 groups is made, written and read in little memory: %s',
  { timeout: 240_000 },
  async (name, rows, members, users, heap) => {
    const file = path.join(folder, name);
    const planFile = path.join(folder, `${name}.plan.json`);
    await pipeline(Readable.from(rows()), createWriteStream(file));
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [`--max-old-space-size=${heap}`, PROGRAM, file, planFile],
      { env: { ...process.env, TMPDIR: folder, TMP: folder, TEMP: folder }, timeout: 200_000 },
    );
    const counted = JSON.parse(stdout) as { users: number };
    expect(counted).toMatchObject({
      totals: { groups: GROUPS, byAction: { create: GROUPS }, add: GROUPS * members },
      members: GROUPS * members,
      same: true,
    });
    // Few are counted, many are estimated.
    expect(Math.abs(counted.users / users - 1)).toBeLessThan(users > 50_000 ? 0.03 : 1e-9);
    expect((await stat(planFile)).size).toBeGreaterThan(GROUPS * members * 36);
    expect((await readdir(folder)).filter((left) => left.startsWith('roster-'))).toEqual([]);
  },
);
