import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { demoSeed } from '@scim-onboarding/genesys-simulator';
import { DeploymentNotFoundError, deploymentStatus, promote, ramp } from '@scim-onboarding/temporal-connection';
import { definition, startRig, type Rig } from './support/rig.ts';
import { startWorkerProcess } from './support/worker-process.ts';

const NAME = 'onboarding';
const ONBOARD = fileURLToPath(new URL('../../starter/dist/main.js', import.meta.url));
let rig: Rig;

beforeAll(async () => {
  rig = await startRig({ seed: demoSeed });
});
afterAll(() => rig.close());

function startBuild(buildId: string) {
  return startWorkerProcess(rig.env({ WORKER_DEPLOYMENT_NAME: NAME, WORKER_BUILD_ID: buildId }));
}

/** The command, as an operator runs it. */
function onboard(...args: string[]) {
  const env = { PATH: process.env['PATH'], ...rig.env() };
  return spawnSync(process.execPath, [ONBOARD, ...args], { env, encoding: 'utf8', timeout: 60_000 });
}

async function buildOf(externalId: string): Promise<unknown> {
  const { searchAttributes } = await rig.handle(externalId).describe();
  return searchAttributes['TemporalWorkerDeploymentVersion']?.[0];
}

async function stateOf(buildId: string): Promise<string | undefined> {
  const { versions } = await deploymentStatus(rig.client, NAME);
  return versions.find((version) => version.buildId === buildId)?.state;
}

it('a run stays on the build that it began on, while new runs go to the new build', { timeout: 120_000 }, async () => {
  await expect(deploymentStatus(rig.client, NAME)).rejects.toThrow(DeploymentNotFoundError);
  const first = await startBuild('build-1');

  // The trap: a versioned worker polls, and gets nothing until its version is current.
  const { workflowId } = await rig.onboarding.start(definition('pinned-1'));
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect((await rig.onboarding.status(workflowId, { queryDeadlineMs: 300 })).steps ?? []).toEqual([]);
  expect(await stateOf('build-1')).toBe('inactive');
  rig.simulator.addFault({
    kind: 'respond',
    match: { path: '/hris/webhook', bodyIncludes: '"pinned-1"' },
    times: 2,
    status: 503,
  });
  await promote(rig.client, NAME, 'build-1', 15_000);
  expect(await stateOf('build-1')).toBe('current');
  await expect.poll(async () => (await rig.onboarding.status('pinned-1')).stage, { timeout: 30_000 }).toBe('notifying');

  const second = await startBuild('build-2');
  const promoted = onboard('deploy', 'promote', 'build-2', '--json');
  expect(promoted, promoted.stderr).toMatchObject({ status: 0, stderr: expect.stringContaining('build-2 is current') });
  await rig.onboarding.start(definition('pinned-2'));
  expect(await rig.onboarding.result('pinned-2', { deadlineMs: 30_000 })).toMatchObject({ outcome: 'created' });
  expect(await buildOf('pinned-2')).toBe(`${NAME}:build-2`);

  // The old run is still open, and ends on the old build.
  expect(await rig.onboarding.result('pinned-1', { deadlineMs: 60_000 })).toMatchObject({
    outcome: 'created',
    webhook: { attempts: 3 },
  });
  expect(await buildOf('pinned-1')).toBe(`${NAME}:build-1`);
  const { versions } = await deploymentStatus(rig.client, NAME);
  expect(versions.find((version) => version.buildId === 'build-1')).toMatchObject({
    state: expect.stringMatching(/^drain/u),
    openRuns: 0,
  });

  expect(onboard('deploy', 'drain', 'build-1').stdout).toContain('its workers can be stopped');
  expect(onboard('deploy', 'drain', 'build-2')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('still gets new runs'),
  });
  expect(onboard('deploy', 'status').stdout).toMatch(/build-2 +current +0/u);

  await ramp(rig.client, NAME, { buildId: 'build-1', percentage: 30, waitMs: 5_000 });
  expect(
    (await deploymentStatus(rig.client, NAME)).versions.find(({ buildId }) => buildId === 'build-1'),
  ).toMatchObject({ state: 'ramping', percentage: 30 });
  await ramp(rig.client, NAME, { buildId: 'build-1', percentage: 0, waitMs: 5_000 });
  expect(await stateOf('build-2')).toBe('current');
  await expect(promote(rig.client, NAME, 'build-3', 500)).rejects.toThrow('build build-3');
  expect(await Promise.all([first.end('SIGTERM'), second.end('SIGTERM')])).toEqual([0, 0]);
});
