import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { ONBOARD_GROUP_WORKFLOW } from '@scim-onboarding/onboarding-contract';
import { applyRoster } from './apply-roster.ts';
import type { Environment } from './environment.ts';
import { closedRuns, describeRuns, measure } from './measured-runs.ts';
import type { Measurement } from './measurement.ts';
import type { SampleRoster } from './sample-roster.ts';
import { startPoller } from './worker.ts';

const WORKER = fileURLToPath(new URL('../dist/empty-worker-main.js', import.meta.url));

/** (e) The workflows of this project with activities that do nothing: what the workflow code alone costs over the floor. */
export async function runEmpty(environment: Environment, roster: SampleRoster): Promise<Measurement> {
  const { client, serverPid } = environment;
  const groups = roster.groups.length;
  const worker = await startPoller(environment, WORKER);
  try {
    const since = new Date();
    const digest = randomBytes(32).toString('hex');
    const measured = await measure([worker], serverPid, groups, () => applyRoster(client, roster, digest));
    const runs = await closedRuns(client, ONBOARD_GROUP_WORKFLOW, since, groups);
    return { way: 'empty steps', ...measured, ...(await describeRuns(client, runs)) };
  } finally {
    await worker.stop();
  }
}
