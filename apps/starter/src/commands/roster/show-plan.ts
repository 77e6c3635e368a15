import type { Estimate, GroupSummary, PlannedGroup, PlannedRoster } from '@scim-onboarding/roster';
import type { Output } from '../../output.ts';
import { formatTable } from '../../table.ts';

/** Groups that are listed without `--verbose`. */
const LISTED = 40;
const COLORS = { create: 32, adopt: 36, update: 33, unchanged: 2, conflict: 31, held: 35 } as const;

/** Shows what a plan does: groups to which something is done, then totals and what they cost. */
export async function showPlan(
  output: Output,
  plan: PlannedRoster,
  estimate: Estimate,
  verbose: boolean,
): Promise<void> {
  await (verbose ? listAll(output, plan) : listInteresting(output, plan));
  const { byAction, add, remove, kept } = plan.totals;
  const actions = Object.entries(byAction)
    .filter(([, count]) => count > 0)
    .map(([action, count]) => `${count} ${action}`);
  output.line(
    `${plan.totals.groups} groups: ${actions.join(', ')}; ${add} members added, ${remove} removed${kept > 0 ? `, ${kept} stay that the roster does not have` : ''}`,
  );
  if ((byAction.held ?? 0) > 0) {
    output.line(`${byAction.held} held. If their removals are wanted: onboard apply … --approve ${plan.approval}`);
  }
  output.line(
    `About ${estimate.requests} requests, ${duration(estimate.seconds)} at the limit of the target (${plan.header.target.name})`,
  );
}

function listInteresting(output: Output, { summaries }: PlannedRoster): void {
  const interesting = summaries.filter(({ action }) => action !== 'unchanged');
  const [head, ...lines] = tableOf(interesting.slice(0, LISTED));
  if (head === undefined) return;
  for (const line of [head, ...lines]) output.line(line, colorOf(line));
  if (interesting.length > LISTED) output.line(`… and ${interesting.length - LISTED} more (--verbose lists all)`);
}

/** The widths of the columns are those of the summaries; members come behind the last column, a group at a time. */
async function listAll(output: Output, plan: PlannedRoster): Promise<void> {
  const [head, ...lines] = tableOf(plan.summaries);
  if (head === undefined) return;
  output.line(head);
  let index = 0;
  for await (const group of plan.groups()) {
    const line = lines[index++] ?? '';
    output.line([line, ...membersOf(group)].join('  '), colorOf(line));
  }
}

function tableOf(groups: readonly GroupSummary[]): string[] {
  return groups.length === 0
    ? []
    : formatTable(['GROUP', 'EXTERNAL ID', 'ACTION', 'ADD', 'REMOVE', ''], groups.map(row));
}

function row({ displayName, externalId, action, add, remove, rename, reason }: GroupSummary): string[] {
  const more = [
    ...(rename === undefined ? [] : [`renamed from ${JSON.stringify(rename.from)}`]),
    ...(reason === undefined ? [] : [reason]),
  ];
  return [displayName, externalId, action, String(add), String(remove), more.join('; ')];
}

function membersOf({ add, remove }: PlannedGroup): string[] {
  return [...(add.length > 0 ? [`+ ${add.join(' ')}`] : []), ...(remove.length > 0 ? [`- ${remove.join(' ')}`] : [])];
}

function colorOf(line: string): number | undefined {
  const action = /\s(create|adopt|update|unchanged|conflict|held)\s/u.exec(line)?.[1] as
    | keyof typeof COLORS
    | undefined;
  return action === undefined ? undefined : COLORS[action];
}

export function duration(seconds: number): string {
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
