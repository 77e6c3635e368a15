import {
  getOnboardingState,
  memberCount,
  resolveOnboarding,
  searchAttributes,
  type OnboardGroupInput,
  type OnboardGroupResult,
  type OnboardingState,
  type Resolution,
} from '@scim-onboarding/onboarding-contract/workflow';
import {
  ActivityFailure,
  ApplicationFailure,
  condition,
  proxyActivities,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';

/** Activities of these tests. */
export interface TestActivities {
  createGroup(description: string | undefined): Promise<void>;
}

const { createGroup } = proxyActivities<TestActivities>({
  startToCloseTimeout: '5s',
  retry: { initialInterval: '60s' },
});

/** Workflow of these tests: one step, whose fate the description of the group decides. */
export async function onboardGroup({ definition, tenant }: OnboardGroupInput): Promise<OnboardGroupResult> {
  const resolutions: OnboardingState['resolutions'][number][] = [];
  let blocked: OnboardingState['blocked'];
  let decision: Resolution | undefined;
  setHandler(getOnboardingState, () => ({
    stage: blocked === undefined ? 'creating' : 'blocked',
    steps: [],
    resolutions,
    ...(blocked !== undefined && { blocked }),
  }));
  setHandler(
    resolveOnboarding,
    (resolution) => {
      decision = resolution;
      return { action: resolution.action, block: blocked?.block ?? 0, step: 'create-group' };
    },
    {
      validator({ action }) {
        if (action !== 'skip') return;
        throw ApplicationFailure.nonRetryable('create-group cannot be skipped.', 'ResolutionRefused');
      },
    },
  );
  let { description } = definition;
  for (let block = 1; ; block += 1) {
    try {
      await createGroup.executeWithOptions({ activityId: 'create-group' }, [description]);
      break;
    } catch (error) {
      if (!(error instanceof ActivityFailure) || !(error.cause instanceof ApplicationFailure)) throw error;
      blocked = {
        block,
        step: 'create-group',
        type: error.cause.type ?? '',
        message: error.cause.message,
        hint: 'Give the permission to the client.',
        since: '2026-01-01T00:00:00.000Z',
        until: '2026-01-08T00:00:00.000Z',
        allowed: ['retry', 'adopt', 'abort'],
      };
      upsertSearchAttributes([
        { key: searchAttributes.stage, value: 'blocked' },
        { key: searchAttributes.blockedReason, value: blocked.type },
      ]);
      decision = undefined;
      await condition(() => decision !== undefined);
      blocked = undefined;
      const taken = decision as Resolution | undefined;
      if (taken === undefined) continue;
      resolutions.push({ block, action: taken.action, ...(taken.by !== undefined && { by: taken.by }) });
      upsertSearchAttributes([
        { key: searchAttributes.stage, value: 'creating' },
        { key: searchAttributes.blockedReason, value: null },
      ]);
      if (taken.action === 'abort') throw ApplicationFailure.nonRetryable('A person ended the run.', 'Aborted');
      if (taken.action === 'retry' && taken.definition !== undefined) description = taken.definition.description;
    }
  }
  upsertSearchAttributes([
    { key: searchAttributes.stage, value: 'done' },
    { key: searchAttributes.outcome, value: 'created' },
  ]);
  const requested = memberCount(definition);
  return {
    outcome: 'created',
    status: 'success',
    tenant,
    externalId: definition.externalId,
    displayName: definition.displayName,
    groupId: 'group-1',
    target: 'scim',
    recovered: false,
    members: { requested, added: requested, removed: 0, missing: 0, missingIds: [], duplicatesDropped: 0 },
    latencyMs: 12,
    webhook: { state: 'not-configured' },
  };
}
