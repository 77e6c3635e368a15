import type { Calls } from './calls.ts';
import { OnboardingNotFoundError } from './errors.ts';

export interface CancelOptions {
  readonly tenant?: string;
  /** Milliseconds for each call to the server. */
  readonly deadlineMs?: number;
}

/**
 * Asks the newest run to end.
 *
 * @throws OnboardingNotFoundError if there is no open run
 */
export async function cancelOnboarding(calls: Calls, workflowId: string, { deadlineMs }: CancelOptions): Promise<void> {
  const run = await calls.call({ call: 'describe', workflowId, deadlineMs }, () =>
    calls.client.workflow.getHandle(workflowId).describe(),
  );
  // The server takes a cancel request for a closed run without a word, so the look has to come first.
  if (run.closeTime !== undefined) {
    throw new OnboardingNotFoundError(
      workflowId,
      calls.namespace,
      `Workflow ${workflowId} has ended already (${run.status.name}).`,
    );
  }
  await calls.call({ call: 'cancel', workflowId, runId: run.runId, deadlineMs }, () =>
    calls.client.workflow.getHandle(workflowId, run.runId).cancel(),
  );
}
