import {
  getUnfinishedGroups,
  rosterPartId,
  type RosterPartGroup,
  type RosterProgress,
  type UnfinishedGroups,
} from '@scim-onboarding/onboarding-contract';
import type { Client } from '@temporalio/client';
import { createCalls } from './calls.ts';
import { OnboardingClientError } from './errors.ts';
import { ofPart, openParts, rosterExecution, rosterProgress } from './roster-runs.ts';
import { startPackedRoster, type StartedRoster, type StartRosterOptions } from './roster.ts';

const CALL_MS = 30_000;

/** A roster is open, so it cannot be tried again. Nothing was started. */
export class RosterNotRetriableError extends OnboardingClientError {
  readonly type: 'RosterRuns' | 'RosterTellsHris';
  readonly workflowId: string;

  constructor(type: RosterNotRetriableError['type'], rosterId: string, message: string, hint: string) {
    super(message, hint);
    this.type = type;
    this.workflowId = rosterId;
  }
}

/** What a retry would do. */
export interface RosterRetry {
  readonly rosterId: string;
  /** As the roster ended. */
  readonly progress: RosterProgress;
  /** Groups that are run again: failed, cancelled, or not started. 0: there is nothing to try again. */
  readonly groups: number;
  /** Groups that wait for a person as far as the roster knows; they are not run again. */
  readonly blocked: number;
  /** Groups that were never handed over; their definitions are not known, so they are not run again. */
  readonly unknown: number;
}

/**
 * What a retry of a roster would do. Nothing is started.
 *
 * @throws {RosterNotRetriableError} if it is open still
 * @throws {OnboardingNotFoundError} if there is no such roster
 */
export async function planRosterRetry(client: Client, rosterId: string): Promise<RosterRetry> {
  const execution = await rosterExecution(client, rosterId);
  const progress = await rosterProgress(client, rosterId);
  if (execution === 'RUNNING') throw stillRuns(rosterId, progress);
  // A roster that was ended by hand did not wait for its parts.
  const open = execution === 'COMPLETED' ? 0 : await openParts(client, rosterId);
  if (open > 0) {
    throw new RosterNotRetriableError(
      'RosterRuns',
      rosterId,
      `The workflow of roster ${rosterId} was ended by hand, but ${open} of its parts are open. Nothing was started.`,
      `End them: onboard roster cancel ${rosterId}. Then try again.`,
    );
  }
  let groups = 0;
  let known = 0;
  for await (const part of unfinishedParts(client, rosterId, progress)) {
    groups += part.groups.length;
    known += 1;
  }
  const { blocked = 0 } = progress.counts;
  return { rosterId, progress, groups, blocked, unknown: known === progress.parts ? 0 : notHandedOver(progress) };
}

/**
 * Runs the groups again that a retry was planned for, at least one, in a new run of the roster. Their definitions are those that were
 * handed over.
 *
 * @throws {WorkflowExecutionAlreadyStartedError} if somebody started it meanwhile
 */
export async function retryRoster(
  client: Client,
  { rosterId, progress, groups }: RosterRetry,
  options: Pick<StartRosterOptions, 'onPart'> = {},
): Promise<StartedRoster> {
  const parts = unfinishedParts(client, rosterId, progress);
  const first = await parts.next();
  if (first.done === true) throw new Error('a retry without groups');
  return startPackedRoster(client, groupsOf(first.value, parts), {
    ...first.value.options,
    tenant: progress.tenant,
    name: progress.name,
    digest: progress.digest,
    groups,
    retryOf: progress.run,
    ...options,
  });
}

async function* groupsOf(
  first: UnfinishedGroups,
  rest: AsyncIterable<UnfinishedGroups>,
): AsyncGenerator<RosterPartGroup> {
  yield* first.groups;
  for await (const { groups } of rest) yield* groups;
}

async function* unfinishedParts(
  client: Client,
  rosterId: string,
  { run, parts }: RosterProgress,
): AsyncGenerator<UnfinishedGroups, undefined> {
  const calls = createCalls(client, CALL_MS);
  for (let part = 0; part < parts; part++) {
    const unfinished = await ofPart(calls, rosterPartId(rosterId, run, part), (handle) =>
      handle.query(getUnfinishedGroups),
    );
    if (unfinished !== undefined) yield unfinished;
  }
  return undefined;
}

function notHandedOver({ groups, counts }: RosterProgress): number {
  return Math.max(0, groups - Object.values(counts).reduce((all, count) => all + count, 0));
}

function stillRuns(rosterId: string, { endedAt, settled, groups }: RosterProgress): RosterNotRetriableError {
  return endedAt === undefined
    ? new RosterNotRetriableError(
        'RosterRuns',
        rosterId,
        `Roster ${rosterId} runs: ${settled} of ${groups} groups are settled. Nothing was started.`,
        `Wait for its end (onboard watch ${rosterId}), or end it: onboard roster cancel ${rosterId}.`,
      )
    : new RosterNotRetriableError(
        'RosterTellsHris',
        rosterId,
        `All groups of roster ${rosterId} are settled, but the HRIS has not taken the summary yet. Nothing was started.`,
        `Wait for the HRIS, or give the delivery up: onboard roster cancel ${rosterId}. Then try again.`,
      );
}
