import { createHash } from 'node:crypto';
import {
  definitionDigest,
  FAILURE_TYPES,
  resolveOnboarding,
  type BlockedReport,
  type OnboardingState,
  type Resolution,
  type Resolved,
} from '@scim-onboarding/onboarding-contract';
import type { GroupRules } from '@scim-onboarding/scim-core';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Calls } from './calls.ts';
import {
  InvalidArgumentError,
  InvalidGroupDefinitionError,
  NotBlockedError,
  OnboardingNotFoundError,
  ResolutionRefusedError,
  TemporalUnavailableError,
} from './errors.ts';
import { readFailure } from './failure.ts';
import { describeRun } from './result.ts';
import { checkedDefinition } from './start.ts';
import { isOpen, queryState } from './status.ts';

/** A worker answers a query in a few milliseconds, or after it has replayed the run. */
const STATE_DEADLINE_MS = 5_000;
const MAX_BY = 256;

/** What a person decides about a blocked run. */
export type ResolutionRequest =
  | {
      /** Try the step again. */
      readonly action: 'retry';
      /** A corrected definition of the same group: a `GroupDefinition`, or any value, which is parsed as one. */
      readonly definition?: unknown;
      /** With the policy `update`: remove as many members as the definition asks for. */
      readonly allowRemovals?: boolean;
    }
  /** Go on without the step. */
  | { readonly action: 'skip' }
  /** Take this group over. */
  | { readonly action: 'adopt'; readonly groupId: string }
  /** End the run, blocked or not. With `compensate`, a group that this run created is deleted. */
  | { readonly action: 'abort'; readonly compensate?: boolean };

export interface ResolveOptions {
  readonly tenant?: string;
  /** Default: the newest run. */
  readonly runId?: string;
  /** Milliseconds for each call. */
  readonly deadlineMs?: number;
  /** Who decides; shown in the run. At most 256 characters. */
  readonly by?: string;
  /** The block that the decision is about. Default: the present one. */
  readonly block?: number;
  /** Two decisions with one id count once. Default: made of the block and the decision, so that two who decide the same count once. */
  readonly updateId?: string;
}

/** What was decided, and about what. */
export interface ResolvedOnboarding extends Resolved {
  readonly workflowId: string;
  readonly runId: string;
  /** Why the run was blocked; absent for an abort of a run that was not. */
  readonly blocked?: BlockedReport;
}

/**
 * Decides about a blocked run, by the update `resolve`.
 *
 * @throws NotBlockedError, ResolutionRefusedError if the run does not take the decision
 * @throws InvalidGroupDefinitionError, InvalidArgumentError before anything is sent
 * @throws OnboardingNotFoundError if there is no open run
 * @throws TemporalUnavailableError, also if no worker answers
 */
export async function resolveRun(
  calls: Calls,
  workflowId: string,
  request: ResolutionRequest,
  options: Omit<ResolveOptions, 'tenant'> & { readonly rules: GroupRules },
): Promise<ResolvedOnboarding> {
  const { deadlineMs, by, rules } = options;
  if ((by?.length ?? 0) > MAX_BY) throw new InvalidArgumentError('`by` is longer than 256 characters.', 'Use a name.');
  const wire = toWire(request, rules);
  const run = await describeRun(calls, workflowId, options.runId, deadlineMs);
  const { runId } = run;
  if (!isOpen(run)) throw endedError(calls, workflowId, run.status.name);
  const state = await queryState(calls, workflowId, runId, Math.min(STATE_DEADLINE_MS, deadlineMs ?? calls.deadlineMs));
  // The decision to end a run needs no state: the worker that would answer may be what is broken.
  if (state === undefined && wire.action !== 'abort') throw noWorker(workflowId);
  if (wire.action !== 'abort') refuseUnlessBlocked(workflowId, state, options.block);
  if (wire.action === 'retry' && wire.definition !== undefined) checkSameGroup(workflowId, wire.definition.externalId);
  const block = options.block ?? state?.blocked?.block;
  const resolution: Resolution = {
    ...wire,
    ...(block !== undefined && { block }),
    ...(by !== undefined && { by }),
  };
  const answer = await calls.call({ call: 'resolve', workflowId, runId, deadlineMs }, () =>
    send(calls, workflowId, runId, resolution, options.updateId ?? updateIdOf(wire, block)),
  );
  return {
    ...answer,
    workflowId,
    runId,
    ...(state?.blocked !== undefined && { blocked: state.blocked }),
  };
}

