import { CONFLICT_POLICIES, OUTCOMES } from '@scim-onboarding/onboarding-contract';
import { ROSTER_FORMATS } from '@scim-onboarding/roster';
import { Option, type Command } from 'commander';
import { apply, type ApplyFlags } from './commands/roster/apply.ts';
import { cancelRoster, pauseRoster, watchRoster, type CancelRosterFlags } from './commands/roster/control.ts';
import { listRosters, showRoster, type ListRostersFlags, type ShowRosterFlags } from './commands/roster/list.ts';
import { DEFAULT_RATE, type PlanFlags } from './commands/roster/make-plan.ts';
import { drift, plan, type PlanCommandFlags } from './commands/roster/plan.ts';
import { retryRoster, type RetryFlags } from './commands/roster/retry.ts';
import { JSON_HELP, parseCount, TENANT_HELP } from './option-values.ts';
import type { Program } from './operator-commands.ts';

const ROSTER_HELP = 'CSV, JSON or NDJSON file of groups';
const ID_HELP = 'id that apply printed';

/** Adds the commands for rosters: files of many groups. */
export function addRosterCommands(program: Command, { context, exit }: Program): void {
  planned(program.command('plan').description('show what a roster would do; write nothing'))
    .option('--out <file>', 'write the plan, for onboard apply')
    .option('--verbose', 'list all groups, and members by id')
    .action(async (file: string, flags: PlanCommandFlags) => exit(await plan(context(), file, flags)));

  planned(program.command('apply').description('onboard the groups of a roster, or do exactly what a plan says'))
    .option('--yes', 'do not ask')
    .option('--approve <digest>', 'do what is held too: the digest that the plan shows')
    .option('--report <folder>', 'write report.html, report.csv and report.json there')
    .option('--detach', 'do not wait')
    .action(async (file: string, flags: ApplyFlags) => exit(await apply(context(), file, flags)));

  planned(
    program
      .command('drift')
      .description('show what differs between a roster and the target; exit code 1 if anything does'),
  ).action(async (file: string, flags: PlanFlags) => exit(await drift(context(), file, flags)));

  const roster = program.command('roster').description('follow and control rosters that were applied');
  const one = (name: string, does: string): Command =>
    roster.command(name).description(does).argument('<rosterId>', ID_HELP).option('--json', JSON_HELP);
  one('watch', 'show the progress until its groups are settled').action(async (id: string) =>
    exit(await watchRoster(context(), id)),
  );
  one('show', 'show what became of each group')
    .addOption(
      new Option('--outcome <outcome>', 'groups with this outcome').choices([...OUTCOMES, 'blocked', 'not-started']),
    )
    .action(async (id: string, flags: ShowRosterFlags) => exit(await showRoster(context(), id, flags)));
  one('pause', 'begin no further group').action(async (id: string) => exit(await pauseRoster(context(), id, true)));
  one('resume', 'begin groups again').action(async (id: string) => exit(await pauseRoster(context(), id, false)));
  one('cancel', 'begin no further group for good; those at work finish')
    .option('--with-groups', 'cancel groups at work too')
    .option('--detach', 'do not wait')
    .action(async (id: string, flags: CancelRosterFlags) => exit(await cancelRoster(context(), id, flags)));
  one('retry', 'run groups of an ended roster again that failed, were cancelled or were not started')
    .option('--yes', 'do not ask')
    .option('--detach', 'do not wait')
    .action(async (id: string, flags: RetryFlags) => exit(await retryRoster(context(), id, flags)));
  roster
    .command('list')
    .description('list rosters: the open ones first, then those that ended last')
    .option('--open', 'that are open')
    .option('--tenant <tenant>', 'of this tenant; default: of all')
    .option('--limit <n>', 'rosters at most', parseCount, 20)
    .option('--json', JSON_HELP)
    .action(async (flags: ListRostersFlags) => exit(await listRosters(context(), flags)));
}

function planned(command: Command): Command {
  return command
    .argument('<roster>', ROSTER_HELP)
    .addOption(new Option('--format <format>', 'default: by the file').choices(ROSTER_FORMATS))
    .option('--map <columns>', 'names of the columns, for example "externalId=Team ID,displayName=Team"')
    .addOption(new Option('--conflict-policy <policy>', 'what to do with groups that exist').choices(CONFLICT_POLICIES))
    .option('--allow-removals', 'with the policy update: remove members that the roster does not have')
    .option('--rate <n>', 'requests a minute that the target allows, for the estimate', parseCount, DEFAULT_RATE)
    .option('--tenant <tenant>', TENANT_HELP)
    .option('--json', JSON_HELP);
}
