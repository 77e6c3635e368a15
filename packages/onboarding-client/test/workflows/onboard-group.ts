import {
  FAILURE_TYPES,
  getOnboardingState,
  memberCount,
  resolveOnboarding,
  searchAttributes,
  type OnboardGroupInput,
  type OnboardGroupResult,
  type OnboardingState,
  type Resolution,
  type Step,
  type StepReport,
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
  validateGroup(): Promise<void>;
  createGroup(description: string | undefined): Promise<void>;
}

const activities = proxyActivities<TestActivities>({ startToCloseTimeout: '5s', retry: { initialInterval: '30s' } });
const ALLOWED = ['retry', 'adopt', 'abort'] as const;

/** Workflow of these tests: the description of the group says how the run ends, so that the client meets every ending. */
export async function onboardGroup(input: OnboardGroupInput): Promise<OnboardGroupResult> {
  const { definition, tenant } = input;
  const steps: StepReport[] = [];
  const resolutions: OnboardingState['resolutions'][number][] = [];
  let blocked: OnboardingState['blocked'];
  let decision: Resolution | undefined;
  const stage = (): OnboardingState['stage'] => (blocked === undefined ? 'creating' : 'blocked');
  setHandler(getOnboardingState, (): OnboardingState => ({
    stage: stage(),
    steps,
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
      validator(resolution) {
        if (resolution.action === 'abort') return;
        if (blocked === undefined) {
          throw ApplicationFailure.nonRetryable('The run is not blocked.', FAILURE_TYPES.notBlocked);
        }
        if (!blocked.allowed.includes(resolution.action)) {
          const hint = 'Allowed: retry, adopt, abort.';
          throw ApplicationFailure.nonRetryable('It cannot be skipped.', FAILURE_TYPES.resolutionRefused, {
            hint,
            docs: 'd',
          });
        }
      },
    },
  );
  const step = async (name: Step, run: () => Promise<void>): Promise<void> => {
    const index = steps.push({ step: name, state: 'running', activityId: name, startedAfterMs: 0 }) - 1;
    try {
      await run();
      steps[index] = { step: name, state: 'done', activityId: name, startedAfterMs: 0, endedAfterMs: 5 };
    } catch (error) {
      steps[index] = { step: name, state: 'failed', activityId: name, startedAfterMs: 0, endedAfterMs: 5 };
      throw error;
    }
  };

  await step('validate-group', () => activities.validateGroup.executeWithOptions({ activityId: 'validate-group' }, []));
  upsertSearchAttributes([{ key: searchAttributes.stage, value: 'creating' }]);
  let { description } = definition;
  switch (description) {
    case 'wait':
      await condition(() => decision !== undefined);
      throw ApplicationFailure.nonRetryable('A person ended the run.', FAILURE_TYPES.aborted);
    case 'conflict':
      throw ApplicationFailure.nonRetryable('The name is taken by another group.', 'NameConflict', {
        hint: 'Rename the group.',
        docs: 'docs/errors.md#nameconflict',
      });
    case 'unreadable':
      return { outcome: 'odd' } as unknown as OnboardGroupResult;
    default:
  }

  let adopted: string | undefined;
  for (let block = 1; adopted === undefined; block += 1) {
    try {
      await step('create-group', () =>
        activities.createGroup.executeWithOptions({ activityId: 'create-group' }, [description]),
      );
      break;
    } catch (error) {
      if (!(error instanceof ActivityFailure) || !(error.cause instanceof ApplicationFailure)) throw error;
      if (input.onFailure === 'fail') throw error.cause;
      blocked = {
        block,
        step: 'create-group',
        type: error.cause.type ?? 'Unknown',
        message: error.cause.message,
        hint: 'Give the permission to the client.',
        since: new Date().toISOString(),
        until: new Date(Date.now() + 60_000).toISOString(),
        allowed: [...ALLOWED],
      };
      upsertSearchAttributes([
        { key: searchAttributes.stage, value: 'blocked' },
        { key: searchAttributes.blockedReason, value: blocked.type },
      ]);
      decision = undefined;
      await condition(() => decision !== undefined);
      const taken = decision as Resolution | undefined;
      blocked = undefined;
      if (taken === undefined) continue;
      resolutions.push({ block, action: taken.action, ...(taken.by !== undefined && { by: taken.by }) });
      upsertSearchAttributes([
        { key: searchAttributes.stage, value: 'creating' },
        { key: searchAttributes.blockedReason, value: null },
      ]);
      if (taken.action === 'abort')
        throw ApplicationFailure.nonRetryable('A person ended the run.', FAILURE_TYPES.aborted);
      if (taken.action === 'adopt') adopted = taken.groupId;
      if (taken.action === 'retry' && taken.definition !== undefined) description = taken.definition.description;
    }
  }
  const requested = memberCount(definition);
  return {
    outcome: adopted === undefined ? 'created' : 'adopted',
    status: 'success',
    tenant,
    externalId: definition.externalId,
    displayName: definition.displayName,
    groupId: adopted ?? 'group-1',
    target: 'scim',
    recovered: false,
    members: { requested, added: requested, removed: 0, missing: 0, missingIds: [], duplicatesDropped: 0 },
    latencyMs: 12,
    webhook: { state: 'not-configured' },
  };
}