/** Equal for two people who decide the same, different as soon as anything in the decision differs. */
export function updateIdOf(resolution: Resolution, block: number | undefined): string {
  const { action, block: _, by: __, ...rest } = resolution;
  const id = `${block ?? 0}:${action}`;
  const given = Object.entries(rest).filter(([, value]) => value !== undefined && value !== false);
  if (given.length === 0) return id;
  return `${id}:${createHash('sha256').update(JSON.stringify(given)).digest('hex').slice(0, 16)}`;
}

function toWire(request: ResolutionRequest, rules: GroupRules): Resolution {
  switch (request.action) {
    case 'retry': {
      const { definition, allowRemovals } = request;
      const amended = definition === undefined ? undefined : checkedDefinition(definition, rules);
      return {
        action: 'retry',
        ...(amended !== undefined && { definition: amended.wire, digest: definitionDigest(amended.definition) }),
        ...(allowRemovals === true && { allowRemovals }),
      };
    }
    case 'adopt':
      if (request.groupId === '') throw new InvalidArgumentError('The group id is empty.', 'Name the group to adopt.');
      return { action: 'adopt', groupId: request.groupId };
    case 'abort':
      return { action: 'abort', ...(request.compensate === true && { compensate: true }) };
    case 'skip':
      return { action: 'skip' };
  }
}

function refuseUnlessBlocked(workflowId: string, state: OnboardingState | undefined, block: number | undefined): void {
  const current = state?.blocked;
  if (current === undefined) {
    throw new NotBlockedError(
      workflowId,
      `Workflow ${workflowId} is not blocked; it is at the stage ${state?.stage ?? 'unknown'}. Nothing was changed.`,
    );
  }
  if (block === undefined || block === current.block) return;
  throw new NotBlockedError(
    workflowId,
    `The decision is about block ${block} of workflow ${workflowId}, which is at block ${current.block} now (${current.step}, ${current.type}). Nothing was changed.`,
  );
}

/** The externalId is what follows the second colon of the workflow id, whatever colons it holds itself. */
function checkSameGroup(workflowId: string, externalId: string): void {
  if (workflowId.split(':').slice(2).join(':') === externalId) return;
  const message = `must be the externalId of workflow ${workflowId}; another group needs an onboarding of its own`;
  throw new InvalidGroupDefinitionError([{ path: '$.externalId', code: 'invalid_value', message }]);
}

async function send(
  calls: Calls,
  workflowId: string,
  runId: string,
  resolution: Resolution,
  updateId: string,
): Promise<Resolved> {
  try {
    return await calls.client.workflow
      .getHandle(workflowId, runId)
      .executeUpdate(resolveOnboarding, { args: [resolution], updateId });
  } catch (error) {
    if (!(error instanceof WorkflowUpdateFailedError) || !(error.cause instanceof ApplicationFailure)) throw error;
    const { type, message, hint } = readFailure(error.cause);
    if (type === FAILURE_TYPES.notBlocked) throw new NotBlockedError(workflowId, message, { cause: error });
    throw new ResolutionRefusedError(workflowId, message, hint, { cause: error });
  }
}

function noWorker(workflowId: string): TemporalUnavailableError {
  return new TemporalUnavailableError(
    `No worker answered for workflow ${workflowId}, so what it waits for is not known. Nothing was changed.`,
    'Start a worker, or see `onboard doctor`.',
  );
}

/** There is nothing to act on any more. */
export function endedError(calls: Calls, workflowId: string, status: string): OnboardingNotFoundError {
  return new OnboardingNotFoundError(
    workflowId,
    calls.namespace,
    `Workflow ${workflowId} has ended already (${status}).`,
  );
}
