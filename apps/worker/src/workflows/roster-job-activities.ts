import type { RosterJobInput, RosterJobResult } from '@scim-onboarding/onboarding-contract/workflow';

/** What planning found; it stands in the history, so it holds no definitions and no members. */
export interface PlannedJob extends Pick<RosterJobResult, 'digest' | 'groups' | 'actions' | 'held' | 'differences'> {
  readonly target: string;
  /** Groups that are to be onboarded, with `apply`; of `selectionOf`. */
  readonly selection?: { readonly groups: number; readonly packed: string };
  /** Groups that differ, with `drift`: at most 100. */
  readonly externalIds?: readonly string[];
  /** Undefined if no HRIS_WEBHOOK_URL is set. */
  readonly webhook?: { readonly giveUpAfterSeconds: number };
}

export interface StartedJob {
  readonly rosterId: string;
  /** True if a run of the same roster was open. */
  readonly joined: boolean;
}

/** The steps of a scheduled job. The workflow knows this interface only. */
export interface RosterJobActivities {
  /**
   * Reads the roster and the directory, and plans every group. Writes nothing. Fails with `RosterFolderNotSet`, `RosterPathRefused`,
   * `RosterUnreadable`, `InvalidRoster`, `EmptyRoster` or `InvalidJob`.
   */
  planRosterJob(job: RosterJobInput): Promise<PlannedJob>;
  /**
   * Starts the roster's workflow with the selected groups, or joins the open one of the same file. Fails with `RosterChanged` if the file
   * is another one than that which was planned; nothing was started then.
   *
   * @param startId the same in each attempt: a second attempt goes on with what the first one began
   */
  startRosterJob(input: {
    readonly job: RosterJobInput;
    readonly startId: string;
    readonly digest: string;
    readonly selection: NonNullable<PlannedJob['selection']>;
  }): Promise<StartedJob>;
}
