/** The client that other services import. */
export { createOnboardingClient, type OnboardingClient, type OnboardingClientOptions } from './onboarding-client.ts';
export type { CancelOptions } from './cancel.ts';
export { checkedDefinition, type CheckedDefinition, type StartedOnboarding, type StartOptions } from './start.ts';
export { DEFAULT_RESULT_DEADLINE_MS, type ResultOptions } from './result.ts';
export type { ResolutionRequest, ResolvedOnboarding, ResolveOptions } from './resolve.ts';
export type { ListOptions, OnboardingSummary } from './list.ts';
export { visibilityQuery, type OnboardingFilter } from './visibility-query.ts';
export type { HistoryOptions, OnboardingHistory } from './history.ts';
export type { AttemptFailure, OnboardingStory, StoryDecision, StoryStep } from './story.ts';
export type { StepOptions, StepsChanged } from './step-control.ts';
export type { ResetOptions, ResetRun } from './reset.ts';
export { decryptHistory } from './decrypt-history.ts';
export { redactHistory } from './redact-history.ts';
export type { OnboardingStatus, StatusOptions } from './status.ts';
export type { PendingActivity } from './pending-activities.ts';
export { resolveWorkflowId, runUiPath } from './workflow-ids.ts';
export {
  DeadlineExceededError,
  DefinitionMismatchError,
  InvalidArgumentError,
  InvalidGroupDefinitionError,
  NotBlockedError,
  OnboardingBlockedError,
  OnboardingClientError,
  OnboardingFailedError,
  OnboardingNotFoundError,
  PayloadUnreadableError,
  ResolutionRefusedError,
  ScheduleExistsError,
  ScheduleNotFoundError,
  TemporalRefusedError,
  TemporalUnavailableError,
  UnreadableResultError,
  type OnboardingFailure,
} from './errors.ts';
export { startRoster, type RosterGroup, type StartedRoster, type StartRosterOptions } from './roster.ts';
export {
  cancelRoster,
  listRosters,
  rosterExecution,
  rosterProgress,
  rosterResults,
  rosterSucceeded,
  setRosterPaused,
  type CancelRosterOptions,
  type ListRostersOptions,
  type RosterSummary,
} from './roster-runs.ts';
export { planRosterRetry, retryRoster, RosterNotRetriableError, type RosterRetry } from './roster-retry.ts';
export {
  createRosterSchedules,
  type CreatedSchedule,
  type RosterSchedule,
  type RosterScheduleOptions,
  type RosterSchedules,
  type ScheduleDetails,
  type TriggeredRun,
} from './schedules.ts';
export type { ScheduledRun } from './scheduled-runs.ts';
