/** The answer of one check of `onboard doctor`. */
export interface Check {
  readonly check: string;
  /** `skipped`: it needs something that an earlier check did not get. */
  readonly state: 'ok' | 'failed' | 'skipped';
  readonly message: string;
  /** What to fix. */
  readonly hint?: string;
  /** Why it failed, for the exit code. Default `other`. */
  readonly reason?: 'settings' | 'unreachable' | 'other';
}

export type Report = (check: Check) => void;
