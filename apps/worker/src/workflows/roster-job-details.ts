import {
  failureDocs,
  type FailureType,
  type RosterJobInput,
  type RosterJobResult,
} from '@scim-onboarding/onboarding-contract/workflow';

/** Lines of a list that are shown; the result of the run has more. */
const SHOWN = 10;

/** Where a job is. */
export type JobState =
  | { readonly state: 'planning' | 'notifying' | 'cancelled' }
  | { readonly state: 'failed'; readonly type: string; readonly message: string; readonly hint?: string }
  | { readonly state: 'done'; readonly result: RosterJobResult };

/** Markdown for the Temporal UI: what the job is, and what came of it. */
export function renderJob({ roster, mode, schedule }: RosterJobInput, state: JobState): string {
  const head = [
    `**Roster** ${code(roster)}`,
    `**Mode** ${mode}`,
    ...(schedule === undefined ? [] : [`**Schedule** ${code(schedule)}`]),
  ].join(' · ');
  return [head, ...bodyOf(state)].join('\n\n');
}

function bodyOf(state: JobState): string[] {
  if (state.state === 'done') return resultOf(state.result);
  if (state.state !== 'failed') return [`**State** ${state.state}`];
  return [
    `### Failed: ${state.type}`,
    `**What happened** ${state.message}`,
    ...(state.hint === undefined ? [] : [`**What to do** ${state.hint}`]),
    `More: ${failureDocs(state.type as FailureType)}`,
  ];
}

function resultOf({ outcome, groups, actions, rosterId, held = [], differences }: RosterJobResult): string[] {
  const planned = Object.entries(actions).filter(([, count]) => count > 0);
  const counts = planned.map(([action, count]) => `${count} ${action}`).join(', ');
  return [
    // What a plan would do with a group says little of how it differs.
    `**Outcome** ${outcome} · ${groups} groups: ${differences === undefined ? counts : `${differences.groups} differ`}`,
    ...(rosterId === undefined ? [] : [`**Roster workflow** \`${rosterId}\``]),
    ...(held.length === 0
      ? []
      : [
          '### Waits for a person',
          list(
            held.map(({ externalId, action, reason }) => `${code(externalId)} ${action}: ${reason}`),
            (actions['held'] ?? 0) + (actions['conflict'] ?? 0),
          ),
          'If the removals of held groups are wanted: `onboard plan <roster>` with the options of the schedule prints the approval for `onboard apply`.',
        ]),
    ...(differences === undefined || differences.count === 0
      ? []
      : [`### ${differences.count} differences`, list(differences.lines, differences.count)]),
  ];
}

function list(lines: readonly string[], count: number): string {
  const shown = lines.slice(0, SHOWN).map((line) => `- ${line}`);
  return [...shown, ...(count > shown.length ? [`- and ${count - shown.length} more`] : [])].join('\n');
}

function code(text: string): string {
  return `\`${text.replaceAll('`', "'")}\``;
}
