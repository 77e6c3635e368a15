import { createRosterSchedules } from '@scim-onboarding/onboarding-client';
import { rosterPathProblem, type ConflictPolicy, type RosterJobMode } from '@scim-onboarding/onboarding-contract';
import type { RosterFormat } from '@scim-onboarding/roster';
import { CliError } from '../../cli-error.ts';
import { columnMap } from '../../column-map.ts';
import { withTemporal, type Context } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';

export interface CreateFlags {
  readonly cron: string;
  readonly roster: string;
  readonly mode: RosterJobMode;
  readonly timeZone: string;
  readonly conflictPolicy?: ConflictPolicy;
  readonly allowRemovals?: boolean;
  readonly format?: RosterFormat;
  readonly map?: string;
  readonly note?: string;
  readonly tenant?: string;
}

/** `onboard schedule create`. The file itself is looked at by the worker, when its time comes. */
export async function createSchedule(context: Context, id: string, flags: CreateFlags): Promise<ExitCode> {
  const { output, settings } = context;
  const { cron, roster, mode, timeZone, conflictPolicy, allowRemovals, format, map, note } = flags;
  checkFlags(flags);
  const { schedule, created } = await withTemporal(context.env, ({ client }) =>
    createRosterSchedules(client).create(id, {
      cron,
      timeZone,
      note,
      job: {
        tenant: flags.tenant ?? settings.tenant,
        roster,
        mode,
        ...(conflictPolicy === undefined ? {} : { conflictPolicy }),
        ...(allowRemovals === undefined ? {} : { allowRemovals }),
        ...(format === undefined ? {} : { format }),
        ...(map === undefined ? {} : { map }),
      },
    }),
  );
  output.line(created ? `✓ Created the schedule ${id}` : `The schedule ${id} exists already, with the same content`);
  output.line(`  ${mode} ${roster}, at ${schedule.cron} (${schedule.timeZone})`);
  const [next] = schedule.next;
  if (next === undefined) output.line('! This expression never comes due');
  else if (schedule.paused) output.line(`! It is paused: onboard schedule resume ${id}`);
  else output.line(`  next ${next}`);
  output.json({ created, schedule });
  return EXIT.done;
}

/** What can be told without a server. */
function checkFlags({ roster, map, mode, conflictPolicy, allowRemovals }: CreateFlags): void {
  const problem = rosterPathProblem(roster);
  if (problem !== undefined) {
    throw new CliError(EXIT.usage, {
      type: 'InvalidArgument',
      message: `The path of the roster ${JSON.stringify(roster)} is refused: ${problem}. Nothing was created.`,
      hint: "Name a file below the worker's ROSTER_FOLDER, for example --roster hr/roster.csv.",
    });
  }
  if (map !== undefined) columnMap(map);
  if (mode === 'drift' && (conflictPolicy !== undefined || allowRemovals === true)) {
    throw new CliError(EXIT.usage, {
      type: 'Usage',
      message: '--conflict-policy and --allow-removals are for --mode apply: a comparison changes nothing.',
      hint: 'Leave them out.',
    });
  }
}
