import type { OnboardingFilter, OnboardingSummary } from '@scim-onboarding/onboarding-client';
import type { Outcome, Stage } from '@scim-onboarding/onboarding-contract';
import { withOnboarding, type Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { formatDuration } from '../format.ts';
import { formatTable } from '../table.ts';

export interface FilterFlags {
  readonly blocked?: boolean;
  readonly failed?: boolean;
  readonly stuck?: boolean;
  readonly stage?: Stage;
  readonly outcome?: Outcome;
  readonly tenant?: string;
  readonly where?: string;
  readonly limit: number;
}

/** `onboard list`: the open runs first, then those that ended last. */
export async function list(context: Context, flags: FilterFlags): Promise<ExitCode> {
  const { output, settings } = context;
  const filter = filterOf(flags);
  return withOnboarding(context, settings.tenant, async (onboarding) => {
    const runs: OnboardingSummary[] = [];
    for await (const run of onboarding.list({ ...filter, limit: flags.limit })) runs.push(run);
    const count = runs.length < flags.limit ? runs.length : await onboarding.count(filter);
    if (runs.length === 0) output.line('No run matches');
    else for (const line of runTable(runs, Date.now())) output.line(line);
    if (count > runs.length) output.line(`! ${count} runs match; these are the first ${runs.length} (--limit)`);
    output.json({ count, runs });
    return EXIT.done;
  });
}

/** The filter that the flags ask for. */
export function filterOf(flags: Omit<FilterFlags, 'limit'>): OnboardingFilter {
  const { where, ...rest } = flags;
  const given = Object.fromEntries(
    (['blocked', 'failed', 'stuck', 'stage', 'outcome', 'tenant'] as const)
      .filter((key) => rest[key] !== undefined)
      .map((key) => [key, rest[key]]),
  ) as OnboardingFilter;
  return { ...given, ...(where !== undefined && { query: where }) };
}

/** Runs as lines of a table. */
export function runTable(runs: readonly OnboardingSummary[], now: number): string[] {
  const rows = runs.map((run) => [run.workflowId, where(run), why(run), age(run, now), run.runId]);
  return formatTable(['WORKFLOW', 'STATE', 'WHY', 'AGE', 'RUN'], rows);
}

/** Where a run is, or how it ended. */
export function where({ execution, stage, outcome }: OnboardingSummary): string {
  if (execution === 'RUNNING') return stage ?? 'running';
  return execution === 'COMPLETED' ? (outcome ?? 'completed') : execution.toLowerCase();
}

function why({ execution, blockedReason }: OnboardingSummary): string {
  return execution === 'RUNNING' ? (blockedReason ?? '') : '';
}

/** How long it has been open, or how long ago it ended. */
function age({ startedAt, closedAt }: OnboardingSummary, now: number): string {
  return closedAt === undefined
    ? `open ${formatDuration(Math.max(0, now - Date.parse(startedAt)))}`
    : `ended ${formatDuration(Math.max(0, now - Date.parse(closedAt)))} ago`;
}
