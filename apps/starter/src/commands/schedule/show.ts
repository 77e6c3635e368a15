import { createRosterSchedules, type RosterSchedule, type ScheduledRun } from '@scim-onboarding/onboarding-client';
import { withTemporal, type Context } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { formatRows } from '../../format.ts';
import { formatTable } from '../../table.ts';

/** Lines of differences and of held groups that are printed of the newest run; `--json` has those that the run kept. */
const SHOWN = 10;

/** `onboard schedule list`. */
export async function listSchedules({ output, env }: Context): Promise<ExitCode> {
  const schedules: RosterSchedule[] = [];
  await withTemporal(env, async ({ client }) => {
    for await (const schedule of createRosterSchedules(client).list()) schedules.push(schedule);
  });
  schedules.sort((a, b) => (a.id < b.id ? -1 : 1));
  if (schedules.length === 0) output.line('No schedule');
  else for (const line of table(schedules)) output.line(line);
  output.json({ schedules });
  return EXIT.done;
}

function table(schedules: readonly RosterSchedule[]): string[] {
  const rows = schedules.map(({ id, cron, timeZone, job, paused, next }) => [
    id,
    job.mode,
    job.roster,
    cron,
    timeZone,
    paused ? 'paused' : (next[0] ?? 'never'),
  ]);
  return formatTable(['SCHEDULE', 'MODE', 'ROSTER', 'CRON', 'TIME ZONE', 'NEXT'], rows);
}

/** `onboard schedule show`. */
export async function showSchedule({ output, env }: Context, id: string): Promise<ExitCode> {
  const shown = await withTemporal(env, ({ client }) => createRosterSchedules(client).show(id));
  const { job, note, paused, next, runs, skipped, missed } = shown;
  output.line(`${id}: ${job.mode} ${job.roster}${paused ? ' (paused)' : ''}`);
  const rows = formatRows([
    ['cron', `${shown.cron} (${shown.timeZone})`],
    ['tenant', job.tenant],
    ['policy', job.mode === 'drift' ? undefined : `${job.conflictPolicy ?? 'adopt'}${removals(job.allowRemovals)}`],
    ['columns', job.map],
    ['note', note],
    ['next', paused ? 'paused' : next.slice(0, 3).join(', ') || 'never'],
    [
      'runs',
      `${shown.runsStarted} started${counted(skipped, 'left out while one was open')}${counted(missed, 'missed')}`,
    ],
  ]);
  for (const row of rows) output.line(row);
  if (runs.length > 0) {
    const head = ['STARTED', 'OUTCOME', 'GROUPS', 'RUN', ''];
    const lines = runs.map((run) => [run.startedAt, outcomeOf(run), groupsOf(run), run.workflowId, resultOf(run)]);
    for (const line of ['', ...formatTable(head, lines)]) output.line(line);
    for (const line of listed(runs[0])) output.line(line);
  }
  output.json(shown);
  return EXIT.done;
}

const removals = (allowed: boolean | undefined): string => (allowed === true ? ', removals allowed' : '');
const counted = (count: number, what: string): string => (count === 0 ? '' : `, ${count} ${what}`);

function outcomeOf({ execution, outcome, failure }: ScheduledRun): string {
  return failure?.type ?? outcome ?? execution.toLowerCase();
}

function groupsOf({ result }: ScheduledRun): string {
  if (result === undefined) return '';
  if (result.differences !== undefined) return `${result.groups}, ${result.differences.groups} differ`;
  const actions = Object.entries(result.actions).filter(([, count]) => count > 0);
  return actions.map(([action, count]) => `${count} ${action}`).join(', ');
}

function resultOf({ result, failure }: ScheduledRun): string {
  return result?.rosterId ?? failure?.message.split('\n', 1)[0] ?? '';
}

/** What a person has to look at, of the newest run. */
function listed(run: ScheduledRun | undefined): string[] {
  const { held = [], differences } = run?.result ?? {};
  const lines = [
    ...held.map(({ externalId, action, reason }) => `! ${externalId} ${action}: ${reason}`),
    ...(differences?.lines ?? []).map((line) => `  ${line}`),
  ];
  const count = held.length + (differences?.count ?? 0);
  return [
    ...lines.slice(0, SHOWN),
    ...(count > SHOWN ? [`  … and ${count - SHOWN} more`] : []),
    ...(held.some(({ action }) => action === 'held')
      ? [
          '  → If the removals are wanted: onboard plan <roster>, with the options of the schedule, prints their approval',
        ]
      : []),
    ...(run?.failure === undefined ? [] : [`  → ${run.failure.hint}`]),
  ];
}
