import { OUTCOMES, STAGES } from '@scim-onboarding/onboarding-contract';
import { Option, type Command } from 'commander';
import { cancel, type CancelFlags } from './commands/cancel.ts';
import { deployDrain, deployPromote, deployRamp, deployStatus, type DeployFlags } from './commands/deploy.ts';
import { history, type HistoryFlags } from './commands/history.ts';
import { list, type FilterFlags } from './commands/list.ts';
import { reset, type ResetFlags } from './commands/reset.ts';
import { resolve, type ResolveFlags } from './commands/resolve.ts';
import { watchRoster } from './commands/roster/control.ts';
import { show, type ShowFlags } from './commands/show.ts';
import { pause, resume, retryNow, type StepFlags } from './commands/steps.ts';
import { watch, type WatchFlags } from './commands/watch.ts';
import type { Context } from './context.ts';
import type { ExitCode } from './exit-codes.ts';
import { ID_HELP, JSON_HELP, parseCount, parsePercent, parseSeconds, TENANT_HELP } from './option-values.ts';

/** What a command needs of the program. */
export interface Program {
  readonly context: () => Context;
  readonly exit: (code: ExitCode) => void;
}

/** Adds the commands that look at runs. */
export function addLookingCommands(program: Command, { context, exit }: Program): void {
  filters(program.command('list').description('list runs: the open ones first, then those that ended last'), 50)
    .option('--json', JSON_HELP)
    .action(async (flags: FilterFlags) => exit(await list(context(), flags)));

  program
    .command('show')
    .description('tell the story of a run: steps with attempts and failures, decisions, result')
    .argument('<id>', ID_HELP)
    .option('--run <runId>', 'default: the newest run')
    .option('--tenant <tenant>', TENANT_HELP)
    .option('--json', JSON_HELP)
    .action(async (id: string, flags: ShowFlags) => exit(await show(context(), id, flags)));

  filters(program.command('watch').description('follow runs until Ctrl-C, or a roster until it is through'), 30)
    .argument('[rosterId]', 'roster that apply started; without it: runs')
    .option('--interval <seconds>', 'time between two looks', parseSeconds, 2)
    .option('--json', 'print one JSON object for each change')
    .action(async (rosterId: string | undefined, flags: WatchFlags) =>
      exit(rosterId === undefined ? await watch(context(), flags) : await watchRoster(context(), rosterId)),
    );

  program
    .command('history')
    .description('print the history of a run as protobuf JSON, for a replay or an archive')
    .argument('<id>', ID_HELP)
    .option('--run <runId>', 'default: the newest run')
    .option('--out <file>', 'write it to this file, which only you can read')
    .option('--redact', 'replace member ids, e-mails, names of people and stack traces; it still replays')
    .option('--tenant <tenant>', TENANT_HELP)
    .option('--json', JSON_HELP)
    .action(async (id: string, flags: HistoryFlags) => exit(await history(context(), id, flags)));
}

/** Adds the commands that change runs. */
export function addChangingCommands(program: Command, { context, exit }: Program): void {
  runs(program.command('resolve').description('decide about a blocked run'))
    .option('--retry', 'try the step again')
    .option('--definition <file>', 'with --retry: a corrected definition of the same group; - for stdin')
    .option('--allow-removals', 'with --retry: remove as many members as the definition asks for')
    .option('--skip', 'go on without the step')
    .option('--adopt <groupId>', 'take this group over')
    .option('--abort', 'end the run, blocked or not')
    .option('--compensate', 'with --abort: delete the group if the run created it')
    .option('--by <name>', 'who decides; default: USER')
    .action(async (id: string | undefined, flags: ResolveFlags) => exit(await resolve(context(), id, flags)));

  runs(program.command('retry-now').description('begin the next attempt of a step now'))
    .option('--step <activityId>', 'default: every step that waits')
    .action(async (id: string | undefined, flags: StepFlags) => exit(await retryNow(context(), id, flags)));

  runs(program.command('pause').description('let the pending steps begin no further attempt'))
    .option('--step <activityId>', 'default: every pending step')
    .option('--reason <text>', 'shown in the Temporal UI')
    .action(async (id: string | undefined, flags: StepFlags) => exit(await pause(context(), id, flags)));

  runs(program.command('resume').description('let paused steps go on'))
    .option('--step <activityId>', 'default: every paused step')
    .action(async (id: string | undefined, flags: StepFlags) => exit(await resume(context(), id, flags)));

  runs(program.command('cancel').description('ask a run to end; what was written stays'))
    .option('--compensate', 'delete the group if the run created it')
    .option('--by <name>', 'who asks, with --compensate; default: USER')
    .action(async (id: string | undefined, flags: CancelFlags) => exit(await cancel(context(), id, flags)));

  runs(program.command('reset').description('start a run again from a step on; an open run is terminated'))
    .requiredOption('--to-step <activityId>', 'step that runs again, for example sync-members')
    .option('--reason <text>', 'stands in the history')
    .action(async (id: string | undefined, flags: ResetFlags) => exit(await reset(context(), id, flags)));
}

