import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { rosterResults } from '@scim-onboarding/onboarding-client';
import { onboardingWorkflowId, type RosterProgress } from '@scim-onboarding/onboarding-contract';
import {
  reportCsv,
  reportHtml,
  reportJson,
  reportTotals,
  type PlannedRoster,
  type ReportedGroup,
  type RosterReport,
} from '@scim-onboarding/roster';
import type { Client } from '@temporalio/client';
import type { Context } from '../../context.ts';

export interface ReportInput {
  readonly plan: PlannedRoster;
  /** Groups that were left out because their state changed since the plan was made. */
  readonly excluded: ReadonlyMap<string, string>;
  readonly progress: RosterProgress;
  readonly startedAt: string;
  readonly rosterId: string;
  /** Undefined: only the numbers are told. */
  readonly folder: string | undefined;
}

/** Tells what became of a roster, and writes it as CSV, JSON and one HTML page. */
export async function writeReport({ output }: Context, client: Client, input: ReportInput): Promise<RosterReport> {
  const groups = await reportedGroups(client, input);
  const { roster } = input.plan.header;
  const report: RosterReport = {
    roster: { file: roster.file, digest: roster.digest, groups: roster.groups },
    startedAt: input.startedAt,
    endedAt: new Date().toISOString(),
    totals: reportTotals(groups),
    groups,
  };
  for (const group of groups.filter(({ outcome }) => outcome === 'blocked' || outcome === 'failed').slice(0, 20)) {
    output.line(
      `✗ ${group.externalId} ${group.outcome}: ${group.blockedReason ?? ''} ${group.message ?? ''}`.trimEnd(),
    );
    if (group.outcome === 'blocked') output.line(`    onboard show ${group.workflowId}`);
  }
  if (input.folder === undefined) return report;
  await mkdir(input.folder, { recursive: true });
  for (const [name, render] of Object.entries({
    'report.csv': reportCsv,
    'report.json': reportJson,
    'report.html': reportHtml,
  })) {
    await pipeline(Readable.from(render(report)), createWriteStream(join(input.folder, name), { mode: 0o600 }));
  }
  output.line(`Report: ${join(input.folder, 'report.html')}, report.csv, report.json`);
  return report;
}

async function reportedGroups(
  client: Client,
  { plan, excluded, progress, rosterId }: ReportInput,
): Promise<ReportedGroup[]> {
  const { tenant } = plan.header.options;
  const results = new Map<string, ReportedGroup>();
  for await (const { externalId, displayName, outcome, groupId, failureType, message, latencyMs } of rosterResults(
    client,
    rosterId,
    progress,
  )) {
    const workflowId = onboardingWorkflowId(tenant, externalId);
    results.set(externalId, {
      externalId,
      displayName,
      outcome,
      groupId,
      blockedReason: failureType,
      message,
      latencyMs,
      workflowId,
    });
  }
  return plan.summaries.map(({ externalId, displayName, action, groupId, reason }): ReportedGroup => {
    const base = { externalId, displayName, groupId, workflowId: onboardingWorkflowId(tenant, externalId) };
    const changed = excluded.get(externalId);
    if (changed !== undefined) return { ...base, outcome: 'not-started', message: changed };
    if (action === 'held' || action === 'conflict') return { ...base, outcome: action, message: reason };
    if (action === 'unchanged') return { ...base, outcome: 'unchanged' };
    return results.get(externalId) ?? { ...base, outcome: 'not-started' };
  });
}
