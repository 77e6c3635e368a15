/** The client that other services import. */
export { createOnboardingClient, type OnboardingClient, type OnboardingClientOptions } from './onboarding-client.ts';
export type { CancelOptions } from './cancel.ts';
export { checkedDefinition, type CheckedDefinition, type StartedOnboarding, type StartOptions } from './start.ts';
export { DEFAULT_RESULT_DEADLINE_MS, type ResultOptions } from './result.ts';
export type { OnboardingStatus, StatusOptions } from './status.ts';
export type { PendingActivity } from './pending-activities.ts';
export { resolveWorkflowId, runUiPath } from './workflow-ids.ts';
export {
  DeadlineExceededError,
  DefinitionMismatchError,
  InvalidArgumentError,
  InvalidGroupDefinitionError,
  OnboardingClientError,
  OnboardingFailedError,
  OnboardingNotFoundError,
  TemporalRefusedError,
  TemporalUnavailableError,
  UnreadableResultError,
  type OnboardingFailure,
} from './errors.ts';
