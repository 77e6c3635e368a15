import { type CancellationScope, isCancellation, workflowInfo } from '@temporalio/workflow';
import {
  ROSTER_EVENT,
  type RosterProgress,
  type RosterWebhookEvent,
  type WebhookReport,
} from '@scim-onboarding/onboarding-contract/workflow';
import { describeWebhook, sendWebhook } from './roster-activities.ts';
import { total } from './roster-state.ts';
import { undelivered } from './undelivered.ts';

/**
 * Tells the HRIS of a roster whose groups are settled. A receiver that stays down changes nothing of what the roster returns but this
 * report.
 *
 * @param scope cancelled by a person who does not want to wait for the receiver
 */
export async function notifyOfRoster(
  progress: RosterProgress,
  endedAt: string,
  scope: CancellationScope,
): Promise<WebhookReport> {
  // Made of the first run's id: the same after a continue-as-new and a reset, so that the receiver drops a second delivery.
  const id = `msg_${progress.run}`;
  try {
    return await scope.run(async () => {
      const webhook = await describeWebhook.executeWithOptions(
        { activityId: 'describe-webhook', summary: 'Ask whether there is an HRIS to tell' },
        [],
      );
      if (webhook === null) return { state: 'not-configured' };
      const { attempts } = await sendWebhook.executeWithOptions(
        {
          activityId: 'send-webhook',
          summary: `Tell the HRIS: ${ROSTER_EVENT}`,
          scheduleToCloseTimeout: `${webhook.giveUpAfterSeconds} seconds`,
        },
        [{ id, event: eventOf(progress, endedAt) }],
      );
      return { state: 'delivered', id, attempts };
    });
  } catch (error) {
    // An attempt that fails while the cancel request is on its way fails as it would have without it.
    if (isCancellation(error) || scope.consideredCancelled)
      return { state: 'undelivered', id, reason: 'Somebody gave the delivery up.' };
    return undelivered(id, error);
  }
}

function eventOf(progress: RosterProgress, endedAt: string): RosterWebhookEvent {
  const { run, tenant, name, digest, cancel, startedAt, groups, counts, problems, retryOf } = progress;
  const { blocked = 0, failed = 0 } = counts;
  return {
    event: ROSTER_EVENT,
    type: ROSTER_EVENT,
    timestamp: endedAt,
    data: {
      rosterId: workflowInfo().workflowId,
      runId: run,
      ...(retryOf === undefined ? {} : { retryOf }),
      tenant,
      name,
      digest,
      state: cancel === undefined ? 'completed' : 'cancelled',
      startedAt,
      endedAt,
      groups,
      counts,
      unknown: Math.max(0, groups - total(counts)),
      problems,
      moreProblems: Math.max(0, blocked + failed - problems.length),
    },
  };
}
