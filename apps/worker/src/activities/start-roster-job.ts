import { Context } from '@temporalio/activity';
import { startRoster } from '@scim-onboarding/onboarding-client';
import { FAILURE_TYPES } from '@scim-onboarding/onboarding-contract/workflow';
import { openRoster, selectedGroups, type ActiveGroup } from '@scim-onboarding/roster';
import type { RosterJobActivities } from '../workflows/roster-job-activities.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { withRosterFile } from './roster-file.ts';
import { checkedJob, rosterFailure } from './roster-job-failures.ts';
import { runActivity } from './run-activity.ts';
import { typedFailure } from './to-failure.ts';

export function startRosterJob(deps: ActivityDependencies): RosterJobActivities['startRosterJob'] {
  return ({ job: given, startId, digest, selection }) =>
    runActivity(deps.metrics, async ({ signal, progress }) => {
      const job = checkedJob(given);
      const { roster: path, tenant, format, map } = job;
      return withRosterFile({ folder: deps.rosters.folder, path }, signal, async (copy) => {
        if (copy.digest !== digest) {
          throw typedFailure(
            FAILURE_TYPES.rosterChanged,
            `The roster ${JSON.stringify(path)} was written anew after it was planned. Nothing was started.`,
            'Nothing: it is planned again. If it lasts, write the file at a time when no run is due.',
          );
        }
        const reading = openRoster(copy.file, { rules: deps.rosters.rules, format, map });
        try {
          const { rosterId, joined } = await startRoster(
            Context.current().client,
            untilAborted(selectedGroups(selection, reading), signal),
            {
              name: path,
              digest,
              groups: selection.groups,
              conflictPolicy: job.conflictPolicy ?? 'adopt',
              allowRemovals: job.allowRemovals === true,
              tenant,
              startId,
              onPart: (part, parts) => progress({ part, parts }),
            },
          );
          return { rosterId, joined };
        } catch (error) {
          throw rosterFailure(error, path);
        }
      });
    });
}

/** A job that is cancelled, or whose worker stops, hands over no further part. */
async function* untilAborted(groups: AsyncIterable<ActiveGroup>, signal: AbortSignal): AsyncGenerator<ActiveGroup> {
  for await (const group of groups) {
    signal.throwIfAborted();
    yield group;
  }
}
