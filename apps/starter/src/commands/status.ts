import type { OnboardingStatus } from '@scim-onboarding/onboarding-client';
import { blockedLines } from '../blocked.ts';
import { errorLines } from '../cli-error.ts';
import { uiAddress, withOnboarding, type Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { formatRows, formatStep, resultRows } from '../format.ts';

export interface StatusFlags {
  readonly tenant?: string;
}

/** `onboard status <externalId|workflowId>`: shows where the newest run is. Exit code 1 if it did not succeed. */
export async function status(context: Context, id: string, flags: StatusFlags): Promise<ExitCode> {
  const { output, settings } = context;
  const found = await withOnboarding(context, flags.tenant ?? settings.tenant, (onboarding) => onboarding.status(id));
  const address = uiAddress(settings, found.uiPath);
  for (const line of statusLines(found, address)) output.line(line);
  output.json({ ...found, ...(settings.uiUrl !== undefined && { uiUrl: address }) });
  return found.failure === undefined ? EXIT.done : EXIT.failed;
}

/** What a person reads about a run. */
export function statusLines(found: OnboardingStatus, address: string): string[] {
  return [...headLines(found, address), ...(found.steps ?? []).map(formatStep), ...stateLines(found)];
}

/** What the run is. */
export function headLines(found: OnboardingStatus, address: string): string[] {
  const { result } = found;
  const rows: [string, string | undefined][] = [
    ['execution', found.execution],
    ['stage', found.stage],
    ...(result === undefined
      ? ([
          ['outcome', found.outcome],
          ['group', found.groupId],
        ] as [string, string | undefined][])
      : resultRows(result)),
    ['started', found.startedAt],
    ['closed', found.closedAt],
    ['run', found.runId],
    ['UI', address],
  ];
  return [found.workflowId, ...formatRows(rows)];
}

/** What it does now, or why it ended. */
export function stateLines(found: OnboardingStatus): string[] {
  const { failure, blocked, blockedReason } = found;
  const pending = found.pendingActivities.map((activity) => {
    const { activityId, attempt, lastFailure, nextAttemptAt, paused } = activity;
    const next = paused ? 'paused' : nextAttemptAt === undefined ? 'running' : `next at ${nextAttemptAt}`;
    return `! ${activityId}: attempt ${attempt}, ${next}${lastFailure === undefined ? '' : `; the last one failed: ${lastFailure}`}`;
  });
  return [
    ...pending,
    ...found.problems.map((problem) => `! the worker has a problem with this run: ${problem}`),
    ...(found.state === 'unavailable'
      ? ['! no worker answered: steps are not shown, and stage and outcome are the last that were published']
      : []),
    ...(blocked !== undefined ? blockedLines(found.workflowId, blocked) : []),
    ...(blocked === undefined && blockedReason !== undefined ? [`! blocked: ${blockedReason}`] : []),
    ...(failure === undefined
      ? []
      : errorLines({ ...failure, ...(failure.details?.issues && { issues: failure.details.issues }) })),
  ];
}
