import { CONFLICT_POLICIES, ROSTER_JOB_MODES } from '@scim-onboarding/onboarding-contract';
import { ROSTER_FORMATS } from '@scim-onboarding/roster';
import { Option, type Command } from 'commander';
import { createSchedule, type CreateFlags } from './commands/schedule/create.ts';
import { deleteSchedule, pauseSchedule, resumeSchedule, triggerSchedule } from './commands/schedule/change.ts';
import { listSchedules, showSchedule } from './commands/schedule/show.ts';
import type { Program } from './operator-commands.ts';
import { JSON_HELP, TENANT_HELP } from './option-values.ts';

/** Adds the commands for rosters that run by themselves. */
export function addScheduleCommands(program: Command, { context, exit }: Program): void {
  const schedule = program.command('schedule').description('run rosters at set times, by Temporal Schedules');
  const one = (name: string, does: string): Command =>
    schedule.command(name).description(does).argument('<id>', 'id of the schedule').option('--json', JSON_HELP);

  one('create', 'apply or compare a roster at set times')
    .requiredOption('--cron <expression>', 'minute, hour, day of month, month, day of week, for example "0 2 * * 1-5"')
    .requiredOption('--roster <path>', "file below the worker's ROSTER_FOLDER")
    .addOption(new Option('--mode <mode>', 'onboard, or only compare').choices(ROSTER_JOB_MODES).default('apply'))
    .option('--time-zone <zone>', 'name of the IANA database, for example Europe/Berlin', 'UTC')
    .addOption(
      new Option('--conflict-policy <policy>', 'what to do with groups that exist; default: adopt').choices(
        CONFLICT_POLICIES,
      ),
    )
    .option('--allow-removals', 'with the policy update: remove members that the roster does not have')
    .addOption(new Option('--format <format>', 'default: by the file').choices(ROSTER_FORMATS))
    .option('--map <columns>', 'names of the columns, for example "externalId=Team ID,displayName=Team"')
    .option('--note <text>', 'for people; shown in the Temporal UI')
    .option('--tenant <tenant>', TENANT_HELP)
    .action(async (id: string, flags: CreateFlags) => exit(await createSchedule(context(), id, flags)));

  schedule
    .command('list')
    .description('list the schedules with their next times')
    .option('--json', JSON_HELP)
    .action(async () => exit(await listSchedules(context())));

  one('show', 'show next times, and the last runs with what came of them').action(async (id: string) =>
    exit(await showSchedule(context(), id)),
  );
  one('trigger', 'start a run now, unless one is open').action(async (id: string) =>
    exit(await triggerSchedule(context(), id)),
  );
  one('pause', 'start no run until resume')
    .option('--note <text>', 'why; shown in the Temporal UI')
    .action(async (id: string, flags: { note?: string }) => exit(await pauseSchedule(context(), id, flags.note)));
  one('resume', 'start runs again').action(async (id: string) => exit(await resumeSchedule(context(), id)));
  one('delete', 'remove the schedule; open runs go on').action(async (id: string) =>
    exit(await deleteSchedule(context(), id)),
  );
}
