import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { controlOf } from '@scim-onboarding/genesys-simulator';
import { connectClient } from '@scim-onboarding/temporal-connection';
import { expect, it } from 'vitest';
import { ONBOARD, startDevStack } from './support/dev-stack.ts';

const GROUPS = 14;

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

it('a roster is joined, paused, watched, cancelled, shown and tried again', { timeout: 180_000 }, async () => {
  const { folder, env } = await startDevStack();
  const onboard = (args: readonly string[], onOutput?: (text: string, kill: () => void) => void): Promise<Ended> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [ONBOARD, ...args], {
        cwd: folder,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
        onOutput?.(stdout, () => child.kill('SIGINT'));
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      child.once('close', (status) => resolve({ status, stdout, stderr }));
    });
  const rows = Array.from(
    { length: GROUPS },
    (_unused, index) => `hr-${index},Team_${index},a1b2c3d4-e5f6-7890-abcd-ef1234567890`,
  );
  await writeFile(join(folder, 'roster.csv'), `Team ID,Team,User\n${rows.join('\n')}\n`);
  const apply = [
    'apply',
    'roster.csv',
    '--map',
    'externalId=Team ID,displayName=Team,memberId=User',
    '--yes',
    '--detach',
  ];

  // No group can be created: ten are at work, the others were not begun.
  const note = parseEnv(await readFile(join(folder, '.cache', 'onboarding-dev.env'), 'utf8'));
  const simulator = controlOf(note['GENESYS_API_URL'] ?? '');
  await simulator.addFault({
    kind: 'respond',
    status: 503,
    times: 'always',
    match: { method: 'POST', path: '/groups' },
  });
  const applied = await onboard([...apply, '--json']);
  const { rosterId, joined } = JSON.parse(applied.stdout) as { rosterId: string; joined: boolean };
  expect({ joined, status: applied.status }).toEqual({ joined: false, status: 0 });
  expect(await onboard(apply)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining(`Joined the open run of the roster ${rosterId}`),
  });

  expect(await onboard(['roster', 'pause', rosterId])).toMatchObject({ status: 0 });
  const list = await onboard(['roster', 'list']);
  expect(list.stdout).toMatch(new RegExp(`${rosterId} +paused +0/${GROUPS} .*roster\\.csv`, 'u'));
  expect(await onboard(['roster', 'resume', rosterId])).toMatchObject({ status: 0 });

  const watched = await onboard(['watch', rosterId], (text, kill) => void (text.includes(`0/${GROUPS}`) && kill()));
  expect(watched).toMatchObject({
    status: 130,
    stderr: expect.stringContaining(`Attach again: onboard watch ${rosterId}`),
  });

  const early = await onboard(['roster', 'retry', rosterId, '--yes']);
  expect(early).toMatchObject({ status: 2, stderr: expect.stringContaining(`onboard roster cancel ${rosterId}`) });
  expect(await onboard(['watch', 'hr-1'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('onboard show'),
  });

  const cancelled = await onboard(['roster', 'cancel', rosterId, '--with-groups', '--json']);
  expect(cancelled.status, cancelled.stderr).toBe(0);
  expect(JSON.parse(cancelled.stdout)).toMatchObject({
    rosterId,
    withGroups: true,
    progress: { counts: { cancelled: 10, 'not-started': 4 } },
  });
  expect(await onboard(['roster', 'cancel', rosterId])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('has ended already'),
  });

  await simulator.clearFaults();
  const asked = await onboard(['roster', 'retry', rosterId]);
  expect(asked).toMatchObject({ status: 2, stderr: expect.stringContaining('nobody can be asked') });
  expect(asked.stdout).toContain('0 failed, 10 cancelled, 4 not started');
  const retried = await onboard(['roster', 'retry', rosterId, '--yes', '--json']);
  expect(retried.status, retried.stderr).toBe(0);
  expect(JSON.parse(retried.stdout)).toMatchObject({ started: GROUPS, progress: { counts: { created: GROUPS } } });
  const nothing = await onboard(['roster', 'retry', rosterId]);
  expect(nothing).toMatchObject({ status: 0, stdout: expect.stringContaining('Nothing to do') });

  const shown = await onboard(['roster', 'show', rosterId, '--outcome', 'created', '--json']);
  const { groups } = JSON.parse(shown.stdout) as { groups: { externalId: string; workflowId: string }[] };
  expect(groups).toHaveLength(GROUPS);
  expect(groups[0]).toMatchObject({ workflowId: `onboard-group:default:${groups[0]?.externalId}` });
  expect(await onboard(['watch', rosterId])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining(`${GROUPS}/${GROUPS}  ${GROUPS} done`),
  });

  // A roster whose workflow somebody terminates would never be through.
  await simulator.addFault({
    kind: 'respond',
    status: 503,
    times: 'always',
    match: { method: 'POST', path: '/groups' },
  });
  await writeFile(join(folder, 'roster.csv'), 'Team ID,Team,User\nhr-x,Team_x,a1b2c3d4-e5f6-7890-abcd-ef1234567890\n');
  const other = JSON.parse((await onboard([...apply, '--json'])).stdout) as { rosterId: string };
  const temporal = await connectClient({ env: note });
  await temporal.client.workflow.getHandle(other.rosterId).terminate('a test');
  await temporal.close();
  expect(await onboard(['watch', other.rosterId])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('RosterEnded'),
  });
  expect(await onboard(['roster', 'cancel', other.rosterId, '--with-groups'])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('1 parts of it are told'),
  });
});
