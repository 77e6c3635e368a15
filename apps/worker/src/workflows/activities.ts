import type {
  AuditStatus,
  ConflictPolicy,
  MemberReport,
  Outcome,
  HrisEvent,
  WebhookReport,
  WireDefinition,
} from '@scim-onboarding/onboarding-contract/workflow';

/**
 * Which definition an activity works on. Activities read it from the run's own history, so that a list of 10 000 members stands
 * there once and not with every step.
 */
export interface DefinitionRef {
  /** Id of the `resolve` update that brought an amended definition; left out: the one that the run was started with. */
  readonly updateId?: string;
  /** Id of the roster that the run belongs to: look-ups are answered from its snapshot of the directory. */
  readonly roster?: string;
}

/** A group as conflict resolution needs it. */
export interface GroupRef {
  readonly groupId: string;
  readonly displayName: string;
  readonly externalId?: string;
}

/** Groups that match the definition exactly. */
export interface FoundGroups {
  readonly byExternalId: readonly GroupRef[];
  readonly byName: readonly GroupRef[];
  /** True if every group of the target was read. */
  readonly listedAll: boolean;
}

/** What validation found; also the settings of the worker that the run goes by, so that they are part of its history. */
export interface ValidatedGroup extends FoundGroups {
  readonly target: string;
  /** Undefined if no HRIS_WEBHOOK_URL is set. */
  readonly webhook?: { readonly giveUpAfterSeconds: number };
}

export type CreatedGroup =
  | {
      readonly kind: 'created';
      readonly group: GroupRef;
      /** Found by look-up after an unclear attempt. */
      readonly recovered: boolean;
      /** True if it has its externalId and all members, as far as the target says. */
      readonly complete: boolean;
      /** What was read back of a group that was created whole; left out if that did not work at once. */
      readonly verified?: VerifiedGroup;
    }
  | {
      readonly kind: 'conflict';
      /** An earlier attempt may have made the group that is in the way. */ readonly afterUnclear: boolean;
    };

export interface SyncedMembers {
  readonly added: number;
  readonly removed: number;
  /** True if the name or the externalId was set. */
  readonly relabelled: boolean;
  /** Members that the target refused, each asked for alone. */
  readonly refused: number;
}

export interface VerifiedGroup {
  readonly displayName: string;
  readonly missing: number;
  /** At most 100. */
  readonly missingIds: readonly string[];
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
  readonly members?: Pick<MemberReport, 'requested' | 'added' | 'removed' | 'missing' | 'duplicatesDropped'>;
  readonly webhook?: Pick<WebhookReport, 'id' | 'attempts'> & { readonly state: WebhookReport['state'] | 'not-sent' };
  readonly failure?: { readonly type: string; readonly message: string; readonly correlationId?: string };
}

/** The steps that call other systems. The workflow knows this interface only; the worker's activities implement it. */
export interface OnboardingActivities {
  /**
   * Checks the definition against the rules, the directory and the role policy. Fails with `ValidationFailed`. Who holds the name or
   * the externalId is returned: the workflow decides.
   */
  validateGroup(input: {
    readonly ref: DefinitionRef;
    /** The definition that `ref` stands for, if it is small: it saves the worker a look into the history. */
    readonly definition?: WireDefinition;
    readonly policy: ConflictPolicy;
    readonly adopt?: string;
  }): Promise<ValidatedGroup>;
  /**
   * Creates the group. Looks for it first if anything of the kind may have been sent before: by an earlier attempt, or (`lookFirst`)
   * by the run before a reset.
   */
  createGroup(input: { readonly ref: DefinitionRef; readonly lookFirst: boolean }): Promise<CreatedGroup>;
  /** Looks for the group by externalId, then by name, then in the whole list. */
  findGroup(ref: DefinitionRef): Promise<FoundGroups>;
  /** Adds the members that the group lacks, sets its externalId where it has none; with `makeEqual` also renames and removes. */
  syncMembers(input: {
    readonly ref: DefinitionRef;
    readonly groupId: string;
    readonly makeEqual: boolean;
    readonly allowRemovals: boolean;
  }): Promise<SyncedMembers>;
  /** Reads the group back and compares. */
  verifyGroup(input: { readonly ref: DefinitionRef; readonly groupId: string }): Promise<VerifiedGroup>;
  /** Which webhook this worker has; null if no HRIS_WEBHOOK_URL is set. */
  describeWebhook(): Promise<NonNullable<ValidatedGroup['webhook']> | null>;
  /** Delivers one event to the HRIS. */
  sendWebhook(input: { readonly id: string; readonly event: HrisEvent }): Promise<{ readonly attempts: number }>;
  /** Appends the record, unless one with its id is there. */
  recordAudit(record: AuditInput): Promise<void>;
  /** Deletes a group that this run created. A group that is gone already is fine. */
  deleteGroup(input: { readonly groupId: string }): Promise<void>;
}
