import {
  getOnboardingState,
  searchAttributes,
  type OnboardGroupInput,
  type OnboardGroupResult,
  type OnboardingState,
} from '@scim-onboarding/onboarding-contract/workflow';
import {
  ApplicationFailure,
  condition,
  proxyActivities,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';

const { createGroup } = proxyActivities<{ createGroup(): Promise<void> }>({
  startToCloseTimeout: '5s',
  retry: { initialInterval: '30s' },
});

/** Workflow of these tests: the description of the group says how the run ends, so that the client meets every ending. */
export async function onboardGroup(input: OnboardGroupInput): Promise<OnboardGroupResult> {
  const { definition, tenant } = input;
  const state: OnboardingState = {
    stage: 'creating',
    steps: [{ step: 'validate-group', state: 'done', startedAfterMs: 0, endedAfterMs: 5 }],
  };
  setHandler(getOnboardingState, () => state);
  upsertSearchAttributes([{ key: searchAttributes.stage, value: 'creating' }]);
  switch (definition.description) {
    case 'wait':
      await condition(() => false);
      break;
    case 'retry':
      await createGroup();
      break;
    case 'conflict':
      throw ApplicationFailure.nonRetryable('The name is taken by another group.', 'NameConflict', {
        hint: 'Rename the group.',
        docs: 'docs/errors.md#nameconflict',
      });
    case 'unreadable':
      return { outcome: 'odd' } as unknown as OnboardGroupResult;
    default:
  }
  return {
    outcome: 'created',
    status: 'success',
    tenant,
    externalId: definition.externalId,
    displayName: definition.displayName,
    groupId: 'group-1',
    target: 'scim',
    recovered: false,
    members: {
      requested: definition.members.length,
      added: definition.members.length,
      missing: 0,
      missingIds: [],
      duplicatesDropped: 0,
    },
    latencyMs: 12,
    webhook: { state: 'not-configured' },
  };
}
