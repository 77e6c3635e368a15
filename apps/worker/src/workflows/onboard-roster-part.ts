import {
  ApplicationFailure,
  ChildWorkflowFailure,
  condition,
  getExternalWorkflowHandle,
  setHandler,
  startChild,
} from '@temporalio/workflow';
import {
  beginPart,
  getPartResults,
  groupBlocked,
  ONBOARD_GROUP_WORKFLOW,
  onboardingWorkflowId,
  partDone,
  partProgress,
  pauseRoster,
  RUN_PRIORITY,
  searchAttributes,
  type OnboardGroupInput,
  type OnboardGroupResult,
  type PartDone,
  type RosterCounts,
  type RosterGroupResult,
  type RosterPartInput,
} from '@scim-onboarding/onboarding-contract/workflow';
import { describeFailure } from './failures.ts';

const DEFAULT_WINDOW = 10;

/** Onboards a part of a roster: some groups at a time, each in a run of its own that may outlive the roster. */
export async function onboardRosterPart(input: RosterPartInput): Promise<PartDone> {
  const results = new Map<string, RosterGroupResult>();
  const blockedNow = new Map<string, { readonly type: string; readonly message: string }>();
  let begun = false;
  let paused = false;
  setHandler(beginPart, () => {
    begun = true;
  });
  setHandler(pauseRoster, (value) => {
    paused = value;
  });
  setHandler(groupBlocked, ({ externalId, type, message }) => {
    blockedNow.set(externalId, { type, message });
  });
  setHandler(getPartResults, () => [...results.values()]);
  // A roster that never came, or was ended, must not leave its parts waiting for ever.
  if (!(await condition(() => begun, '7 days'))) return { part: input.part, counts: {} };

  const roster = getExternalWorkflowHandle(input.rosterId);
  const tell = (): Promise<void> => roster.signal(partProgress, { part: input.part, counts: countsOf(results) });
  const waiting = [...input.groups];
  const window = input.options.window ?? DEFAULT_WINDOW;
  const runNext = async (): Promise<void> => {
    for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) {
      await condition(() => !paused);
      const { externalId } = group.definition;
      const child = runGroup(input, group).then((result) => results.set(externalId, result));
      // A group that waits for a person does not hold the others back.
      await Promise.race([child, condition(() => blockedNow.has(externalId))]);
      const blocked = blockedNow.get(externalId);
      if (blocked !== undefined && !results.has(externalId)) {
        const { type, message } = blocked;
        results.set(externalId, {
          externalId,
          displayName: group.definition.displayName,
          outcome: 'blocked',
          failureType: type,
          message,
        });
      }
      if (results.size % window === 0) await tell();
    }
  };
  await Promise.all(Array.from({ length: window }, runNext));
  const done: PartDone = { part: input.part, counts: countsOf(results) };
  await roster.signal(partDone, done);
  return done;
}

async function runGroup(input: RosterPartInput, group: RosterPartInput['groups'][number]): Promise<RosterGroupResult> {
  const { externalId, displayName } = group.definition;
  const { allowRemovals } = input.options;
  const conflictPolicy = group.conflictPolicy ?? input.options.conflictPolicy;
  const args: OnboardGroupInput = {
    tenant: input.tenant,
    definition: group.definition,
    duplicatesDropped: group.duplicatesDropped,
    conflictPolicy,
    allowRemovals,
    roster: { id: input.rosterId },
  };
  try {
    const child = await startChild<(given: OnboardGroupInput) => Promise<OnboardGroupResult>>(ONBOARD_GROUP_WORKFLOW, {
      workflowId: onboardingWorkflowId(input.tenant, externalId),
      args: [args],
      // A run that is blocked goes on when the roster is through.
      parentClosePolicy: 'ABANDON',
      cancellationType: 'WAIT_CANCELLATION_REQUESTED',
      priority: { priorityKey: RUN_PRIORITY.roster },
      staticSummary: `Onboard ${displayName}`,
      typedSearchAttributes: [
        { key: searchAttributes.groupExternalId, value: externalId },
        { key: searchAttributes.tenant, value: input.tenant },
        { key: searchAttributes.stage, value: 'validating' },
      ],
    });
    const { outcome, groupId } = await child.result();
    return { externalId, displayName, outcome, groupId };
  } catch (error) {
    return { externalId, displayName, ...failureOf(error) };
  }
}

function failureOf(error: unknown): Pick<RosterGroupResult, 'outcome' | 'failureType' | 'message'> {
  if (error instanceof Error && error.name === 'WorkflowExecutionAlreadyStartedError') {
    return {
      outcome: 'failed',
      failureType: 'AlreadyOpen',
      message: 'A run for this group is open. Wait for it, then apply the roster again.',
    };
  }
  const { type, message } = describeFailure(error instanceof ChildWorkflowFailure ? error.cause : error);
  const cancelled =
    !(error instanceof ChildWorkflowFailure && error.cause instanceof ApplicationFailure) && /cancel/iu.test(type);
  return { outcome: cancelled ? 'cancelled' : 'failed', failureType: type, message: message.slice(0, 500) };
}

/** Counts results by outcome. */
function countsOf(results: ReadonlyMap<string, RosterGroupResult>): RosterCounts {
  const counts: Partial<Record<RosterGroupResult['outcome'], number>> = {};
  for (const { outcome } of results.values()) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}
