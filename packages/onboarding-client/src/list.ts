import { searchAttributes, type Outcome, type Stage } from '@scim-onboarding/onboarding-contract';
import type { WorkflowExecutionInfo, WorkflowExecutionStatusName } from '@temporalio/client';
import type { Calls } from './calls.ts';
import { outcomeSchema, stageSchema, textSchema } from './schemas.ts';
import { visibilityQuery, type OnboardingFilter } from './visibility-query.ts';

/** What the server lists in one answer. */
const PAGE = 500;

/** A run, as the server's list shows it. The list lags behind the runs, by up to a few seconds. */
export interface OnboardingSummary {
  readonly workflowId: string;
  readonly runId: string;
  readonly externalId?: string;
  readonly tenant?: string;
  readonly execution: WorkflowExecutionStatusName;
  readonly stage?: Stage;
  readonly outcome?: Outcome;
  /** Failure type for which it is blocked. */
  readonly blockedReason?: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly closedAt?: string;
}

export interface ListOptions extends OnboardingFilter {
  /** Runs at most. Default: all. */
  readonly limit?: number;
  /** Milliseconds for each call to the server. */
  readonly deadlineMs?: number;
}

/**
 * Lists runs: the open ones first, then those that ended last.
 *
 * @throws InvalidArgumentError, TemporalUnavailableError, TemporalRefusedError
 */
export async function* listRuns(calls: Calls, options: ListOptions): AsyncGenerator<OnboardingSummary, void, void> {
  const { limit = Number.POSITIVE_INFINITY, deadlineMs } = options;
  const query = visibilityQuery(options);
  const pageSize = Math.max(1, Math.min(limit, PAGE));
  const runs = calls.client.workflow.list({ query, pageSize })[Symbol.asyncIterator]();
  for (let count = 0; count < limit; count += 1) {
    const next = await calls.call({ call: 'list', workflowId: '*', deadlineMs }, () => runs.next());
    if (next.done === true) return;
    yield toSummary(next.value);
  }
}

/** Counts runs. The count lags behind the runs, by up to a few seconds. */
export async function countRuns(
  calls: Calls,
  options: OnboardingFilter & { readonly deadlineMs?: number },
): Promise<number> {
  const query = visibilityQuery(options);
  const { count } = await calls.call({ call: 'count', workflowId: '*', deadlineMs: options.deadlineMs }, () =>
    calls.client.workflow.count(query),
  );
  return count;
}

function toSummary(run: WorkflowExecutionInfo): OnboardingSummary {
  const attributes = run.typedSearchAttributes;
  const externalId = textSchema.safeParse(attributes.get(searchAttributes.groupExternalId)).data;
  const tenant = textSchema.safeParse(attributes.get(searchAttributes.tenant)).data;
  const stage = stageSchema.safeParse(attributes.get(searchAttributes.stage)).data;
  const outcome = outcomeSchema.safeParse(attributes.get(searchAttributes.outcome)).data;
  const blockedReason = textSchema.safeParse(attributes.get(searchAttributes.blockedReason)).data;
  return {
    workflowId: run.workflowId,
    runId: run.runId,
    ...(externalId !== undefined && { externalId }),
    ...(tenant !== undefined && { tenant }),
    execution: run.status.name,
    ...(stage !== undefined && { stage }),
    ...(outcome !== undefined && { outcome }),
    ...(blockedReason !== undefined && { blockedReason }),
    startedAt: run.startTime.toISOString(),
    ...(run.closeTime !== undefined && { closedAt: run.closeTime.toISOString() }),
  };
}
