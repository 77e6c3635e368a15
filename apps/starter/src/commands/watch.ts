import type { OnboardingClient, OnboardingFilter, OnboardingSummary } from '@scim-onboarding/onboarding-client';
import { errorLines, toCliError } from '../cli-error.ts';
import { withOnboarding, type Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { pause } from '../pause.ts';
import { filterOf, runTable, where, type FilterFlags } from './list.ts';

export interface WatchFlags extends FilterFlags {
  /** Seconds between two looks. */
  readonly interval: number;
}

/** `onboard watch`: a table that is redrawn, on a terminal; else a line for each change. Ends on Ctrl-C, with 0. */
export async function watch(context: Context, flags: WatchFlags): Promise<ExitCode> {
  const { output, settings, interrupted } = context;
  const filter = filterOf(flags);
  return withOnboarding(context, settings.tenant, async (onboarding) => {
    // The first look reports its errors; later ones are tried again.
    let snapshot = await look(onboarding, filter, flags.limit);
    const changes = createChanges();
    while (!interrupted.aborted) {
      show(context, snapshot, changes);
      await pause(flags.interval * 1_000, interrupted);
      if (interrupted.aborted) break;
      try {
        snapshot = await look(onboarding, filter, flags.limit);
      } catch (error) {
        for (const line of errorLines(toCliError(error).report)) output.problem(line);
      }
    }
    return EXIT.done;
  });
}

interface Snapshot {
  readonly runs: readonly OnboardingSummary[];
  readonly open: number;
  readonly blocked: number;
}

async function look(onboarding: OnboardingClient, filter: OnboardingFilter, limit: number): Promise<Snapshot> {
  const runs: OnboardingSummary[] = [];
  for await (const run of onboarding.list({ ...filter, limit })) runs.push(run);
  const open = await onboarding.count({ ...filter, open: true });
  return { runs, open, blocked: await onboarding.count({ ...filter, blocked: true }) };
}

function show({ output }: Context, { runs, open, blocked }: Snapshot, changes: Changes): void {
  const at = new Date();
  if (output.isTerminal && !output.asJson) {
    const head = `${at.toISOString().slice(11, 19)} UTC  ${open} open, ${blocked} blocked  (Ctrl-C ends)`;
    output.screen([head, ...(runs.length === 0 ? ['No run matches'] : runTable(runs, at.getTime()))]);
    return;
  }
  for (const { run, from, to } of changes(runs)) {
    output.line(`${at.toISOString()}  ${run.workflowId}  ${from === undefined ? '' : `${from} -> `}${to}`);
    output.json({ at: at.toISOString(), ...(from !== undefined && { from }), to, run });
  }
}

interface Change {
  readonly run: OnboardingSummary;
  readonly from?: string;
  readonly to: string;
}

type Changes = (runs: readonly OnboardingSummary[]) => Change[];

/** Tells what is new since the last call. */
export function createChanges(): Changes {
  const known = new Map<string, string>();
  return (runs) =>
    runs.flatMap((run): Change[] => {
      const to = `${where(run)}${run.execution === 'RUNNING' && run.blockedReason !== undefined ? ` (${run.blockedReason})` : ''}`;
      const from = known.get(run.runId);
      if (from === to) return [];
      known.set(run.runId, to);
      return [{ run, ...(from !== undefined && { from }), to }];
    });
}
