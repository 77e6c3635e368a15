import {
  onboardingWorkflowId,
  rosterGroupsQuery,
  rosterIsThrough,
  type RosterProblem,
  type RosterProgress,
} from '@scim-onboarding/onboarding-contract/workflow';

/** Markdown for the Temporal UI. Lists, not tables: the pane there draws tables without space between cells. */
export function renderRoster(progress: RosterProgress, rosterId: string): string {
  const { name, groups, settled, counts, partsDone, parts, missingParts } = progress;
  const rows = Object.entries(counts).map(([outcome, count]) => `- ${outcome}: ${count}`);
  return [
    `**Roster** ${name} · ${stateOf(progress)}`,
    `${settled} of ${groups} groups settled, ${partsDone} of ${parts} parts done`,
    ...(rows.length === 0 ? [] : [rows.join('\n')]),
    ...(missingParts.length === 0 ? [] : [missing(missingParts)]),
    ...renderProblems(progress, 'blocked', 'Blocked'),
    ...renderProblems(progress, 'failed', 'Failed'),
    ...renderWebhook(progress),
    commands(progress, rosterId),
  ].join('\n\n');
}

function stateOf(progress: RosterProgress): string {
  const { paused, cancel } = progress;
  if (rosterIsThrough(progress)) return cancel === undefined ? 'completed' : 'cancelled';
  if (cancel !== undefined) return cancel.withGroups ? 'cancelled with its groups' : 'cancelled, begun groups go on';
  return paused ? 'paused' : 'running';
}

function missing(parts: readonly number[]): string {
  const shown = parts.slice(0, 20).join(', ');
  return `**Not known** ${parts.length} parts were not handed over, or were ended by hand: ${shown}${parts.length > 20 ? ' …' : ''}`;
}

function renderProblems(
  { tenant, counts, problems }: RosterProgress,
  outcome: RosterProblem['outcome'],
  title: string,
): string[] {
  const listed = problems.filter((problem) => problem.outcome === outcome);
  const more = (counts[outcome] ?? 0) - listed.length;
  if (listed.length === 0) return [];
  return [
    [
      `**${title}**\n`,
      ...listed.map(
        ({ externalId, failureType }) => `- \`${onboardingWorkflowId(tenant, externalId)}\` ${failureType}`,
      ),
      ...(more > 0 ? [`- and ${more} more`] : []),
    ].join('\n'),
  ];
}

function renderWebhook({ webhook }: RosterProgress): string[] {
  if (webhook === undefined || webhook.state === 'not-configured') return [];
  return [`**Summary to the HRIS** ${webhook.state}${webhook.reason === undefined ? '' : `: ${webhook.reason}`}`];
}

function commands(progress: RosterProgress, rosterId: string): string {
  const through = rosterIsThrough(progress);
  const { blocked = 0, failed = 0, cancelled = 0, 'not-started': notStarted = 0 } = progress.counts;
  const lines = [
    ...(through ? [] : [`onboard watch ${rosterId}`]),
    ...(through || progress.cancel !== undefined
      ? []
      : [`onboard roster ${progress.paused ? 'resume' : 'pause'} ${rosterId}`, `onboard roster cancel ${rosterId}`]),
    ...(blocked > 0 ? [`onboard list --blocked --where "${rosterGroupsQuery(rosterId)}"`] : []),
    ...(through && failed + cancelled + notStarted > 0 ? [`onboard roster retry ${rosterId}`] : []),
    `onboard roster show ${rosterId}`,
  ];
  return `\`\`\`sh\n${lines.join('\n')}\n\`\`\``;
}
