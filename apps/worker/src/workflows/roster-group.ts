import { ChildWorkflowFailure, isCancellation, startChild, TerminatedFailure } from '@temporalio/workflow';
import {
  FAILURE_TYPES,
  ONBOARD_GROUP_WORKFLOW,
  onboardingWorkflowId,
  RUN_PRIORITY,
  searchAttributes,
  type OnboardGroupInput,
  type OnboardGroupResult,
  type RosterGroupResult,
  type RosterPartGroup,
  type RosterPartInput,
} from '@scim-onboarding/onboarding-contract/workflow';
import { describeFailure } from './failures.ts';

const MAX_MESSAGE = 500;

/** Onboards one group of a part as a child, and tells what became of it. Does not throw. */
export async function runRosterGroup(input: RosterPartInput, group: RosterPartGroup): Promise<RosterGroupResult> {
  const { externalId, displayName } = group.definition;
  const args: OnboardGroupInput = {
    tenant: input.tenant,
    definition: group.definition,
    duplicatesDropped: group.duplicatesDropped,
    conflictPolicy: group.conflictPolicy ?? input.options.conflictPolicy,
    allowRemovals: input.options.allowRemovals,
    // A retry reads the directory anew: the run is in the name of what its look-ups share.
    roster: { id: `${input.rosterId}/${input.run}` },
  };
  try {
    const child = await startChild<(given: OnboardGroupInput) => Promise<OnboardGroupResult>>(ONBOARD_GROUP_WORKFLOW, {
      workflowId: onboardingWorkflowId(input.tenant, externalId),
      args: [args],
      // A run that is blocked goes on when the roster is through.
      parentClosePolicy: 'ABANDON',
      // What the group came to is told, not that its end was asked for.
      cancellationType: 'WAIT_CANCELLATION_COMPLETED',
      priority: { priorityKey: RUN_PRIORITY.roster },
      staticSummary: `Onboard ${displayName}`,
      typedSearchAttributes: [
        { key: searchAttributes.groupExternalId, value: externalId },
        { key: searchAttributes.tenant, value: input.tenant },
        { key: searchAttributes.stage, value: 'validating' },
      ],
    });
    const { outcome, groupId, latencyMs } = await child.result();
    return { externalId, displayName, outcome, groupId, latencyMs };
  } catch (error) {
    return { externalId, displayName, ...failureOf(error) };
  }
}

function failureOf(error: unknown): Pick<RosterGroupResult, 'outcome' | 'failureType' | 'message'> {
  if (error instanceof Error && error.name === 'WorkflowExecutionAlreadyStartedError') {
    return {
      outcome: 'failed',
      failureType: 'AlreadyOpen',
      message:
        'A run for this group is open. Wait for it, or decide about it if it is blocked, then try the group again.',
    };
  }
  if (isCancellation(error)) {
    return { outcome: 'cancelled', failureType: 'Cancelled', message: 'Cancelled before it was through.' };
  }
  const cause = error instanceof ChildWorkflowFailure ? error.cause : error;
  if (cause instanceof TerminatedFailure) {
    return { outcome: 'failed', failureType: 'Terminated', message: 'Somebody terminated its run.' };
  }
  const { type, message } = describeFailure(cause);
  const aborted = type === FAILURE_TYPES.aborted;
  return {
    outcome: aborted ? 'cancelled' : 'failed',
    failureType: type,
    message: message.slice(0, MAX_MESSAGE),
  };
}
