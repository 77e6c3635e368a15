import { activityInfo } from '@temporalio/activity';
import { FAILURE_TYPES } from '@scim-onboarding/onboarding-contract/workflow';
import { driftOf, inOrder, openRoster, planRoster, selectionOf, type PlannedRoster } from '@scim-onboarding/roster';
import type { PlannedJob, RosterJobActivities } from '../workflows/roster-job-activities.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { emptyRoster, withRosterFile } from './roster-file.ts';
import { checkedJob, rosterFailure, type CheckedJob } from './roster-job-failures.ts';
import { runActivity, type ActivityRun } from './run-activity.ts';
import { typedFailure } from './to-failure.ts';

/** Most groups of a scheduled roster. */
const MAX_GROUPS = 100_000;
/** Bounds of what goes into the history. */
const LISTED_HOLDS = 50;
const LISTED_GROUPS = 100;
const LISTED_LINES = 100;
const LINE = 500;

export function planRosterJob(deps: ActivityDependencies): RosterJobActivities['planRosterJob'] {
  return (input) =>
    runActivity(deps.metrics, async (run) => {
      const job = checkedJob(input);
      const { roster: path } = job;
      return withRosterFile({ folder: deps.rosters.folder, path }, run.signal, async ({ file }) => {
        const { plan, order } = await planFile(deps, job, file, run);
        try {
          const found = job.mode === 'drift' ? await compare(plan) : select(plan, order);
          const { byAction: actions } = plan.totals;
          const { digest } = plan.header.roster;
          return {
            digest,
            groups: order.length,
            actions,
            target: plan.header.target.name,
            ...found,
            ...(deps.webhook === undefined ? {} : { webhook: { giveUpAfterSeconds: deps.webhook.giveUpAfterSeconds } }),
          };
        } finally {
          await plan.close();
        }
      });
    });
}

/** One read of the directory answers all look-ups. It is made for this plan: one that a roster left could be minutes old. */
async function planFile(
  deps: ActivityDependencies,
  job: CheckedJob,
  file: string,
  { attempt, signal, progress }: ActivityRun,
): Promise<{ plan: PlannedRoster; order: readonly string[] }> {
  const { roster: path, tenant, mode, format, map } = job;
  const snapshot = `job:${activityInfo().workflowExecution?.runId ?? ''}:${attempt}`;
  const reading = openRoster(file, { rules: deps.rosters.rules, format, map });
  const { groups, order } = inOrder(reading.groups());
  const drift = mode === 'drift';
  try {
    const plan = await planRoster({
      groups,
      digest: reading.digest,
      target: await deps.snapshots.target(snapshot, signal),
      options: {
        file: path,
        tenant,
        // A comparison has to see members that only the target has, and names.
        policy: drift ? 'update' : (job.conflictPolicy ?? 'adopt'),
        allowRemovals: !drift && job.allowRemovals === true,
      },
      onPlanned(count) {
        if (count > MAX_GROUPS) throw tooManyGroups(path);
        progress({ planned: count });
      },
      signal,
    });
    if (order.length > 0) return { plan, order };
    await plan.close();
    throw emptyRoster(path);
  } catch (error) {
    throw rosterFailure(error, path);
  } finally {
    deps.snapshots.drop(snapshot);
  }
}

function tooManyGroups(path: string): Error {
  return typedFailure(
    FAILURE_TYPES.invalidRoster,
    `The roster ${JSON.stringify(path)} has more than ${MAX_GROUPS} groups. Nothing was changed.`,
    'Split it into several files, each with a schedule of its own.',
  );
}

/** What is to be onboarded, and what waits for a person: nobody is there who could approve. */
function select(plan: PlannedRoster, order: readonly string[]): Pick<PlannedJob, 'selection' | 'held'> {
  const held = plan.summaries.flatMap(({ externalId, action, reason = '' }) =>
    action === 'held' || action === 'conflict' ? [{ externalId, action, reason: reason.slice(0, LINE) }] : [],
  );
  return {
    selection: selectionOf(plan, order),
    ...(held.length === 0 ? {} : { held: held.slice(0, LISTED_HOLDS) }),
  };
}

async function compare(plan: PlannedRoster): Promise<Pick<PlannedJob, 'differences' | 'externalIds'>> {
  const lines: string[] = [];
  const externalIds: string[] = [];
  let count = 0;
  let groups = 0;
  for await (const group of plan.groups()) {
    const found = driftOf(group);
    if (found.length === 0) continue;
    count += found.length;
    groups += 1;
    if (externalIds.length < LISTED_GROUPS) externalIds.push(group.externalId);
    for (const line of found) if (lines.length < LISTED_LINES) lines.push(line.slice(0, LINE));
  }
  return { differences: { count, groups, lines }, externalIds };
}
