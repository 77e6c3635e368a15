import type { StepOptions, StepsChanged } from '@scim-onboarding/onboarding-client';
import type { Context } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { actOnRuns, type RunsFlags, type Target } from './many.ts';

export interface StepFlags extends RunsFlags {
  /** Activity id. */
  readonly step?: string;
  readonly reason?: string;
}

/** `onboard retry-now`: begins the next attempt of what waits for one. */
export async function retryNow(context: Context, id: string | undefined, flags: StepFlags): Promise<ExitCode> {
  return actOnRuns(context, id, flags, {
    does: (runs) => `begin the next attempt of ${runs} now`,
    filter: { open: true },
    act: async (onboarding, target) =>
      told('next attempt', await onboarding.retryNow(target.id, options(target, flags))),
  });
}

/** `onboard pause`: lets a step begin no further attempt. */
export async function pause(context: Context, id: string | undefined, flags: StepFlags): Promise<ExitCode> {
  const reason = flags.reason ?? 'paused by `onboard pause`';
  return actOnRuns(context, id, flags, {
    does: (runs) => `pause the pending steps of ${runs}`,
    filter: { open: true },
    act: async (onboarding, target) =>
      told('paused until `onboard resume`', await onboarding.pause(target.id, reason, options(target, flags))),
  });
}

/** `onboard resume`: lets paused steps go on. */
export async function resume(context: Context, id: string | undefined, flags: StepFlags): Promise<ExitCode> {
  return actOnRuns(context, id, flags, {
    does: (runs) => `resume the paused steps of ${runs}`,
    filter: { open: true },
    act: async (onboarding, target) => told('resumed', await onboarding.resume(target.id, options(target, flags))),
  });
}

function options({ runId }: Target, { step }: StepFlags): StepOptions {
  return { ...(runId !== undefined && { runId }), ...(step !== undefined && { activityId: step }) };
}

function told(what: string, changed: StepsChanged): StepsChanged & { readonly did: string } {
  return { ...changed, did: `${changed.activityIds.join(', ')}: ${what}` };
}
