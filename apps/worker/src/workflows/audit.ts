import { CancellationScope, isCancellation, workflowInfo } from '@temporalio/workflow';
import {
  auditStatus,
  FAILURE_TYPES,
  type OnboardGroupResult,
  type Outcome,
} from '@scim-onboarding/onboarding-contract/workflow';
import type { AuditInput } from './activities.ts';
import { runStep } from './activity-proxies.ts';
import { describeFailure } from './failures.ts';
import type { Progress } from './progress.ts';
import type { RunState } from './run-state.ts';

/** Longest failure message that goes into a record; the whole is in the history. */
const MAX_MESSAGE = 1000;

/** Records a run that has a group to show. */
export function recordSuccess(state: RunState, result: OnboardGroupResult, progress: Progress): Promise<void> {
  const { outcome, latencyMs, displayName } = result;
  const { requested, added, removed, missing, duplicatesDropped } = result.members;
  const { state: delivery, id, attempts } = result.webhook;
  return record(state, progress, {
    outcome,
    latencyMs,
    displayName,
    members: { requested, added, removed, missing, duplicatesDropped },
    webhook: { state: delivery, ...(id === undefined ? {} : { id }), ...(attempts === undefined ? {} : { attempts }) },
  });
}

/** Records a run that failed, was aborted or was cancelled. Gives its outcome. */
export async function recordFailure(state: RunState, error: unknown, progress: Progress): Promise<Outcome> {
  const cancelled = isCancellation(error);
  const { type, message, details } = describeFailure(error);
  const outcome: Outcome = cancelled || type === FAILURE_TYPES.aborted ? 'cancelled' : 'failed';
  await record(state, progress, {
    outcome,
    latencyMs: progress.elapsedMs(),
    displayName: state.head.displayName,
    webhook: { state: 'not-sent' },
    failure: {
      type: cancelled ? 'Cancelled' : type,
      message: message.slice(0, MAX_MESSAGE),
      ...(details?.correlationId === undefined ? {} : { correlationId: details.correlationId }),
    },
  });
  return outcome;
}

type Facts = Pick<AuditInput, 'outcome' | 'latencyMs' | 'displayName' | 'members' | 'webhook' | 'failure'>;

async function record(state: RunState, progress: Progress, facts: Facts): Promise<void> {
  // Not the first run's id: a run that was reset goes another way, and leaves a record of its own.
  const { workflowId, runId } = workflowInfo();
  const entry: AuditInput = {
    ...facts,
    id: `${workflowId}/${runId}/1`,
    timestamp: new Date(Date.now()).toISOString(),
    tenant: state.input.tenant,
    externalId: state.head.externalId,
    status: auditStatus(facts.outcome),
    workflowId,
    runId,
    ...(progress.groupId === undefined ? {} : { groupId: progress.groupId }),
    ...(state.target === undefined ? {} : { target: state.target }),
  };
  const summary = `Record ${facts.outcome} of ${state.head.externalId}`;
  const run = () => runStep('record-audit', 'record-audit', entry, { summary });
  // What happened has happened: a cancellation does not take its record away.
  await progress.step(
    'record-audit',
    'record-audit',
    () => CancellationScope.nonCancellable(run),
    () => 'recorded',
  );
}
