import type { Context } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { resolveWorkflowId } from '@scim-onboarding/onboarding-client';
import { actOnRuns, type RunsFlags } from './many.ts';
import { DELETING, operatorName } from './resolve.ts';

export interface CancelFlags extends RunsFlags {
  readonly compensate?: boolean;
  readonly by?: string;
}

/** `onboard cancel`: asks a run to end. */
export async function cancel(context: Context, id: string | undefined, flags: CancelFlags): Promise<ExitCode> {
  const compensate = flags.compensate === true;
  const by = flags.by ?? operatorName(context);
  return actOnRuns(context, id, flags, {
    does: (runs) => `cancel ${runs}${compensate ? DELETING : ''}`,
    filter: { open: true },
    async act(onboarding, { id: given, runId }) {
      await onboarding.cancel(given, {
        compensate,
        ...(runId !== undefined && { runId }),
        ...(by !== undefined && { by }),
      });
      return {
        workflowId: resolveWorkflowId(given, flags.tenant ?? context.settings.tenant),
        compensate,
        did: `was asked to end${compensate ? ' and to delete the group if it created it' : '; what was written stays'}`,
      };
    },
  });
}
