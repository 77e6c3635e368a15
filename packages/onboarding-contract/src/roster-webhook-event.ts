import type { RosterCounts, RosterProblem } from './roster.ts';

/** Name of the event that tells of a whole roster. */
export const ROSTER_EVENT = 'scim.roster.completed';

/**
 * Body of the webhook at the end of a roster, delivered as that of a group is (Standard Webhooks 1.0.0). It names no members, and at most
 * 20 blocked and 20 failed groups, so that it stays under the 20 kB that the standard advises.
 */
export interface RosterWebhookEvent {
  readonly event: typeof ROSTER_EVENT;
  readonly type: typeof ROSTER_EVENT;
  /** When the last group was settled, ISO 8601, UTC. */
  readonly timestamp: string;
  readonly data: {
    readonly rosterId: string;
    /** First run of the roster; the id of the delivery is `msg_` and this. */
    readonly runId: string;
    /** First run whose groups this one tried again. */
    readonly retryOf?: string;
    readonly tenant: string;
    /** File name. */
    readonly name: string;
    /** Digest of the roster. */
    readonly digest: string;
    /** `cancelled`: somebody cancelled the roster; groups may not have been started. */
    readonly state: 'completed' | 'cancelled';
    /** ISO 8601, UTC. */
    readonly startedAt: string;
    readonly endedAt: string;
    /** Groups that were to be onboarded. */
    readonly groups: number;
    /** Groups by outcome; outcomes that none has are left out. */
    readonly counts: RosterCounts;
    /** Groups of which the roster does not know what became: never handed over, or their part was ended by hand. */
    readonly unknown: number;
    /** The first blocked and failed groups. */
    readonly problems: readonly RosterProblem[];
    /** Blocked and failed groups that `problems` leaves out. */
    readonly moreProblems: number;
  };
}
