import { ActivityFailure, isCancellation } from '@temporalio/workflow';
import type { WebhookReport } from '@scim-onboarding/onboarding-contract/workflow';
import { describeFailure } from './failures.ts';

/**
 * What is told of an event that the HRIS did not take. A receiver that stays down fails nothing: the work is done, and the result says what
 * was not delivered.
 *
 * @throws the error itself, if it is not the failure of the delivery, or the run was cancelled
 */
export function undelivered(id: string, error: unknown): WebhookReport {
  if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
  const { message, details } = describeFailure(error);
  const attempts = details?.attempts;
  return { state: 'undelivered', id, reason: message, ...(attempts === undefined ? {} : { attempts }) };
}
