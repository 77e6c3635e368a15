import { CONFLICT_POLICIES, ON_FAILURE } from '@scim-onboarding/onboarding-contract';
import { Command, CommanderError, Option } from 'commander';
import { errorLines, toCliError } from './cli-error.ts';
import { doctor } from './commands/doctor.ts';
import { setup } from './commands/setup.ts';
import { start, type StartFlags } from './commands/start.ts';
import { status, type StatusFlags } from './commands/status.ts';
import { validate } from './commands/validate.ts';
import { loadSettings, readVersion, type Environment } from './config.ts';
import type { Context, Input } from './context.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { addRosterCommands } from './roster-commands.ts';
import { addScheduleCommands } from './schedule-commands.ts';
import { addChangingCommands, addDeployCommands, addLookingCommands } from './operator-commands.ts';
import { ID_HELP, JSON_HELP, parseSeconds, TENANT_HELP } from './option-values.ts';
import { createOutput, type Output, type Sink } from './output.ts';

/** What the process gives to the command. */
export interface Process {
  readonly stdin: Input;
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Read when the arguments are known to be good. Throws a `CliError`. */
  readonly loadEnvironment: () => Environment;
  /** Aborted by Ctrl-C. */
  readonly interrupted: AbortSignal;
}

/** Runs the command. Prints every error; does not throw. */
export async function run(args: readonly string[], processParts: Process): Promise<ExitCode> {
  const asJson = args.includes('--json');
  const output = createOutput({ ...processParts, asJson });
  let exitCode: ExitCode = EXIT.done;
  const program = createProgram(processParts, output, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return usageExit(error, output);
    const { exitCode: code, report, cause } = toCliError(error);
    if (report.type === 'Unforeseen' && cause instanceof Error) output.problem(cause.stack ?? cause.message);
    for (const line of errorLines(report)) output.problem(line);
    output.json({ error: report });
    return code;
  }
}

/** commander has printed the text already. */
function usageExit(error: CommanderError, output: Output): ExitCode {
  if (error.exitCode === 0) return EXIT.done;
  const message = error.message.replace(/^error: /u, '').replace('(outputHelp)', 'no command was given');
  output.json({ error: { type: 'Usage', message, hint: 'See `onboard --help`.' } });
  return EXIT.usage;
}

function createProgram(parts: Process, output: Output, exit: (code: ExitCode) => void): Command {
  const context = (): Context => {
    const env = parts.loadEnvironment();
    return { output, env, settings: loadSettings(env), stdin: parts.stdin, interrupted: parts.interrupted };
  };
  const program = new Command('onboard')
    .description('Starts, follows and steers onboardings of SCIM groups.')
    .version(readVersion())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void parts.stdout.write(text),
      writeErr: (text) => void parts.stderr.write(text),
    })
    .showHelpAfterError('See `onboard --help`.')
    .addHelpText('after', EXIT_HELP);

  program
    .command('start')
    .description('check a group definition and start its onboarding, or join the open run of the same definition')
    .argument('<definition>', 'JSON file, or - for stdin')
    .addOption(
      new Option('--conflict-policy <policy>', 'what to do with a group that exists; default: adopt').choices(
        CONFLICT_POLICIES,
      ),
    )
    .addOption(
      new Option('--on-failure <what>', 'wait for a person, or end the run; default: block').choices(ON_FAILURE),
    )
    .option('--allow-removals', 'with the policy update: remove as many members as the definition asks for')
    .option(
      '--remind-after <seconds>',
      'a blocked run reminds of itself after this, and again; default: a day',
      parseSeconds,
    )
    .option('--give-up-after <seconds>', 'a blocked run ends as failed after this; default: 7 days', parseSeconds)
    .option('--wait', 'wait for the result, or until a person has to decide, and show each step')
    .option('--timeout <seconds>', 'how long --wait waits', parseSeconds, 300)
    .option('--tenant <tenant>', TENANT_HELP)
    .option('--json', JSON_HELP)
    .action(async (file: string, flags: StartFlags) => exit(await start(context(), file, flags)));

  program
    .command('status')
    .description('show where the newest run of a group is')
    .argument('<id>', ID_HELP)
    .option('--tenant <tenant>', TENANT_HELP)
    .option('--json', JSON_HELP)
    .action(async (id: string, flags: StatusFlags) => exit(await status(context(), id, flags)));

  addLookingCommands(program, { context, exit });
  addChangingCommands(program, { context, exit });
  addDeployCommands(program, { context, exit });
  addRosterCommands(program, { context, exit });
  addScheduleCommands(program, { context, exit });

  program
    .command('validate')
    .description('check a group definition; needs no server')
    .argument('<definition>', 'JSON file, or - for stdin')
    .option('--json', JSON_HELP)
    .action(async (file: string) => exit(await validate(context(), file)));

  program
    .command('doctor')
    .description('check settings, Temporal, workers and the target; changes nothing')
    .option('--json', JSON_HELP)
    .action(async () => exit(await doctor(output, parts.loadEnvironment())));

  program
    .command('setup')
    .description('register the search attributes in the Temporal namespace; may run again')
    .option('--json', JSON_HELP)
    .action(async () => exit(await setup(context())));

  return program;
}

const EXIT_HELP = `
Exit codes:
  0  done
  1  the onboarding failed or waits for a person; one of several runs could not
     be changed; or a check of doctor failed
  2  bad input, settings or usage
  3  a server can't be reached
  4  the deadline passed; the run goes on
`;
