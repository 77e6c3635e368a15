import {
  DEFAULT_TENANT,
  onboardingWorkflowId,
  type BlockedReport,
  type OnboardingState,
  type StepReport,
} from '@scim-onboarding/onboarding-contract/workflow';

/** Which run the details are of. */
export interface RunIdentity {
  readonly workflowId: string;
  readonly externalId: string;
}

/**
 * Markdown for the Temporal UI: where the run is, why it waits and what to do, and its steps. The pane there is about 75 characters wide
 * and draws tables without space between cells, so lines are short and steps are a list.
 */
export function renderDetails(state: OnboardingState, run: RunIdentity, reminders = 0): string {
  const { stage, outcome, groupId, blocked, steps, resolutions } = state;
  const head = [
    `**Stage** ${stage}`,
    ...(outcome === undefined ? [] : [`**Outcome** ${outcome}`]),
    ...(groupId === undefined ? [] : [`**Group** \`${groupId}\``]),
  ];
  const decided = resolutions.map(
    ({ block, action, by }) => `- block ${block}: ${action}${by === undefined ? '' : ` by ${by}`}`,
  );
  return [
    head.join(' · '),
    ...(blocked === undefined ? [] : [renderBlocked(blocked, commandId(run), reminders)]),
    ...(steps.length === 0 ? [] : [`**Steps**\n\n${steps.map(renderStep).join('\n')}`]),
    ...(decided.length === 0 ? [] : [`**Decisions**\n\n${decided.join('\n')}`]),
  ].join('\n\n');
}

/** What happened, what to do, and the exact commands. */
function renderBlocked(blocked: BlockedReport, id: string, reminders: number): string {
  const commands = blocked.allowed.map((action) => COMMANDS[action](id));
  const correlation =
    blocked.correlationId === undefined ? '' : `\n\nCorrelation id of the target: \`${blocked.correlationId}\``;
  return [
    `### Blocked at ${blocked.step}: ${blocked.type}`,
    `**What happened** ${blocked.message}${correlation}`,
    ...(blocked.hint === undefined ? [] : [`**What to do** ${blocked.hint}`]),
    `**Then** one of:\n\n\`\`\`sh\n${commands.join('\n')}\n\`\`\``,
    'Or send the update `resolve` from this page, for example `{"action":"retry"}`.',
    `Waits since ${blocked.since}, ends as failed at ${blocked.until}.${reminders === 0 ? '' : ` Reminded ${reminders} times.`}`,
  ].join('\n\n');
}

const COMMANDS: Readonly<Record<BlockedReport['allowed'][number], (id: string) => string>> = {
  retry: (id) =>
    [
      '# once the cause is gone:',
      `onboard resolve ${id} --retry`,
      '# with a corrected definition:',
      `onboard resolve ${id} --retry --definition amended.json`,
    ].join('\n'),
  skip: (id) => `# go on without this step:\nonboard resolve ${id} --skip`,
  adopt: (id) => `# take a group over:\nonboard resolve ${id} --adopt <group id>`,
  abort: (id) => `# give up (--compensate deletes what this run created):\nonboard resolve ${id} --abort`,
};

function renderStep({ step, state, startedAfterMs, endedAfterMs, note }: StepReport): string {
  const took = endedAfterMs === undefined ? '' : `, ${endedAfterMs - startedAfterMs} ms`;
  return `- **${step}** ${state}${took}${note === undefined ? '' : `: ${note}`}`;
}

/** What the command is to be told: the externalId, which is short, where that is enough. */
function commandId({ workflowId, externalId }: RunIdentity): string {
  return shellWord(workflowId === onboardingWorkflowId(DEFAULT_TENANT, externalId) ? externalId : workflowId);
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/u.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
