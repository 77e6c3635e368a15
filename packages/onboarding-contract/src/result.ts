import type { AuditStatus, GroupOutcome } from './names.ts';

/** How the delivery to the HRIS ended. */
export interface WebhookReport {
  /** `not-configured`: no HRIS_WEBHOOK_URL. `undelivered`: given up or refused; the group is not affected. */
  readonly state: 'delivered' | 'undelivered' | 'not-configured';
  /** Value of the `webhook-id` header, the same in every attempt. */
  readonly id?: string;
  readonly attempts?: number;
  /** Why it was not delivered. */
  readonly reason?: string;
}

/** Counts of a run's members. */
export interface MemberReport {
  /** Different members of the definition. */
  readonly requested: number;
  /** Members that this run put into the group. */
  readonly added: number;
  /** Members that this run took out of the group (policy `update`). */
  readonly removed: number;
  /** Members of the definition that the group did not have when it was read back. */
  readonly missing: number;
  /** The first of those, at most 100. */
  readonly missingIds: readonly string[];
  readonly duplicatesDropped: number;
}

/** What a successful onboarding returns. */
export interface OnboardGroupResult {
  readonly outcome: GroupOutcome;
  readonly status: AuditStatus;
  readonly tenant: string;
  readonly externalId: string;
  readonly displayName: string;
  /** Id of the group in the target. */
  readonly groupId: string;
  /** Which API the group was written by. */
  readonly target: string;
  /** True if the outcome of a create request was unclear and the group was found by looking it up. */
  readonly recovered: boolean;
  readonly members: MemberReport;
  /** Milliseconds from the start of the run until the group was read back. */
  readonly latencyMs: number;
  readonly webhook: WebhookReport;
}
