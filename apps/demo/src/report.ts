import type { AuditMetrics } from '@scim-onboarding/audit-log';
import type { StoryResult } from './run-story.ts';

/** What the demo ends with; printed as it is by `--json`. */
export interface DemoReport {
  readonly runs: readonly StoryResult[];
  readonly audit: AuditMetrics;
  readonly groupsInDirectory: number;
}

/** The report as text: a table of runs, then the metrics. */
export function renderReport({ runs, audit, groupsInDirectory }: DemoReport): string {
  const rows = runs.map((run) => [
    run.name,
    run.externalId,
    run.failure === undefined ? run.outcome : `${run.outcome}: ${run.failure}`,
    run.groupId ?? '-',
    String(run.requests),
    String(run.latencyMs),
  ]);
  return [
    ...table(['story', 'externalId', 'outcome', 'group', 'requests', 'ms'], rows),
    '',
    `audit       ${audit.total} records, success rate ${Math.round(audit.successRate * 100)} %, latency ${Math.round(audit.averageLatencyMs)} ms on average, ${Math.round(audit.p95LatencyMs)} ms at p95`,
    `directory   ${groupsInDirectory} groups`,
  ].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}
