import type { OnboardGroupResult, StepReport } from '@scim-onboarding/onboarding-contract';

/** A duration for a person: `42 ms`, `3.2 s`, `4 min 10 s`, `2 h 5 min`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min ${Math.floor((ms % 60_000) / 1_000)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const MARKS = { running: '…', done: '✓', failed: '✗', skipped: '-' } as const;

/** One line about a step, for example `✓ validate-group    42 ms  2 members exist`. */
export function formatStep(step: StepReport): string {
  const took = step.endedAfterMs === undefined ? 'running' : formatDuration(step.endedAfterMs - step.startedAfterMs);
  return `${MARKS[step.state]} ${step.step.padEnd(15)} ${took.padStart(9)}${step.note === undefined ? '' : `  ${step.note}`}`;
}

/** Rows of a table with aligned names. */
export function formatRows(rows: readonly (readonly [name: string, value: string | undefined])[]): string[] {
  const given = rows.filter((row): row is readonly [string, string] => row[1] !== undefined);
  const width = Math.max(0, ...given.map(([name]) => name.length));
  return given.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
}

/** What a run did, as rows. */
export function resultRows(result: OnboardGroupResult): [string, string][] {
  const { members, webhook } = result;
  const missing =
    members.missing > 0
      ? `, ${members.missing} missing: ${members.missingIds.slice(0, 5).join(', ')}${members.missing > 5 ? ', …' : ''}`
      : '';
  const removed = members.removed > 0 ? `, ${members.removed} removed` : '';
  const dropped = members.duplicatesDropped > 0 ? `, ${members.duplicatesDropped} duplicates dropped` : '';
  const attempts =
    webhook.attempts === undefined ? '' : `, ${webhook.attempts} ${webhook.attempts === 1 ? 'attempt' : 'attempts'}`;
  return [
    ['outcome', `${result.outcome} (${result.status})`],
    ['group', `${result.groupId} "${result.displayName}"`],
    ['members', `${members.requested} requested, ${members.added} added by this run${removed}${missing}${dropped}`],
    ['webhook', `${webhook.state}${attempts}${webhook.reason === undefined ? '' : `: ${webhook.reason}`}`],
    ['latency', formatDuration(result.latencyMs)],
    ['target', `${result.target}${result.recovered ? ', found again after an unclear answer' : ''}`],
  ];
}
