import { proxyActivities, type ActivityOptions } from '@temporalio/workflow';
import type { Step } from '@scim-onboarding/onboarding-contract/workflow';
import type { OnboardingActivities } from './activities.ts';
import { STEP_POLICIES } from './retry-policies.ts';

const ACTIVITY_OF_STEP = {
  'validate-group': 'validateGroup',
  'create-group': 'createGroup',
  'find-group': 'findGroup',
  'sync-members': 'syncMembers',
  'verify-group': 'verifyGroup',
  'send-webhook': 'sendWebhook',
  'record-audit': 'recordAudit',
  'delete-group': 'deleteGroup',
} as const satisfies Record<Step, keyof OnboardingActivities>;

type ActivityOf<S extends Step> = OnboardingActivities[(typeof ACTIVITY_OF_STEP)[S]];

// The time-out is only a default that the SDK asks for: each call brings the options of its step. Types are those of the step, in `runStep`.
const activities = proxyActivities<Record<string, (input: unknown) => Promise<unknown>>>({
  startToCloseTimeout: '1 minute',
});

/**
 * Runs the activity of a step by its policy. The activity's id is the step's name, with a suffix where a step runs again, so that a
 * changed order of steps is caught in replay, and a person finds the step in the history.
 */
export function runStep<S extends Step>(
  step: S,
  activityId: string,
  input: Parameters<ActivityOf<S>>[0],
  options: { readonly summary: string } & Pick<ActivityOptions, 'scheduleToCloseTimeout'>,
): ReturnType<ActivityOf<S>> {
  const activity = activities[ACTIVITY_OF_STEP[step]];
  if (activity === undefined) throw new Error(`no activity for ${step}`);
  const call: ActivityOptions = { ...STEP_POLICIES[step], ...options, activityId };
  return activity.executeWithOptions(call, [input]) as ReturnType<ActivityOf<S>>;
}
