import { FAILURE_TYPES } from '@scim-onboarding/onboarding-contract/workflow';
import { isScimError } from '@scim-onboarding/scim-core';
import type { ActivityRun } from './run-activity.ts';
import { requestDetails, typedFailure } from './to-failure.ts';

/** How long a group that was just created may answer 404 before it counts as gone, in milliseconds. */
const VISIBILITY_WINDOW_MS = 60_000;

/** Runs a request about a group that this run knows to exist: a 404 is retried for a while, since directories may lag behind. */
export async function groupNotVisible<T>(run: ActivityRun, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (!isScimError(error, 'not_found')) throw error;
    const retryable = run.ageMs < VISIBILITY_WINDOW_MS;
    throw typedFailure(
      FAILURE_TYPES.groupNotVisible,
      `The group is not visible ${retryable ? 'yet; it is looked for again' : `after ${VISIBILITY_WINDOW_MS / 1000} s`}. ${error.message}`,
      'Look in the target whether the group was deleted meanwhile; if so, try again.',
      { retryable, details: requestDetails(error) },
    );
  }
}
