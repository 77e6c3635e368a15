import type { GroupRules } from '@scim-onboarding/scim-core';
import type { Calls } from './calls.ts';
import { endedError, resolveRun } from './resolve.ts';
import { describeRun } from './result.ts';
import { isOpen } from './status.ts';

export interface CancelOptions {
  readonly tenant?: string;
  /** Default: the newest run. */
  readonly runId?: string;
  /** Delete the group if this run created it. Needs a worker that takes the request now. Default false. */
  readonly compensate?: boolean;
  /** Who asks for it; shown in the run. With `compensate` only. */
  readonly by?: string;
  /** Milliseconds for each call to the server. */
  readonly deadlineMs?: number;
}

/**
 * Asks a run to end.
 *
 * @throws OnboardingNotFoundError if there is no open run
 */
export async function cancelOnboarding(
  calls: Calls,
  workflowId: string,
  options: Omit<CancelOptions, 'tenant'> & { readonly rules: GroupRules },
): Promise<void> {
  const { compensate, deadlineMs } = options;
  if (compensate === true) {
    await resolveRun(calls, workflowId, { action: 'abort', compensate }, options);
    return;
  }
  const run = await describeRun(calls, workflowId, options.runId, deadlineMs);
  // The server takes a cancel request for a closed run without a word, so the look has to come first.
  if (!isOpen(run)) throw endedError(calls, workflowId, run.status.name);
  await calls.call({ call: 'cancel', workflowId, runId: run.runId, deadlineMs }, () =>
    calls.client.workflow.getHandle(workflowId, run.runId).cancel(),
  );
}
