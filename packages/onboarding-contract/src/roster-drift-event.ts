/** Name of the event that tells of a roster that differs from the target. */
export const ROSTER_DRIFT_EVENT = 'scim.roster.drift';

/** Body of the webhook that a scheduled comparison sends when something differs. `type` repeats `event` for Standard Webhooks. */
export interface RosterDriftEvent {
  readonly event: typeof ROSTER_DRIFT_EVENT;
  readonly type: typeof ROSTER_DRIFT_EVENT;
  /** When the roster was compared, ISO 8601, UTC. */
  readonly timestamp: string;
  readonly data: {
    /** Path below the worker's folder. */
    readonly roster: string;
    readonly tenant: string;
    readonly target: string;
    /** Id of the schedule. */
    readonly schedule?: string;
    /** Groups of the roster. */
    readonly groups: number;
    readonly differences: number;
    readonly groupsThatDiffer: number;
    /** The first 100 of them. */
    readonly externalIds: readonly string[];
    readonly workflowId: string;
    readonly runId: string;
  };
}
