import type { BlockedReport, OnboardingState, StepReport } from '@scim-onboarding/onboarding-contract/workflow';

/** Markdown for the Temporal UI: where the run is, why it waits and what to do, and a table of its steps. */
export function renderDetails(state: OnboardingState, workflowId: string, reminders = 0): string {
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
    ...(blocked === undefined ? [] : [renderBlocked(blocked, workflowId, reminders)]),
    stepTable(steps),
    ...(decided.length === 0 ? [] : [`**Decisions**\n\n${decided.join('\n')}`]),
  ].join('\n\n');
}

/** What happened, what to do, and the exact commands. */
function renderBlocked(blocked: BlockedReport, workflowId: string, reminders: number): string {
  const id = shellWord(workflowId);
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
    `onboard resolve ${id} --retry                              # once the cause is gone\nonboard resolve ${id} --retry --definition amended.json    # with a corrected definition`,
  skip: (id) => `onboard resolve ${id} --skip                               # go on without this step`,
  adopt: (id) => `onboard resolve ${id} --adopt <group id>                   # take that group over`,
  abort: (id) =>
    `onboard resolve ${id} --abort                              # give up; --compensate deletes what this run created`,
};

function stepTable(steps: readonly StepReport[]): string {
  const rows = steps.map((s) => {
    const took = s.endedAfterMs === undefined ? '' : `${s.endedAfterMs - s.startedAfterMs} ms`;
    return `| ${s.step} | ${s.state} | ${took} | ${s.note ?? ''} |`;
  });
  return ['| Step | State | Took | Result |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/u.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
