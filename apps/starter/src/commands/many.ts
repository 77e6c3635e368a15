import type { OnboardingClient, OnboardingFilter, OnboardingSummary } from '@scim-onboarding/onboarding-client';
import { CliError, toCliError, type ErrorReport } from '../cli-error.ts';
import { withOnboarding, type Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';

/** Which runs a command is about: one by its id, or those that a query finds. */
export interface RunsFlags {
  readonly tenant?: string;
  readonly where?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  /** Runs at most with `--where`. */
  readonly limit: number;
}

/** One run that is acted on. */
export interface Target {
  /** Workflow id, or the externalId that a person gave. */
  readonly id: string;
  readonly runId?: string;
}

export interface Action {
  /** What is done to these runs, for people, after "Going to": `cancel 3 runs`. */
  does(runs: string): string;
  /** Condition that a run must meet beside the query, so that nothing is tried that cannot succeed. */
  readonly filter: OnboardingFilter;
  /** Does it to one run. `did` is for people; the rest goes into the JSON. */
  act(onboarding: OnboardingClient, target: Target): Promise<{ readonly did: string; readonly workflowId: string }>;
}

/**
 * Does something to one run, or to all that a query finds. With `--where` it shows the runs first, and asks unless told not to.
 *
 * @returns exit code 1 if one of several failed
 */
export async function actOnRuns(
  context: Context,
  id: string | undefined,
  flags: RunsFlags,
  action: Action,
): Promise<ExitCode> {
  if ((id === undefined) === (flags.where === undefined)) {
    throw usage('Name one run by its id, or several by --where, not both and not neither.');
  }
  return withOnboarding(context, flags.tenant ?? context.settings.tenant, (onboarding) =>
    id === undefined ? actOnMany(context, onboarding, flags, action) : actOnOne(context, onboarding, id, flags, action),
  );
}

async function actOnOne(
  { output }: Context,
  onboarding: OnboardingClient,
  id: string,
  { dryRun }: RunsFlags,
  action: Action,
): Promise<ExitCode> {
  if (dryRun === true) {
    const { workflowId, runId } = await onboarding.status(id);
    output.line(`Would ${action.does(workflowId)}; nothing was done`);
    output.json({ dryRun: true, action: action.does('run'), runs: [{ workflowId, runId }] });
    return EXIT.done;
  }
  output.line(`Going to ${action.does(id)}`);
  const { did, ...facts } = await action.act(onboarding, { id });
  output.line(`✓ ${facts.workflowId}: ${did}`);
  output.json(facts);
  return EXIT.done;
}

async function actOnMany(
  context: Context,
  onboarding: OnboardingClient,
  flags: RunsFlags,
  action: Action,
): Promise<ExitCode> {
  const { output } = context;
  const { where, tenant, limit } = flags;
  const filter = {
    ...action.filter,
    ...(where !== undefined && { query: where }),
    ...(tenant !== undefined && { tenant }),
  };
  const { runs, more } = await newestRuns(onboarding, filter, limit);
  for (const run of runs) output.line(`  ${describeRun(run)}`);
  if (more) output.line(`! there are more; these are the first ${limit} (--limit)`);
  const some = `${runs.length} ${runs.length === 1 ? 'run' : 'runs'}`;
  if (flags.dryRun === true || runs.length === 0) {
    output.line(
      runs.length === 0 ? 'No run matches; nothing was done' : `Would ${action.does(some)}; nothing was done`,
    );
    output.json({ dryRun: flags.dryRun === true, action: action.does('runs'), runs, more });
    return EXIT.done;
  }
  output.line(`Going to ${action.does(some)}`);
  if (flags.yes !== true) await confirm(context, `${runs.length} runs`);
  return actOnEach(context, onboarding, runs, action);
}

interface Outcome {
  readonly workflowId: string;
  readonly ok: boolean;
  readonly error?: ErrorReport;
}

async function actOnEach(
  { output, interrupted }: Context,
  onboarding: OnboardingClient,
  runs: readonly OnboardingSummary[],
  action: Action,
): Promise<ExitCode> {
  const results: Outcome[] = [];
  for (const { workflowId, runId } of runs) {
    if (interrupted.aborted) break;
    try {
      const { did, ...facts } = await action.act(onboarding, { id: workflowId, runId });
      results.push({ ...facts, ok: true });
      output.line(`✓ ${workflowId}: ${did}`);
    } catch (error) {
      const { report } = toCliError(error);
      results.push({ workflowId, ok: false, error: report });
      output.line(`✗ ${workflowId}: ${report.type}: ${report.message}`);
    }
  }
  const done = results.filter(({ ok }) => ok).length;
  const failed = results.length - done;
  const left = runs.length - results.length;
  output.line(`${done} done, ${failed} failed${left > 0 ? `, ${left} left because of Ctrl-C` : ''}`);
  output.json({ action: action.does('runs'), done, failed, left, results });
  if (left > 0) return EXIT.interrupted;
  return failed > 0 ? EXIT.failed : EXIT.done;
}

/** The newest matching run of each workflow: older ones have ended, and something new took their place. */
async function newestRuns(
  onboarding: OnboardingClient,
  filter: OnboardingFilter,
  limit: number,
): Promise<{ readonly runs: readonly OnboardingSummary[]; readonly more: boolean }> {
  const newest = new Map<string, OnboardingSummary>();
  for await (const run of onboarding.list(filter)) {
    const known = newest.get(run.workflowId);
    if (known === undefined && newest.size === limit) return { runs: [...newest.values()], more: true };
    if (known === undefined || known.startedAt < run.startedAt) newest.set(run.workflowId, run);
  }
  return { runs: [...newest.values()], more: false };
}

function describeRun({ workflowId, execution, stage, blockedReason }: OnboardingSummary): string {
  return [workflowId, execution, stage ?? '', blockedReason ?? ''].filter((part) => part !== '').join('  ');
}

const NOT_CONFIRMED_HINT = 'Look at the runs with --dry-run, then add --yes.';

export async function confirm(context: Context, what: string, hint: string = NOT_CONFIRMED_HINT): Promise<void> {
  const { output, stdin } = context;
  const refuse = (message: string): CliError => new CliError(EXIT.usage, { type: 'NotConfirmed', message, hint });
  if (stdin.isTTY !== true) throw refuse(`Nothing was done: ${what} would change, and nobody can be asked.`);
  output.line('Type yes to go on:');
  const answer = await readLine(context);
  if (answer.trim() !== 'yes') throw refuse('Nothing was done: the answer was not yes.');
}

/** One line of what is typed; what there is of it when Ctrl-C ends the waiting. */
async function readLine({ stdin, interrupted }: Context): Promise<string> {
  const stop = (): void => void stdin.destroy?.();
  interrupted.addEventListener('abort', stop);
  let text = '';
  try {
    for await (const chunk of stdin) {
      text += chunk.toString();
      if (text.includes('\n')) break;
    }
  } catch (error) {
    if (!interrupted.aborted) throw error;
  } finally {
    interrupted.removeEventListener('abort', stop);
  }
  return interrupted.aborted ? '' : (text.split('\n')[0] ?? '');
}

/** An error of how the command was called. */
export function usage(message: string): CliError {
  return new CliError(EXIT.usage, { type: 'Usage', message, hint: 'See `onboard --help`.' });
}
