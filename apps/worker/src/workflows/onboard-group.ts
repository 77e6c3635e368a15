import { allHandlersFinished, CancellationScope, condition, isCancellation, workflowInfo } from '@temporalio/workflow';
import {
  auditStatus,
  FAILURE_TYPES,
  type OnboardGroupInput,
  type OnboardGroupResult,
  type Resolution,
} from '@scim-onboarding/onboarding-contract/workflow';
import { runStep } from './activity-proxies.ts';
import { recordFailure, recordSuccess } from './audit.ts';
import { listenForResolutions, type Blocking } from './blocking.ts';
import { finalFailure } from './failures.ts';
import { notify } from './notify.ts';
import { trackProgress, type Progress } from './progress.ts';
import { runRound, type Settled } from './round.ts';
import { applyResolution, beginRun, type RunState } from './run-state.ts';

/**
 * Onboards one group: validate, create or adopt, sync and verify members, tell the HRIS, record. A step that fails for good parks the
 * run until a person decides; then it goes through all of it again, and finds what was done.
 */
export async function onboardGroup(input: OnboardGroupInput): Promise<OnboardGroupResult> {
  const progress = trackProgress({ workflowId: workflowInfo().workflowId, externalId: input.definition.externalId });
  const blocking = listenForResolutions(input, progress);
  const state = beginRun(input);
  try {
    const result = await blocking.scope.run(async () => {
      const settled = await settleWithPeople(state, progress, blocking);
      const latencyMs = progress.elapsedMs();
      return resultOf(state, settled, latencyMs, await notify(state, settled, progress));
    });
    await recordSuccess(state, result, progress);
    progress.done(result.outcome);
    if (!allHandlersFinished()) await condition(allHandlersFinished);
    return result;
  } catch (error) {
    const cause = await endAborted(state, blocking, error, progress);
    progress.done(await recordFailure(state, cause, progress));
    await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
    throw cause;
  }
}

/** Rounds, until one goes through. Between two of them a person decides. */
async function settleWithPeople(state: RunState, progress: Progress, blocking: Blocking): Promise<Settled> {
  for (;;) {
    try {
      return await runRound(state, progress);
    } catch (error) {
      if (isCancellation(error) || state.input.onFailure === 'fail') throw error;
      const step = progress.lastStep ?? 'validate-group';
      const taken = await blocking.wait(error, step);
      const { action, by } = taken.resolution;
      progress.unblocked({ block: taken.block, action, ...(by === undefined ? {} : { by }) }, 'validating');
      if (taken.resolution.action === 'abort') throw new AbortRequest(taken.resolution);
      applyResolution(state, taken, step);
    }
  }
}

/** A person ended the run; carried to the end of the workflow, which makes a failure of it. */
class AbortRequest extends Error {
  readonly resolution: Resolution & { action: 'abort' };

  constructor(resolution: Resolution & { action: 'abort' }) {
    super('aborted');
    this.resolution = resolution;
  }
}

/** The failure that the run ends with. After an abort it says so, and what this run created is deleted if that was asked for. */
async function endAborted(state: RunState, blocking: Blocking, error: unknown, progress: Progress): Promise<unknown> {
  const abort = error instanceof AbortRequest ? error.resolution : isCancellation(error) ? blocking.aborted : undefined;
  if (abort?.action !== 'abort') return error;
  const { created } = state;
  const compensated = abort.compensate === true && created !== undefined;
  if (compensated) {
    const { groupId } = created;
    const run = () =>
      runStep('delete-group', 'delete-group', { groupId }, { summary: `Delete ${groupId}, which this run created` });
    await progress.step(
      'delete-group',
      'delete-group',
      () => CancellationScope.nonCancellable(run),
      () => 'deleted',
    );
  }
  const by = abort.by === undefined ? '' : ` by ${abort.by}`;
  const what = compensated
    ? `Group ${created.groupId}, which it had created, was deleted.`
    : created === undefined
      ? 'It had created nothing.'
      : `Group ${created.groupId}, which it had created, stays.`;
  return finalFailure(FAILURE_TYPES.aborted, {
    message: `The onboarding was aborted${by}. ${what}`,
    hint: 'Start it again if it is wanted after all.',
  });
}

function resultOf(
  state: RunState,
  settled: Settled,
  latencyMs: number,
  webhook: OnboardGroupResult['webhook'],
): OnboardGroupResult {
  return {
    outcome: settled.outcome,
    status: auditStatus(settled.outcome),
    tenant: state.input.tenant,
    externalId: state.head.externalId,
    displayName: settled.displayName,
    groupId: settled.groupId,
    target: state.target ?? '',
    recovered: settled.recovered,
    members: settled.members,
    latencyMs,
    webhook,
  };
}
