import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRoster, planJson, planRoster } from '@scim-onboarding/roster';
import { DEFAULT_RULES } from '@scim-onboarding/scim-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runOnboard } from './run-onboard.ts';

let folder: string;
let plan: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plan-file-'));
  const roster = join(folder, 'roster.csv');
  const rows = Array.from({ length: 9 }, (_, at) => `g${at},Group_${at},user-${at}`);
  await writeFile(roster, `externalId,displayName,memberId\n${rows.join('\n')}\n`);
  const reading = openRoster(roster, { rules: DEFAULT_RULES });
  const made = await planRoster({
    groups: reading.groups(),
    digest: reading.digest,
    target: {
      capabilities: { name: 'scim' },
      findByExternalId: () => Promise.resolve([]),
      findByDisplayName: () => Promise.resolve([]),
    },
    options: { file: roster, tenant: 'default', policy: 'adopt', allowRemovals: false },
  });
  plan = '';
  for await (const part of planJson(made)) plan += part;
  await made.close();
});
afterAll(() => rm(folder, { recursive: true }));

const seventh = '{"externalId":"g6"';

// Neither Temporal nor a target is there: what got further would end with another exit code.
it.each<[what: string, change: (text: string) => string, message: RegExp]>([
  ['of an older version', (text) => text.replace('"version":1', '"version":0'), /of version 0, and version 1 is read/u],
  ['cut off', (text) => text.slice(0, text.indexOf(seventh) + 30), /row 1, \$\.groups\[6\]: .*cut off/u],
  ['wrong at group 7', (text) => text.replace(seventh, '{"externalId":g6'), /\$\.groups\[6\] is not valid JSON/u],
  ['without a comma', (text) => text.replace(`,${seventh}`, seventh), /\$\.groups\[5\]: .*a comma or \] is expected/u],
  ['of wrong types', (text) => text.replace(/("g6".*?"add":)\[/u, '$1[7,'), /\$\.groups\[6\]:\n.*\n.*add\[0\]/u],
  ['edited by hand', (text) => text.replace('"user-6"', '"user-7"'), /was changed after it was made/u],
])('a plan that is %s is refused with the place and what to do', async (_what, change, message) => {
  const changed = change(plan);
  expect(changed).not.toBe(plan);
  const file = join(folder, 'plan.json');
  await writeFile(file, changed);
  const env = { TMPDIR: folder, TEMPORAL_ADDRESS: '127.0.0.1:1' };
  const ended = await runOnboard(['apply', file, '--yes'], { env });
  expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(`✗ InvalidPlan: ${file}: `) });
  expect(ended.stderr).toMatch(message);
  expect(ended.stderr).toContain('→ Make the plan again: onboard plan <roster> --out plan.json.');
  const asJson = await runOnboard(['apply', file, '--yes', '--json'], { env });
  expect(JSON.parse(asJson.stdout)).toMatchObject({ error: { type: 'InvalidPlan' } });
  expect((await readdir(folder)).sort()).toEqual(['plan.json', 'roster.csv']);
});
