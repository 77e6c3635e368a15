import type { RosterDriftEvent } from './roster-drift-event.ts';
import type { RosterWebhookEvent } from './roster-webhook-event.ts';
import type { WebhookEvent } from './webhook-event.ts';

/** What the HRIS is told, all delivered in the same way (Standard Webhooks 1.0.0). */
export type HrisEvent = WebhookEvent | RosterWebhookEvent | RosterDriftEvent;
