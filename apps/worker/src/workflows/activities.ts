import type { GroupDefinition } from '@scim-onboarding/scim-core';
import type {
  AuditStatus,
  MemberReport,
  Outcome,
  WebhookEvent,
  WebhookReport,
} from '@scim-onboarding/onboarding-contract/workflow';

/** A group as conflict resolution needs it. */
export interface GroupRef {
  readonly groupId: string;
  readonly displayName: string;
  readonly externalId?: string;
}

/** What validation found; also the settings of the worker that the run goes by, so that they are part of its history. */
export interface ValidatedGroup {
  readonly target: string;
  /** The group, if one with this externalId exists already. */
  readonly existing?: GroupRef;
  /** Undefined if no HRIS_WEBHOOK_URL is set. */
  readonly webhook?: { readonly giveUpAfterSeconds: number };
}

export type CreatedGroup =
  | {
      readonly kind: 'created';
      readonly group: GroupRef;
      /** Found by look-up after an unclear attempt. */ readonly recovered: boolean;
    }
  | {
      readonly kind: 'conflict';
      /** An earlier attempt may have made the group that is in the way. */ readonly afterUnclear: boolean;
    };

/** Groups that match the definition exactly. */
export interface FoundGroups {
  readonly byExternalId: readonly GroupRef[];
  readonly byName: readonly GroupRef[];
  /** True if every group of the target was read. */
  readonly listedAll: boolean;
}

export interface VerifiedGroup {
  readonly displayName: string;
  readonly missing: number;
  /** At most 100. */
  readonly missingIds: readonly string[];
}

export interface SyncedMembers {
  readonly added: number;
}

/** An audit record without what the worker knows better. */
export interface AuditInput {
  /** Makes the record unique: workflow id, first run id, sequence. */
  readonly id: string;
  readonly timestamp: string;
  readonly tenant: string;
  readonly externalId: string;
  readonly displayName: string;
  readonly status: AuditStatus;
  readonly outcome: Outcome;
  readonly latencyMs: number;
  readonly groupId?: string;
  readonly target?: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly members?: Pick<MemberReport, 'requested' | 'added' | 'missing' | 'duplicatesDropped'>;
  readonly webhook?: Pick<WebhookReport, 'id' | 'attempts'> & { readonly state: WebhookReport['state'] | 'not-sent' };
  readonly failure?: { readonly type: string; readonly message: string; readonly correlationId?: string };
}

/** The steps that call other systems. The workflow knows this interface only; the worker's activities implement it. */
export interface OnboardingActivities {
  /** Checks the definition against the rules, the directory and the role policy. Fails with `ValidationFailed` or `NameConflict`. */
  validateGroup(definition: GroupDefinition): Promise<ValidatedGroup>;
  /** Creates the group; from the second attempt on looks for it first. */
  createGroup(definition: GroupDefinition): Promise<CreatedGroup>;
  /** Looks for the group by externalId, then by name, then in the whole list. */
  findGroup(identity: { readonly externalId: string; readonly displayName: string }): Promise<FoundGroups>;
  /** Adds the members that the group lacks; removes none. */
  syncMembers(input: { readonly groupId: string; readonly memberIds: readonly string[] }): Promise<SyncedMembers>;
  /** Reads the group back and compares. */
  verifyGroup(input: {
    readonly groupId: string;
    readonly externalId: string;
    readonly memberIds: readonly string[];
  }): Promise<VerifiedGroup>;
  /** Delivers one event to the HRIS. */
  sendWebhook(input: { readonly id: string; readonly event: WebhookEvent }): Promise<{ readonly attempts: number }>;
  /** Appends the record, unless one with its id is there. */
  recordAudit(record: AuditInput): Promise<void>;
}