/** Adds the commands that route runs to builds of the worker. */
export function addDeployCommands(program: Command, { context, exit }: Program): void {
  const deploy = program.command('deploy').description('route runs to builds of the worker (worker versioning)');
  const withName = (command: Command): Command =>
    command
      .option('--deployment <name>', 'default: WORKER_DEPLOYMENT_NAME, or "onboarding"')
      .option('--json', JSON_HELP);
  const waiting = (command: Command): Command =>
    withName(command).option('--wait <seconds>', "how long to wait for the build's workers", parseSeconds, 60);

  withName(deploy.command('status').description('show the builds, and how many open runs each has')).action(
    async (flags: DeployFlags) => exit(await deployStatus(context(), flags)),
  );
  waiting(deploy.command('promote').description('send all new runs to a build; open runs stay on theirs'))
    .argument('<buildId>', 'WORKER_BUILD_ID of its workers')
    .action(async (buildId: string, flags: DeployFlags) => exit(await deployPromote(context(), buildId, flags)));
  waiting(deploy.command('ramp').description('send a part of the new runs to a build'))
    .argument('<buildId>', 'WORKER_BUILD_ID of its workers')
    .requiredOption('--percent <n>', 'part of the new runs; 0 ends the ramp', parsePercent)
    .action(async (buildId: string, flags: DeployFlags & { percent: number }) =>
      exit(await deployRamp(context(), buildId, flags)),
    );
  waiting(deploy.command('drain').description('wait until a build has no open run; then its workers can be stopped'))
    .argument('<buildId>', 'WORKER_BUILD_ID of its workers')
    .action(async (buildId: string, flags: DeployFlags) => exit(await deployDrain(context(), buildId, flags)));
}

/** Options of a command that looks at several runs. */
function filters(command: Command, limit: number): Command {
  return command
    .option('--blocked', 'that wait for a person')
    .option('--failed', 'that failed')
    .option('--stuck', 'with which a worker has a problem')
    .addOption(new Option('--stage <stage>', 'at this stage').choices(STAGES))
    .addOption(new Option('--outcome <outcome>', 'with this outcome').choices(OUTCOMES))
    .option('--tenant <tenant>', 'of this tenant; default: of all')
    .option('--where <query>', WHERE_HELP)
    .option('--limit <n>', 'runs at most', parseCount, limit);
}

/** Arguments of a command that changes one run or several. */
function runs(command: Command): Command {
  return command
    .argument('[id]', ID_HELP)
    .option('--where <query>', `in place of the id: ${WHERE_HELP}`)
    .option('--dry-run', 'show the runs, and change nothing')
    .option('--yes', 'with --where: do not ask')
    .option('--limit <n>', 'with --where: runs at most', parseCount, 100)
    .option('--tenant <tenant>', TENANT_HELP)
    .option('--json', JSON_HELP);
}

const WHERE_HELP = "runs that this query of Temporal finds, for example BlockedReason = 'Forbidden'";
