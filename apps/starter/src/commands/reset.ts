import { uiAddress, type Context } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { actOnRuns, type RunsFlags } from './many.ts';

export interface ResetFlags extends RunsFlags {
  /** Activity id. */
  readonly toStep: string;
  readonly reason?: string;
}

/** `onboard reset`: starts a run again from a step on. */
export async function reset(context: Context, id: string | undefined, flags: ResetFlags): Promise<ExitCode> {
  const { toStep, reason } = flags;
  return actOnRuns(context, id, flags, {
    does: (runs) => `start ${runs} again from ${toStep} on`,
    filter: {},
    async act(onboarding, target) {
      const made = await onboarding.reset(target.id, {
        toStep,
        ...(reason !== undefined && { reason }),
        ...(target.runId !== undefined && { runId: target.runId }),
      });
      const { runId, formerRunId, uiPath } = made;
      const did = `run ${runId} goes on from ${toStep} of run ${formerRunId}; ${uiAddress(context.settings, uiPath)}`;
      return { ...made, did };
    },
  });
}
