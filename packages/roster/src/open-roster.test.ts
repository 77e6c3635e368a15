import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DEFAULT_RULES } from '@scim-onboarding/scim-core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { collect } from '../test/support/plans.ts';
import { activeGroups, activeSummaries, RosterChangedError } from './active-groups.ts';
import { fileDigest } from './digest.ts';
import { InvalidRosterError, openRoster, UnreadableRosterError } from './open-roster.ts';
import { planRoster } from './plan-roster.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'open-roster-test-'));
  file = path.join(folder, 'r.csv');
});
afterEach(() => rm(folder, { recursive: true }));

const HEAD = 'externalId,displayName,memberId,more\n';

it('gives groups, notices and the digest of the file', async () => {
  await writeFile(file, `${HEAD}a,A,u1,\nb,B,u2,\n`);
  const reading = openRoster(file, { rules: DEFAULT_RULES });
  const groups = await collect(reading.groups());
  expect(groups.map(({ definition }) => definition.externalId).sort()).toEqual(['a', 'b']);
  expect(reading.notices.map(({ columns }) => columns)).toEqual([['more']]);
  expect(reading.digest()).toBe(await fileDigest(file));
});

it('throws at the end with how many problems there are, and the first ones', async () => {
  await writeFile(file, `${HEAD}a,A,u1,\n${',B,u2,\n'.repeat(150)}`);
  const seen: string[] = [];
  const reading = (async () => {
    for await (const { definition } of openRoster(file, { rules: DEFAULT_RULES }).groups())
      seen.push(definition.externalId);
  })();
  const error = await reading.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InvalidRosterError);
  expect(error).toMatchObject({ file, count: 150, message: `${file} has 150 problems.` });
  expect((error as InvalidRosterError).problems.map(({ row }) => row)).toEqual(
    Array.from({ length: 100 }, (_, index) => index + 3),
  );
  expect(seen).toEqual(['a']);
});

it('says that a file cannot be read', async () => {
  const error = await collect(openRoster(file, { rules: DEFAULT_RULES }).groups()).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UnreadableRosterError);
  expect(error).toMatchObject({ file, cause: { code: 'ENOENT' } });
});

it('ends with the reason of the signal while it reads rows, and leaves no file', async () => {
  const tmpFolder = path.join(folder, 'tmp');
  await mkdir(tmpFolder);
  await writeFile(file, HEAD + Array.from({ length: 400_000 }, (_, row) => `g${row % 100},G,user-${row},\n`).join(''));
  const interrupt = new AbortController();
  const reading = collect(openRoster(file, { rules: DEFAULT_RULES, tmpFolder, signal: interrupt.signal }).groups());
  reading.catch(() => undefined);
  await vi.waitUntil(async () => (await readdir(tmpFolder)).length > 0, { timeout: 30_000, interval: 5 });
  interrupt.abort(new Error('Ctrl-C'));
  await expect(reading).rejects.toThrow('Ctrl-C');
  expect(await readdir(tmpFolder)).toEqual([]);
});

it('reads the definitions of a plan once more, and refuses another file', async () => {
  await writeFile(file, `${HEAD}a,A,u1,\nb,B,u2,\nc,C,u3,\nd,D,u4,\n`);
  const first = openRoster(file, { rules: DEFAULT_RULES });
  const now = (id: string, memberIds: string[]) => ({ id, externalId: id, displayName: id.toUpperCase(), memberIds });
  const plan = await planRoster({
    groups: first.groups(),
    digest: first.digest,
    target: {
      capabilities: { name: 'scim' },
      findByDisplayName: () => Promise.resolve([]),
      findByExternalId: (id) =>
        Promise.resolve(id === 'a' ? [now('a', ['u1'])] : id === 'b' ? [now('b', ['more'])] : []),
    },
    options: { file, tenant: 'default', policy: 'update', allowRemovals: false },
  });
  await plan.close();
  const active = activeSummaries(plan, new Set(['d']));
  expect(active.map(({ externalId }) => externalId)).toEqual(['b', 'c']);
  const again = await collect(activeGroups(plan, active, openRoster(file, { rules: DEFAULT_RULES })));
  expect(new Map(again.map(({ definition, conflictPolicy }) => [definition.externalId, conflictPolicy]))).toEqual(
    new Map([
      ['b', 'adopt'],
      ['c', undefined],
    ]),
  );
  // The same file, with names and members, or externalIds, from other columns.
  for (const map of [
    { displayName: 'externalId', externalId: 'displayName', memberId: 'memberId' },
    { externalId: 'externalId', displayName: 'displayName', memberId: 'displayName' },
  ]) {
    const otherwise = openRoster(file, { rules: DEFAULT_RULES, map });
    await expect(collect(activeGroups(plan, active, otherwise))).rejects.toThrow(/another group "[bc]" than/u);
  }
  await writeFile(file, `${HEAD}a,A,u1,\nb,B,u2,\nc,C,u3,\nd,D,u5,\n`);
  await expect(collect(activeGroups(plan, active, openRoster(file, { rules: DEFAULT_RULES })))).rejects.toThrow(
    RosterChangedError,
  );
});
