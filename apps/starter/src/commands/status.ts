import type { OnboardingStatus } from '@scim-onboarding/onboarding-client';
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
  const { result, failure } = found;
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
  const pending = found.pendingActivities.map(({ activityId, attempt, lastFailure, nextAttemptAt }) => {
    const next = nextAttemptAt === undefined ? 'running' : `next at ${nextAttemptAt}`;
    return `! ${activityId}: attempt ${attempt}, ${next}${lastFailure === undefined ? '' : `; the last one failed: ${lastFailure}`}`;
  });
  return [
    found.workflowId,
    ...formatRows(rows),
    ...(found.steps ?? []).map(formatStep),
    ...pending,
    ...found.problems.map((problem) => `! the worker has a problem with this run: ${problem}`),
    ...(found.state === 'unavailable'
      ? ['! no worker answered: steps are not shown, and stage and outcome are the last that were published']
      : []),
    ...(failure === undefined
      ? []
      : errorLines({ ...failure, ...(failure.details?.issues && { issues: failure.details.issues }) })),
  ];
}
