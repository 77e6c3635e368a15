import { workflowInfo } from '@temporalio/workflow';
import { webhookEventName, type WebhookEvent, type WebhookReport } from '@scim-onboarding/onboarding-contract/workflow';
import { runStep } from './activity-proxies.ts';
import type { Progress } from './progress.ts';
import type { Settled } from './round.ts';
import type { RunState } from './run-state.ts';
import { undelivered } from './undelivered.ts';

/** Tells the HRIS. A receiver that stays down does not fail the onboarding: the group is there, and the result says what was not delivered. */
export async function notify(state: RunState, settled: Settled, progress: Progress): Promise<WebhookReport> {
  if (state.webhook === undefined) return { state: 'not-configured' };
  progress.stage('notifying');
  // Made of the first run's id, so that a reset sends the same id and the receiver drops the second delivery.
  const id = `msg_${workflowInfo().originalExecutionRunId}`;
  const event = eventOf(state, settled);
  const options = {
    summary: `Tell the HRIS: ${event.event}`,
    scheduleToCloseTimeout: `${state.webhook.giveUpAfterSeconds} seconds`,
  } as const;
  try {
    const { attempts } = await progress.step(
      'send-webhook',
      'send-webhook',
      () => runStep('send-webhook', 'send-webhook', { id, event }, options),
      (result) => `delivered at attempt ${result.attempts}`,
    );
    return { state: 'delivered', id, attempts };
  } catch (error) {
    return undelivered(id, error);
  }
}

function eventOf(state: RunState, { groupId, displayName, outcome, members }: Settled): WebhookEvent {
  const { workflowId, originalExecutionRunId } = workflowInfo();
  const name = webhookEventName(outcome);
  const { requested, added, removed, missing } = members;
  return {
    event: name,
    type: name,
    timestamp: new Date(Date.now()).toISOString(),
    data: {
      groupId,
      externalId: state.head.externalId,
      displayName,
      tenant: state.input.tenant,
      target: state.target ?? '',
      outcome,
      members: { requested, added, removed, missing },
      workflowId,
      runId: originalExecutionRunId,
    },
  };
}
