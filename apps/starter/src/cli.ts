import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { errorLines, toCliError } from './cli-error.ts';
import { doctor } from './commands/doctor.ts';
import { setup } from './commands/setup.ts';
import { start, type StartFlags } from './commands/start.ts';
import { status, type StatusFlags } from './commands/status.ts';
import { validate } from './commands/validate.ts';
import { loadSettings, readVersion, type Environment } from './config.ts';
import type { Context } from './context.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { createOutput, type Output, type Sink } from './output.ts';
import type { ByteSource } from './read-definition.ts';

/** What the process gives to the command. */
export interface Process {
  readonly stdin: ByteSource;
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Read when the arguments are known to be good. Throws a `CliError`. */
  readonly loadEnvironment: () => Environment;
  /** Aborted by Ctrl-C. */
  readonly interrupted: AbortSignal;
}

const MAX_TIMEOUT_S = 7 * 24 * 3600;

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
    .description('Starts and follows onboardings of SCIM groups.')
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
    .option('--wait', 'wait for the result and show each step')
    .option('--timeout <seconds>', 'how long --wait waits', parseSeconds, 300)
    .option('--tenant <tenant>', 'default: ONBOARDING_TENANT, or "default"')
    .option('--json', JSON_HELP)
    .action(async (file: string, flags: StartFlags) => exit(await start(context(), file, flags)));

  program
    .command('status')
    .description('show where the newest run of a group is')
    .argument('<id>', 'externalId or workflow id')
    .option('--tenant <tenant>', 'default: ONBOARDING_TENANT, or "default"')
    .option('--json', JSON_HELP)
    .action(async (id: string, flags: StatusFlags) => exit(await status(context(), id, flags)));

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

const JSON_HELP = 'print one JSON object to stdout, everything else to stderr';

const EXIT_HELP = `
Exit codes:
  0  done
  1  the onboarding failed, or a check of doctor
  2  bad input, settings or usage
  3  a server can't be reached
  4  the deadline passed; the run goes on
`;

function parseSeconds(text: string): number {
  const seconds = /^\d{1,9}$/u.test(text) ? Number(text) : 0;
  if (seconds < 1 || seconds > MAX_TIMEOUT_S)
    throw new InvalidArgumentError(`It must be a whole number of seconds from 1 to ${MAX_TIMEOUT_S}.`);
  return seconds;
}
