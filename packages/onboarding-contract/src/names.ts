/** Name of the workflow type, as the Temporal UI shows it. */
export const ONBOARD_GROUP_WORKFLOW = 'onboardGroup';

/** Task queues: one for workflows, one for each system that activities call, so that a slow one does not hold up another. */
export const TASK_QUEUES = {
  /** Workflows, and activities that call no other system. */
  onboarding: 'group-onboarding',
  /** Activities that call Genesys Cloud or another SCIM server. */
  target: 'genesys-api',
  /** Deliveries to the HRIS. */
  webhooks: 'hris-webhooks',
} as const;

/**
 * Priority of runs in Temporal, 1 to 5; the lower goes first where tasks wait. What a run starts inherits it. A single onboarding goes
 * before the thousands of a roster.
 */
export const RUN_PRIORITY = { single: 2, roster: 4 } as const;

/** The steps of an onboarding; each is an activity, and its name is the activity's id in the history. */
export const STEPS = [
  'validate-group',
  'create-group',
  'find-group',
  'sync-members',
  'verify-group',
  'send-webhook',
  'record-audit',
  'delete-group',
] as const;
export type Step = (typeof STEPS)[number];

/** Where a run is. Value of the search attribute `OnboardingStage`. */
export const STAGES = [
  'validating',
  'creating',
  'resolving-conflict',
  'syncing-members',
  'verifying',
  'notifying',
  'done',
  'blocked',
] as const;
export type Stage = (typeof STAGES)[number];

/** How a run ended. Value of the search attribute `OnboardingOutcome`. */
export const OUTCOMES = ['created', 'adopted', 'updated', 'unchanged', 'partial', 'failed', 'cancelled'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Outcomes of a run that has a group to show. */
export type GroupOutcome = Exclude<Outcome, 'failed' | 'cancelled'>;

/** Status of the audit record. */
export type AuditStatus = 'success' | 'failure' | 'conflict_resolved';

/** The audit status that an outcome stands for. */
export function auditStatus(outcome: Outcome): AuditStatus {
  if (outcome === 'failed' || outcome === 'cancelled') return 'failure';
  return outcome === 'adopted' ? 'conflict_resolved' : 'success';
}
