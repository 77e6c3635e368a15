import { listRosters as rosters, rosterProgress, rosterResults } from '@scim-onboarding/onboarding-client';
import type { RosterGroupResult, RosterProgress } from '@scim-onboarding/onboarding-contract';
import { onboardingWorkflowId, rosterIsThrough } from '@scim-onboarding/onboarding-contract';
import { withTemporal, type Context } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { formatTable } from '../../table.ts';
import { checkRosterId } from './control.ts';
import { progressLine } from './follow.ts';
import { outcomeLines } from './tell-outcome.ts';

export interface ListRostersFlags {
  readonly tenant?: string;
  readonly open?: boolean;
  readonly limit: number;
}

/** `onboard roster list`: the open rosters first, then those that ended last. */
export async function listRosters(context: Context, flags: ListRostersFlags): Promise<ExitCode> {
  const { output } = context;
  return withTemporal(context.env, async ({ client }) => {
    const rows: string[][] = [];
    const listed: unknown[] = [];
    for await (const roster of rosters(client, flags)) {
      // A list without a worker is a list still.
      const progress = await rosterProgress(client, roster.rosterId, roster.runId).catch(() => undefined);
      listed.push({ ...roster, ...(progress === undefined ? {} : { progress }) });
      const settled = progress === undefined ? '?' : String(progress.settled);
      rows.push([
        roster.rosterId,
        progress === undefined || roster.execution !== 'RUNNING' ? roster.execution.toLowerCase() : stateOf(progress),
        `${settled}/${roster.groups ?? '?'}`,
        progress?.startedAt ?? roster.startedAt,
        roster.name ?? '',
      ]);
    }
    if (rows.length === 0) output.line('No roster matches');
    else for (const line of formatTable(['ROSTER', 'STATE', 'GROUPS', 'STARTED', 'FILE'], rows)) output.line(line);
    output.json({ rosters: listed });
    return EXIT.done;
  });
}

function stateOf(progress: RosterProgress): string {
  if (rosterIsThrough(progress)) return 'notifying';
  if (progress.cancel !== undefined) return 'cancelling';
  return progress.paused ? 'paused' : 'running';
}

export interface ShowRosterFlags {
  readonly outcome?: RosterGroupResult['outcome'];
}

/** `onboard roster show`: what became of each group so far. Groups that were not begun, or are at work, are not among them. */
export async function showRoster(context: Context, rosterId: string, flags: ShowRosterFlags): Promise<ExitCode> {
  const { output } = context;
  checkRosterId(rosterId);
  return withTemporal(context.env, async ({ client }) => {
    const progress = await rosterProgress(client, rosterId);
    output.line(progressLine(progress, 0, 0));
    const groups: (RosterGroupResult & { workflowId: string })[] = [];
    for await (const result of rosterResults(client, rosterId, progress)) {
      if (flags.outcome !== undefined && result.outcome !== flags.outcome) continue;
      const workflowId = onboardingWorkflowId(progress.tenant, result.externalId);
      if (output.asJson) groups.push({ ...result, workflowId });
      const why = result.failureType === undefined ? '' : `  ${result.failureType}: ${result.message ?? ''}`;
      output.line(`${result.outcome.padEnd(11)}  ${result.externalId}  ${result.groupId ?? ''}${why}`.trimEnd());
    }
    for (const line of outcomeLines(rosterId, progress)) output.line(line);
    output.json({ rosterId, progress, groups });
    return EXIT.done;
  });
}
