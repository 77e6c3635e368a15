import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { GROUPS_PER_PART, TASK_QUEUES } from '@scim-onboarding/onboarding-contract';
import type { Environment } from './environment.ts';
import { closedRuns, describeRuns, measure } from './measured-runs.ts';
import type { Measurement } from './measurement.ts';
import { startPoller } from './worker.ts';

const WORKER = fileURLToPath(new URL('../dist/floor/worker-main.js', import.meta.url));

/** Task queues of the steps of a plain onboarding in a roster: validate, create, tell the HRIS, record. */
const FLOOR_STEPS = [TASK_QUEUES.target, TASK_QUEUES.target, TASK_QUEUES.webhooks, TASK_QUEUES.onboarding];

/** Groups at work at a time in one part, and parts at a time: the defaults of a roster. */
const WINDOW = 10;
const PARTS_AT_ONCE = 4;

/** (d) Temporal alone: as many runs, with as many activities that do nothing, and as many at a time. */
export async function runFloor(environment: Environment, groups: number): Promise<Measurement> {
  const { client, serverPid } = environment;
  const worker = await startPoller(environment, WORKER);
  try {
    const since = new Date();
    const measured = await measure([worker], serverPid, groups, () => runParts(client, groups));
    const runs = await closedRuns(client, 'floorGroup', since, groups);
    return { way: 'floor', ...measured, ...(await describeRuns(client, runs)) };
  } finally {
    await worker.stop();
  }
}

async function runParts(client: Environment['client'], groups: number): Promise<void> {
  const sizes: number[] = [];
  for (let left = groups; left > 0; left -= GROUPS_PER_PART) sizes.push(Math.min(GROUPS_PER_PART, left));
  const runNext = async (): Promise<void> => {
    for (let size = sizes.shift(); size !== undefined; size = sizes.shift()) {
      await client.workflow.execute('floorRoster', {
        workflowId: `floor-${randomUUID()}`,
        taskQueue: TASK_QUEUES.onboarding,
        args: [{ groups: size, window: WINDOW, steps: FLOOR_STEPS }],
      });
    }
  };
  await Promise.all(Array.from({ length: PARTS_AT_ONCE }, runNext));
}
