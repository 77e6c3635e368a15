import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collect, planned } from '../test/support/plans.ts';
import { InvalidPlanError, isPlanFile, openPlan, planJson } from './plan-file.ts';
import { planGroup } from './plan-group.ts';
import type { PlannedGroup } from './planned-group.ts';
import type { PlannedRoster } from './planned-roster.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'plan-file-test-'));
  file = path.join(folder, 'plan.json');
});
afterEach(() => rm(folder, { recursive: true }));

const found = {
  byExternalId: [{ id: 'g', displayName: 'Old', externalId: 'a', memberIds: ['1', '2', '3'] }],
  byName: [],
};
const options = { policy: 'update', allowRemovals: true } as const;
const groups = [
  planGroup({ externalId: 'b', displayName: 'B', members: [{ id: '1' }] }, { byExternalId: [], byName: [] }, options),
  planGroup({ externalId: 'a', displayName: 'A', members: [{ id: '1' }, { id: '4' }] }, found, options),
  planGroup({ externalId: 'c', displayName: 'C', members: [] }, found, options),
];

interface Written {
  groups: PlannedGroup[];
  [key: string]: unknown;
}

const written = async (): Promise<Written> =>
  JSON.parse((await collect(planJson(await planned(groups)))).join('')) as Written;
const open = async (value: unknown): Promise<PlannedRoster> => {
  await writeFile(file, typeof value === 'string' ? value : JSON.stringify(value));
  return openPlan(file, { tmpFolder: folder, memoryLimit: 0 });
};

describe('a plan file', () => {
  it('counts what is done, and apart from it what is held', async () => {
    expect((await planned(groups)).totals).toEqual({
      groups: 3,
      byAction: { create: 1, adopt: 0, update: 1, unchanged: 0, conflict: 0, held: 1 },
      add: 2,
      remove: 2,
      renames: 1,
      heldRemovals: 3,
      kept: 0,
    });
  });

  it('gives the plan as it was, however the JSON is written', async () => {
    const { groups: read, close, ...plan } = await planned(groups);
    const made = await written();
    const turned = Object.fromEntries(Object.entries(made).reverse());
    for (const value of [made, JSON.stringify(made, undefined, 2), turned, `\ufeff${JSON.stringify(made)}`]) {
      const { groups: readBack, close: remove, ...opened } = await open(value);
      expect(opened).toEqual(plan);
      expect(await collect(readBack())).toEqual(await collect(read()));
      expect(await isPlanFile(file)).toBe(true);
      await remove();
    }
    await close();
    expect(await readdir(folder)).toEqual(['plan.json']);
  });

  it('takes further keys for output', async () => {
    const text = (await collect(planJson(await planned([]), { estimate: { requests: 1 } }))).join('');
    expect(JSON.parse(text)).toMatchObject({ groups: [], estimate: { requests: 1 } });
  });

  it('is refused if it was changed', async () => {
    const made = await written();
    const [first, second, third] = made.groups;
    const changes: readonly (readonly [Partial<Written>, RegExp])[] = [
      [{ options: { ...(made['options'] as object), policy: 'adopt' } }, /was changed/u],
      [{ totals: { ...(made['totals'] as object), remove: 0 } }, /was changed/u],
      [{ createdAt: '2026-01-02T00:00:00.000Z' }, /was changed/u],
      [{ groups: made.groups.slice(1) }, /was changed/u],
      [{ groups: [{ ...first, remove: ['9'] }, second, third] as PlannedGroup[] }, /was changed/u],
      [{ groups: [second, first, third] as PlannedGroup[] }, /\$\.groups\[1\].*order/u],
      [{ groups: [first, first, second, third] as PlannedGroup[] }, /\$\.groups\[1\].*order/u],
    ];
    for (const [change, message] of changes) {
      const opening = open({ ...made, ...change });
      await expect(opening).rejects.toThrow(message);
      await expect(opening).rejects.toBeInstanceOf(InvalidPlanError);
    }
    expect(await readdir(folder)).toEqual(['plan.json']);
  });

  it('is refused with where it is wrong', async () => {
    const made = await written();
    const [first, ...rest] = made.groups;
    // Of another version nothing is looked at but the version.
    await expect(open({ ...made, version: 0, groups: [{ members: 3 }] })).rejects.toThrow(
      /of version 0, and version 1 is read here. Make the plan again/u,
    );
    await expect(open({ ...made, version: 'x' })).rejects.toThrow(/version 1.*\n.*1\s+→ at version/su);
    await expect(open({ ...made, more: 1 })).rejects.toThrow(/more/u);
    await expect(open({ ...made, groups: [{ ...first, add: [1] }, ...rest] })).rejects.toThrow(
      /\$\.groups\[0\].*add\[0\]/su,
    );
    const text = JSON.stringify(made);
    await expect(open(text.slice(0, text.indexOf('totals')))).rejects.toThrow(/row 1, \$:.*cut off/u);
    const third = text.indexOf('{"externalId":"c"');
    await expect(open(text.slice(0, third + 20))).rejects.toThrow(/row 1, \$\.groups\[2\]:.*cut off/u);
    await expect(open(text.slice(0, third))).rejects.toThrow(/row 1, \$\.groups:.*cut off/u);
    await expect(open(text.slice(0, third - 1) + text.slice(third))).rejects.toThrow(
      /row 1, \$\.groups\[1\]: is not valid JSON: a comma/u,
    );
    await expect(open(text.replace('"externalId":"c"', '"externalId":c'))).rejects.toThrow(
      /\$\.groups\[2\] is not valid JSON/u,
    );
    await expect(open(text.replace('"externalId":"c"', '"externalId":"c'))).rejects.toThrow(/\$\.groups\[2\]/u);
    await expect(open(text.replace('"version":1', '"version":1,"version":1'))).rejects.toThrow(/twice/u);
    await expect(open(text.replace('"version":1', '"version":x'))).rejects.toThrow(/"version" is not valid JSON/u);
    await expect(openPlan(path.join(folder, 'none.json'))).rejects.toThrow(/ENOENT/u);
  });
});

describe('isPlanFile', () => {
  it.each([
    ['[{"roster": 1, "options": 2}]', false],
    ['{"groups": [{"roster": 1, "options": 2}]}', false],
    ['{"groups": [', false],
    ['no JSON', false],
    ['{"groups": [1, 2], "roster": {}, "options": {}}', true],
    ['{"roster": {}, "options": {}, "groups": [{"a"', true],
  ])('of %j is %s', async (text, expected) => {
    await writeFile(file, text);
    expect(await isPlanFile(file)).toBe(expected);
  });

  it('is false for a file that is not there', async () => {
    expect(await isPlanFile(file)).toBe(false);
  });
});
