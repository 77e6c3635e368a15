import { randomBytes } from 'node:crypto';
import {
  GROUPS_PER_PART,
  ONBOARD_GROUP_WORKFLOW,
  ONBOARD_ROSTER_WORKFLOW,
  ROSTER_PART_WORKFLOW,
} from '@scim-onboarding/onboarding-contract';
import { applyRoster } from './apply-roster.ts';
import { startTarget, type Environment } from './environment.ts';
import { closedRuns, describeRuns, measure, readCost } from './measured-runs.ts';
import { requestsAt, round, type Measurement } from './measurement.ts';
import type { Program } from './program.ts';
import type { SampleRoster } from './sample-roster.ts';
import { startWorker } from './worker.ts';

/** (b), (c) The roster, by one or two worker processes. */
export async function runWorkers(
  environment: Environment,
  roster: SampleRoster,
  count: 1 | 2,
  ratePerMinute: number | undefined,
): Promise<Measurement> {
  const { client, folder, serverPid } = environment;
  const groups = roster.groups.length;
  const target = await startTarget(roster, folder, ratePerMinute);
  const digest = randomBytes(32).toString('hex');
  const workers: Program[] = [];
  try {
    for (let index = 0; index < count; index++)
      workers.push(await startWorker(environment, target, `audit-${digest.slice(0, 8)}.jsonl`));
    const since = new Date();
    const measured = await measure(workers, serverPid, groups, () => applyRoster(client, roster, digest));
    const runs = await closedRuns(client, ONBOARD_GROUP_WORKFLOW, since, groups);
    return {
      way: count === 1 ? 'one worker' : 'two workers',
      ...measured,
      ...(await requestsAt(target, groups)),
      ...(await describeRuns(client, runs)),
      rosterActionsPerGroup: round((await rosterActions(environment, since, groups)) / groups, 2),
    };
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
    await target.stop();
  }
}

/** Actions of the roster and its parts. Their orders for children are counted at the children. */
async function rosterActions({ client }: Environment, since: Date, groups: number): Promise<number> {
  const parts = Math.ceil(groups / GROUPS_PER_PART);
  const runs = [
    ...(await closedRuns(client, ONBOARD_ROSTER_WORKFLOW, since, 1)),
    ...(await closedRuns(client, ROSTER_PART_WORKFLOW, since, parts)),
  ];
  const costs = await Promise.all(runs.map((run) => readCost(client, run)));
  return costs.reduce((sum, { actions }) => sum + actions, 0);
}
