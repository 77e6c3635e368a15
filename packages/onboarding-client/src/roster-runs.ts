import {
  cancelRoster as cancelSignal,
  getPartResults,
  getRosterProgress,
  ONBOARD_ROSTER_WORKFLOW,
  pauseRoster,
  rosterIsThrough,
  rosterPartId,
  steerPart,
  type RosterCancel,
  type RosterGroupResult,
  type RosterProgress,
} from '@scim-onboarding/onboarding-contract';
import type { Client, WorkflowExecutionStatusName } from '@temporalio/client';
import * as z from 'zod';
import { createCalls, type Calls } from './calls.ts';
import { OnboardingNotFoundError } from './errors.ts';
import { ROSTER_MEMO } from './roster.ts';
import { quoted } from './visibility-query.ts';

const CALL_MS = 30_000;

/**
 * Where a roster is. Needs a worker to answer.
 *
 * @throws {OnboardingNotFoundError} if there is no such roster
 * @throws {TemporalUnavailableError} also if no worker answers
 */
export function rosterProgress(client: Client, rosterId: string, runId?: string): Promise<RosterProgress> {
  const calls = createCalls(client, CALL_MS);
  return calls.call({ call: 'query', workflowId: rosterId }, () =>
    client.workflow.getHandle(rosterId, runId).query(getRosterProgress),
  );
}

/**
 * What became of the groups of a roster so far, page by page: a page is a part of it. Parts that did not begin, or were never handed over, have none.
 *
 * @param progress of the run that is meant. Default: the newest run
 */
export async function* rosterResults(
  client: Client,
  rosterId: string,
  progress?: Pick<RosterProgress, 'run' | 'partsBegun'>,
): AsyncGenerator<RosterGroupResult> {
  const { run, partsBegun } = progress ?? (await rosterProgress(client, rosterId));
  const calls = createCalls(client, CALL_MS);
  for (let part = 0; part < partsBegun; part++) {
    yield* (await ofPart(calls, rosterPartId(rosterId, run, part), (handle) => handle.query(getPartResults))) ?? [];
  }
}

/** Asks a part of a roster. Undefined if there is no such part. */
export async function ofPart<T>(
  calls: Calls,
  partId: string,
  ask: (handle: ReturnType<Client['workflow']['getHandle']>) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await calls.call({ call: 'query', workflowId: partId }, () => ask(calls.client.workflow.getHandle(partId)));
  } catch (error) {
    if (error instanceof OnboardingNotFoundError) return undefined;
    throw error;
  }
}

/**
 * Holds back groups of a roster that were not begun, or lets them begin again.
 *
 * @throws {OnboardingNotFoundError} if there is no open run of it
 */
export async function setRosterPaused(client: Client, rosterId: string, paused: boolean): Promise<void> {
  const calls = createCalls(client, CALL_MS);
  await calls.call({ call: 'signal', workflowId: rosterId }, () =>
    client.workflow.getHandle(rosterId).signal(pauseRoster, paused),
  );
}

export interface CancelRosterOptions {
  /** Cancel groups that are at work too; those that wait for a person are not. Default false: they finish. */
  readonly withGroups?: boolean;
}

/**
 * Begins no further group of a roster. If all are settled and only the summary is delivered still, the delivery is given up. If the
 * workflow of the roster was ended by hand, its parts that are open are told instead.
 *
 * @returns the parts that were told, 0 if the roster was
 * @throws {OnboardingNotFoundError} if nothing of it is open
 */
export async function cancelRoster(
  client: Client,
  rosterId: string,
  options: CancelRosterOptions = {},
): Promise<{ readonly parts: number }> {
  const cancel = { withGroups: options.withGroups ?? false };
  const calls = createCalls(client, CALL_MS);
  try {
    await calls.call({ call: 'signal', workflowId: rosterId }, () =>
      client.workflow.getHandle(rosterId).signal(cancelSignal, cancel),
    );
    return { parts: 0 };
  } catch (error) {
    if (!(error instanceof OnboardingNotFoundError)) throw error;
    const parts = (await wasEndedByHand(client, rosterId)) ? await cancelParts(calls, rosterId, cancel) : 0;
    if (parts === 0) throw error;
    return { parts };
  }
}

