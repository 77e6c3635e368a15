import type { GroupOutcome } from './names.ts';

/** Event names that the HRIS receives. */
export type WebhookEventName =
  `scim.group.${'created' | 'adopted' | 'updated' | 'unchanged' | 'partially_provisioned'}`;

/** Body of the webhook. `type` repeats `event` for receivers that follow Standard Webhooks. */
export interface WebhookEvent {
  readonly event: WebhookEventName;
  readonly type: WebhookEventName;
  /** When the group was read back, ISO 8601, UTC. */
  readonly timestamp: string;
  readonly data: {
    readonly groupId: string;
    readonly externalId: string;
    readonly displayName: string;
    readonly tenant: string;
    readonly target: string;
    readonly outcome: GroupOutcome;
    readonly members: {
      readonly requested: number;
      readonly added: number;
      readonly removed: number;
      readonly missing: number;
    };
    /** Workflow and run that did it. */
    readonly workflowId: string;
    readonly runId: string;
  };
}

/** The event that tells of an outcome. */
export function webhookEventName(outcome: GroupOutcome): WebhookEventName {
  return outcome === 'partial' ? 'scim.group.partially_provisioned' : `scim.group.${outcome}`;
}
