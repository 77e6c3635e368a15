import { spawn, spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { ONBOARD, startDevStack } from './support/dev-stack.ts';

const USERS = ['a1b2c3d4-e5f6-7890-abcd-ef1234567890', 'b2c3d4e5-f6a7-8901-bcde-f12345678901'];
const MAP = ['--map', 'externalId=Team ID,displayName=Team,memberId=User'];

it('a roster is planned, applied, applied again, and compared', { timeout: 120_000 }, async () => {
  const { folder, env } = await startDevStack();
  const onboard = (...args: string[]) =>
    spawnSync(process.execPath, [ONBOARD, ...args], { cwd: folder, env, encoding: 'utf8', timeout: 60_000 });
  const rows = Array.from({ length: 30 }, (_unused, index) =>
    USERS.map((user) => `hr-${index},Team_${index},${user}`),
  ).flat();
  await writeFile(join(folder, 'roster.csv'), `\ufeffTeam ID,Team,User\r\n${rows.join('\r\n')}\r\n`);

  await writeFile(join(folder, 'bad.csv'), 'Team ID,Team,User\nhr-1,Not a name!,u1\n,Nameless,u2\n');
  const bad = onboard('plan', 'bad.csv', ...MAP);
  expect(bad.status).toBe(2);
  expect(bad.stderr).toMatch(/row 2.*invalid_name/u);
  expect(bad.stderr).toMatch(/row 3.*Team ID/u);

  const planned = onboard('plan', 'roster.csv', ...MAP, '--out', 'plan.json');
  expect(planned.stdout, planned.stderr).toContain('30 groups: 30 create; 60 members added, 0 removed');

  // The file is another one since, or is read in another way: nothing is started.
  const roster = await readFile(join(folder, 'roster.csv'), 'utf8');
  const refused = (what: string, ...flags: string[]) => {
    const ended = onboard('apply', 'plan.json', ...flags, '--yes');
    expect(ended).toMatchObject({ status: 2, stderr: expect.stringContaining('RosterChanged') });
    expect(ended.stderr).toContain(what);
    expect(ended.stdout).not.toContain('Started');
  };
  await writeFile(join(folder, 'roster.csv'), roster.replace(USERS[1] ?? '', USERS[0] ?? ''));
  refused('roster.csv is not the file that was planned', ...MAP);
  await writeFile(join(folder, 'roster.csv'), roster);
  refused('gives another group', '--map', 'externalId=Team ID,displayName=Team ID,memberId=User');

  await interruptedPlan(folder, env);

  const applied = onboard('apply', 'plan.json', ...MAP, '--yes', '--report', 'report');
  expect(applied.status, applied.stderr).toBe(0);
  expect(applied.stdout).toContain('30/30  30 done, 0 blocked, 0 failed');
  const html = await readFile(join(folder, 'report', 'report.html'), 'utf8');
  expect(html).toContain('hr-29');
  expect((await readFile(join(folder, 'report', 'report.csv'), 'utf8')).trim().split('\n')).toHaveLength(31);

  // The plan is about a directory that is another one now; the roster itself is done.
  expect(onboard('apply', 'plan.json', ...MAP, '--yes')).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('since the plan was made'),
  });
  expect(onboard('apply', 'roster.csv', ...MAP, '--yes')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('30 unchanged'),
  });
  expect(onboard('drift', 'roster.csv', ...MAP)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('as the roster has them'),
  });

  await writeFile(join(folder, 'roster.csv'), `Team ID,Team,User\nhr-0,Team_0,${USERS[0]}\n`);
  const drift = onboard('drift', 'roster.csv', ...MAP);
  expect(drift).toMatchObject({ status: 1, stdout: expect.stringContaining(USERS[1] ?? '') });
  const update = ['--conflict-policy', 'update', '--allow-removals'];
  const nobody = onboard('apply', 'roster.csv', ...MAP, ...update);
  expect(nobody).toMatchObject({ status: 2, stderr: expect.stringContaining('nobody can be asked') });
  expect(onboard('apply', 'roster.csv', ...MAP, ...update, '--yes').status).toBe(0);
  expect(onboard('drift', 'roster.csv', ...MAP).status).toBe(0);
});

/** Ctrl-C while rows of CSV are read, which are in temporary files then. */
async function interruptedPlan(folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  const tmp = join(folder, 'tmp');
  await mkdir(tmp);
  const rows = Array.from({ length: 400_000 }, (_, at) => `${at % 400},Team_${at % 400},user-${at}\n`);
  await writeFile(join(folder, 'large.csv'), `Team ID,Team,User\n${rows.join('')}`);
  const child = spawn(process.execPath, [ONBOARD, 'plan', 'large.csv', ...MAP, '--out', 'large.json'], {
    cwd: folder,
    env: { ...env, TMPDIR: tmp, TMP: tmp, TEMP: tmp },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  await vi.waitUntil(async () => (await readdir(tmp)).length > 0, { timeout: 30_000, interval: 10 });
  child.kill('SIGINT');
  expect(await ended, stderr).toBe(130);
  expect(stderr).toContain('Nothing was started');
  expect(await readdir(tmp)).toEqual([]);
  expect(await readdir(folder)).not.toContain('large.json');
}