async function wasEndedByHand(client: Client, rosterId: string): Promise<boolean> {
  return (await rosterExecution(client, rosterId)) !== 'COMPLETED';
}

async function cancelParts(calls: Calls, rosterId: string, cancel: RosterCancel): Promise<number> {
  const { run, parts } = await rosterProgress(calls.client, rosterId);
  let told = 0;
  for (let part = 0; part < parts; part++) {
    const signalled = await ofPart(calls, rosterPartId(rosterId, run, part), async (handle) => {
      // No roster sends a number as high as that: this is the last word.
      await handle.signal(steerPart, { seq: Number.MAX_SAFE_INTEGER, paused: false, cancel });
      return true;
    });
    if (signalled === true) told += 1;
  }
  return told;
}

/** Parts of a roster that are open. */
export async function openParts(client: Client, rosterId: string): Promise<number> {
  const calls = createCalls(client, CALL_MS);
  const { run, parts } = await rosterProgress(client, rosterId);
  let open = 0;
  for (let part = 0; part < parts; part++) {
    const execution = await ofPart(calls, rosterPartId(rosterId, run, part), async (handle) => {
      const { status } = await handle.describe();
      return status.name;
    });
    if (execution === 'RUNNING') open += 1;
  }
  return open;
}

/** The execution of the newest run of a roster, as the server has it. Needs no worker. */
export async function rosterExecution(client: Client, rosterId: string): Promise<WorkflowExecutionStatusName> {
  const calls = createCalls(client, CALL_MS);
  const { status } = await calls.call({ call: 'describe', workflowId: rosterId }, () =>
    client.workflow.getHandle(rosterId).describe(),
  );
  return status.name;
}

/** A run of a roster, as the server's list shows it. */
export interface RosterSummary {
  readonly rosterId: string;
  readonly runId: string;
  readonly execution: WorkflowExecutionStatusName;
  /** File name. */
  readonly name?: string;
  readonly groups?: number;
  /** ISO 8601, UTC. Of the newest run, where it continued as new. */
  readonly startedAt: string;
  readonly closedAt?: string;
}

export interface ListRostersOptions {
  /** Default: of all tenants. */
  readonly tenant?: string;
  readonly open?: boolean;
  /** Default 20. */
  readonly limit?: number;
}

const memoSchema = z.object({ name: z.string(), groups: z.number() });

/** Lists rosters: the open ones first, then those that ended last. The list lags behind, by up to a few seconds. */
export async function* listRosters(client: Client, options: ListRostersOptions = {}): AsyncGenerator<RosterSummary> {
  const { limit = 20, tenant, open } = options;
  const calls = createCalls(client, CALL_MS);
  const query = [
    `WorkflowType = '${ONBOARD_ROSTER_WORKFLOW}'`,
    // The runs before a continue-as-new are part of the last one.
    `ExecutionStatus != 'ContinuedAsNew'`,
    ...(open === true ? [`ExecutionStatus = 'Running'`] : []),
    ...(tenant === undefined ? [] : [`OnboardingTenant = ${quoted(tenant)}`]),
  ].join(' AND ');
  const runs = client.workflow.list({ query, pageSize: Math.min(limit, 500) })[Symbol.asyncIterator]();
  for (let count = 0; count < limit; count += 1) {
    const next = await calls.call({ call: 'list', workflowId: '*' }, () => runs.next());
    if (next.done === true) return;
    const { workflowId, runId, status, startTime, closeTime, memo } = next.value;
    yield {
      rosterId: workflowId,
      runId,
      execution: status.name,
      ...memoSchema.safeParse(memo?.[ROSTER_MEMO]).data,
      startedAt: startTime.toISOString(),
      ...(closeTime === undefined ? {} : { closedAt: closeTime.toISOString() }),
    };
  }
}

/** True if every group of the roster has what it should have. */
export function rosterSucceeded(progress: RosterProgress): boolean {
  const { created = 0, adopted = 0, updated = 0, unchanged = 0 } = progress.counts;
  return rosterIsThrough(progress) && created + adopted + updated + unchanged === progress.groups;
}
