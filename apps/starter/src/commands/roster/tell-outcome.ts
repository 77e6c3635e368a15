import { rosterSucceeded } from '@scim-onboarding/onboarding-client';
import {
  onboardingWorkflowId,
  rosterGroupsQuery,
  type RosterProblem,
  type RosterProgress,
} from '@scim-onboarding/onboarding-contract';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import type { Output } from '../../output.ts';

/** Says which groups did not get through, and the commands for them. Exit code 1 if there is one. */
export function tellOutcome(output: Output, rosterId: string, progress: RosterProgress): ExitCode {
  for (const line of outcomeLines(rosterId, progress)) output.line(line);
  return rosterSucceeded(progress) ? EXIT.done : EXIT.failed;
}

export function outcomeLines(rosterId: string, progress: RosterProgress): string[] {
  const { counts, webhook, missingParts } = progress;
  const { blocked = 0, failed = 0, cancelled = 0, 'not-started': notStarted = 0 } = counts;
  const again = failed + cancelled + notStarted;
  return [
    ...problemLines(progress, 'blocked'),
    ...problemLines(progress, 'failed'),
    ...(webhook?.state === 'undelivered' ? [`! the HRIS did not take the summary: ${webhook.reason ?? ''}`] : []),
    ...(missingParts.length === 0
      ? []
      : [`! ${missingParts.length} parts were not handed over, or were ended by hand; apply the roster again`]),
    ...(blocked === 0 ? [] : [`${blocked} blocked, to decide about: ${blockedCommand(rosterId)}`]),
    ...(again === 0
      ? []
      : [
          `${failed} failed, ${cancelled} cancelled, ${notStarted} not started; again: onboard roster retry ${rosterId}`,
        ]),
    ...(blocked + again === 0 ? [] : [`each group: onboard roster show ${rosterId}`]),
  ];
}

/** Decides about all blocked groups of a roster at once; it shows them first, and asks. */
export function blockedCommand(rosterId: string): string {
  return `onboard resolve --where "${rosterGroupsQuery(rosterId)}" --retry`;
}

function problemLines({ tenant, problems, counts }: RosterProgress, outcome: RosterProblem['outcome']): string[] {
  const listed = problems.filter((problem) => problem.outcome === outcome);
  const more = (counts[outcome] ?? 0) - listed.length;
  return [
    ...listed.map(
      ({ externalId, failureType }) =>
        `✗ ${externalId} ${outcome}: ${failureType}  (onboard show ${onboardingWorkflowId(tenant, externalId)})`,
    ),
    ...(listed.length > 0 && more > 0 ? [`  and ${more} more`] : []),
  ];
}
