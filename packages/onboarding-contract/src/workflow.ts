/** The part of the contract that workflow code imports: no zod, no Node built-ins. */
export {
  auditStatus,
  ONBOARD_GROUP_WORKFLOW,
  OUTCOMES,
  RUN_PRIORITY,
  STAGES,
  STEPS,
  TASK_QUEUES,
  type AuditStatus,
  type GroupOutcome,
  type Outcome,
  type Stage,
  type Step,
} from './names.ts';
export { DIGEST_MEMO } from './memo.ts';
export { FAILURE_TYPES, failureDocs, type FailureDetails, type FailureType } from './failure-types.ts';
export { searchAttributes, SEARCH_ATTRIBUTE_TYPES } from './search-attributes.ts';
export { DEFAULT_TENANT, isOnboardingWorkflowId, onboardingWorkflowId, TENANT_PATTERN } from './workflow-id.ts';
export {
  CONFLICT_POLICIES,
  DEFAULT_BLOCKED,
  memberCount,
  ON_FAILURE,
  REMOVAL_LIMIT,
  type BlockedTimes,
  type ConflictPolicy,
  type OnboardGroupInput,
  type OnFailure,
  type PackedMembers,
  type WireDefinition,
} from './input.ts';
export type { MemberReport, OnboardGroupResult, WebhookReport } from './result.ts';
export {
  getOnboardingState,
  publishStage,
  RESOLUTION_ACTIONS,
  resolveOnboarding,
  type BlockedReport,
  type OnboardingState,
  type Resolution,
  type Resolved,
  type StepReport,
} from './messages.ts';
export { webhookEventName, type WebhookEvent, type WebhookEventName } from './webhook-event.ts';
export { ROSTER_EVENT, type RosterWebhookEvent } from './roster-webhook-event.ts';
export { ambiguousText, describeOwner, nameConflictText, type GroupIdentity } from './conflict-text.ts';
export {
  GROUPS_PER_PART,
  isRosterWorkflowId,
  ONBOARD_ROSTER_WORKFLOW,
  ROSTER_PART_WORKFLOW,
  ROSTER_PROBLEMS,
  rosterGroupsQuery,
  rosterIsThrough,
  rosterPartId,
  rosterWorkflowId,
  STARTS_PER_RUN,
  type OnboardRosterInput,
  type RosterCancel,
  type RosterControl,
  type RosterCounts,
  type RosterGroupResult,
  type RosterOptions,
  type RosterPartGroup,
  type RosterPartInput,
  type RosterProblem,
  type RosterProgress,
  type RosterState,
} from './roster.ts';
export type { HrisEvent } from './hris-event.ts';
export { ROSTER_DRIFT_EVENT, type RosterDriftEvent } from './roster-drift-event.ts';
export {
  ROSTER_JOB_MODES,
  ROSTER_JOB_OUTCOMES,
  ROSTER_JOB_WORKFLOW,
  rosterJobId,
  rosterPathProblem,
  SCHEDULE_ID_PATTERN,
  type RosterJobHold,
  type RosterJobInput,
  type RosterJobMode,
  type RosterJobOutcome,
  type RosterJobResult,
} from './roster-job.ts';
export {
  cancelRoster,
  expectParts,
  getPartResults,
  getRosterProgress,
  getUnfinishedGroups,
  groupBlocked,
  partDone,
  partProgress,
  pauseRoster,
  steerPart,
  type PartReport,
  type UnfinishedGroups,
} from './roster-messages.ts';
