/** Exit codes of the command. */
export const EXIT = {
  /** Done; for `status`: the run is open or succeeded. */
  done: 0,
  /** The onboarding failed, was cancelled or terminated, or is blocked (`start --wait`); one of several runs could not be changed; or a check of `doctor` failed for another reason than those below. */
  failed: 1,
  /** Bad input, bad settings, or bad usage. Nothing was changed. */
  usage: 2,
  /** A server can't be reached. */
  unreachable: 3,
  /** The deadline passed; the run goes on. */
  deadline: 4,
  /** Ended by Ctrl-C (128 + SIGINT); the run goes on. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
