import { approvalDigest, type Estimate, type PlanDocument, type PlannedGroup } from '@scim-onboarding/roster';
import type { Output } from '../../output.ts';
import { formatTable } from '../../table.ts';

/** Groups that are listed without `--verbose`. */
const LISTED = 40;
const COLORS = { create: 32, adopt: 36, update: 33, unchanged: 2, conflict: 31, held: 35 } as const;

/** Shows what a plan does: groups to which something is done, then totals and what they cost. */
export function showPlan(output: Output, plan: PlanDocument, estimate: Estimate, verbose: boolean): void {
  const interesting = plan.groups.filter(({ action }) => verbose || action !== 'unchanged');
  const rows = (verbose ? interesting : interesting.slice(0, LISTED)).map((group) => row(group, verbose));
  if (rows.length > 0)
    for (const line of formatTable(['GROUP', 'EXTERNAL ID', 'ACTION', 'ADD', 'REMOVE', ''], rows))
      output.line(line, colorOf(line));
  if (!verbose && interesting.length > LISTED)
    output.line(`… and ${interesting.length - LISTED} more (--verbose lists all)`);
  const { byAction, add, remove, kept } = plan.totals;
  const actions = Object.entries(byAction)
    .filter(([, count]) => count > 0)
    .map(([action, count]) => `${count} ${action}`);
  output.line(
    `${plan.totals.groups} groups: ${actions.join(', ')}; ${add} members added, ${remove} removed${kept > 0 ? `, ${kept} stay that the roster does not have` : ''}`,
  );
  if ((byAction.held ?? 0) > 0) {
    output.line(
      `${byAction.held} held. If their removals are wanted: onboard apply … --approve ${approvalDigest(plan)}`,
    );
  }
  output.line(
    `About ${estimate.requests} requests, ${duration(estimate.seconds)} at the limit of the target (${plan.target.name})`,
  );
}

function row(group: PlannedGroup, verbose: boolean): string[] {
  const { displayName, externalId, action, add, remove, rename, reason } = group;
  const more = [
    ...(rename === undefined ? [] : [`renamed from ${JSON.stringify(rename.from)}`]),
    ...(reason === undefined ? [] : [reason]),
    ...(verbose && add.length > 0 ? [`+ ${add.join(' ')}`] : []),
    ...(verbose && remove.length > 0 ? [`- ${remove.join(' ')}`] : []),
  ];
  return [displayName, externalId, action, String(add.length), String(remove.length), more.join('; ')];
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
