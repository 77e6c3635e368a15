import { OUTCOMES, type Outcome } from '@scim-onboarding/onboarding-contract/workflow';

/** How a group of a run ended; those after `cancelled` have not ended, or were never started. */
export const REPORT_OUTCOMES = [...OUTCOMES, 'blocked', 'running', 'held', 'conflict', 'not-started'] as const;
export type ReportOutcome = Outcome | 'blocked' | 'running' | 'held' | 'conflict' | 'not-started';

export interface ReportedGroup {
  readonly externalId: string;
  readonly displayName: string;
  readonly outcome: ReportOutcome;
  readonly groupId?: string | undefined;
  /** Why a person has to decide. */
  readonly blockedReason?: string | undefined;
  readonly message?: string | undefined;
  /** Milliseconds from the start of the run until the group was read back. */
  readonly latencyMs?: number | undefined;
  readonly workflowId: string;
}

/** What came of a roster. */
export interface RosterReport {
  readonly roster: { readonly file: string; readonly digest: string; readonly groups: number };
  /** ISO 8601. */
  readonly startedAt: string;
  /** Undefined while groups are still running. */
  readonly endedAt?: string | undefined;
  readonly totals: Readonly<Record<ReportOutcome, number>>;
  readonly groups: readonly ReportedGroup[];
}

/** Counts groups by outcome; outcomes that none has are 0. */
export function reportTotals(groups: readonly ReportedGroup[]): Record<ReportOutcome, number> {
  const totals = Object.fromEntries(REPORT_OUTCOMES.map((outcome) => [outcome, 0])) as Record<ReportOutcome, number>;
  for (const { outcome } of groups) totals[outcome] += 1;
  return totals;
}

/** Outcomes for which a person has to do something. */
export function needsPerson({ outcome }: ReportedGroup): boolean {
  return ['blocked', 'failed', 'partial', 'held', 'conflict'].includes(outcome);
}
