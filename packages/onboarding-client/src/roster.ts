import { randomUUID } from 'node:crypto';
import {
  DEFAULT_TENANT,
  getPartResults,
  getRosterProgress,
  GROUPS_PER_PART,
  ONBOARD_ROSTER_WORKFLOW,
  packDefinition,
  pauseRoster,
  ROSTER_PART_WORKFLOW,
  rosterPartId,
  rosterWorkflowId,
  RUN_PRIORITY,
  searchAttributes,
  TASK_QUEUES,
  type ConflictPolicy,
  type OnboardRosterInput,
  type RosterGroupResult,
  type RosterOptions,
  type RosterPartInput,
  type RosterProgress,
} from '@scim-onboarding/onboarding-contract';
import type { GroupDefinition } from '@scim-onboarding/scim-core';
import type { Client } from '@temporalio/client';

/** A group of a roster, parsed. */
export interface RosterGroup {
  readonly definition: GroupDefinition;
  readonly duplicatesDropped: number;
  /** In place of the roster's policy. */
  readonly conflictPolicy?: ConflictPolicy;
}

export interface StartRosterOptions extends RosterOptions {
  /** File name, for people. */
  readonly name: string;
  /** Digest of the roster: the same roster is joined, not started twice. */
  readonly digest: string;
  /** Groups of the roster. */
  readonly groups: number;
  /** Default `default`. */
  readonly tenant?: string;
  /**
   * Who starts it, for a caller that may have to come back: one with the id by which the roster's last run was started does not start it
   * again, and goes on with the hand-over. Default: a new one.
   */
  readonly startId?: string;
  /** Called after each part that was handed over. */
  readonly onPart?: (part: number, parts: number) => void;
}

export interface StartedRoster {
  readonly rosterId: string;
  readonly runId: string;
  readonly parts: number;
  /** True if a run of the same roster was open. */
  readonly joined: boolean;
}

/** Parts handed over at a time: each call carries up to some hundred kilobytes. */
const UPLOADS_AT_ONCE = 4;
const CALL_MS = 30_000;
/** Memo key of who started a roster. */
const START_ID_MEMO = 'startId';

/**
 * Starts the onboarding of a roster, or joins the open one of the same digest. Groups are read and handed over in parts, so the memory of
 * the caller does not grow with the roster.
 */
export async function startRoster(
  client: Client,
  groups: AsyncIterable<RosterGroup>,
  options: StartRosterOptions,
): Promise<StartedRoster> {
  const tenant = options.tenant ?? DEFAULT_TENANT;
  const rosterId = rosterWorkflowId(tenant, options.digest);
  const parts = Math.max(1, Math.ceil(options.groups / GROUPS_PER_PART));
  const input: OnboardRosterInput = { tenant, name: options.name, parts, groups: options.groups };
  const { startId = randomUUID() } = options;
  const last = await lastRun(client, rosterId);
  if (last?.startId === startId) {
    const again = { rosterId, runId: last.runId, parts, joined: false };
    if (last.open) await upload(client, again, groups, options, last.startTime);
    return again;
  }
  const handle = await client.withDeadline(Date.now() + CALL_MS, () =>
    client.workflow.start(ONBOARD_ROSTER_WORKFLOW, {
      workflowId: rosterId,
      taskQueue: TASK_QUEUES.onboarding,
      args: [input],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      typedSearchAttributes: [{ key: searchAttributes.tenant, value: tenant }],
      memo: { [START_ID_MEMO]: startId },
      priority: { priorityKey: RUN_PRIORITY.roster },
      staticSummary: `Roster ${options.name}: ${options.groups} groups`.slice(0, 200),
    }),
  );
  const joined = (await lastRun(client, rosterId))?.startId !== startId;
  const started = { rosterId, runId: handle.firstExecutionRunId, parts, joined };
  // The one who started it hands it over. Parts of an open roster are at work, or through: they must not be begun anew.
  if (!joined) await upload(client, started, groups, options);
  return started;
}

interface LastRun {
  readonly runId: string;
  readonly open: boolean;
  readonly startTime: Date;
  readonly startId: unknown;
}

async function lastRun(client: Client, workflowId: string): Promise<LastRun | undefined> {
  try {
    const { runId, status, startTime, memo } = await client.withDeadline(Date.now() + CALL_MS, () =>
      client.workflow.getHandle(workflowId).describe(),
    );
    return { runId, open: status.name === 'RUNNING', startTime, startId: memo?.[START_ID_MEMO] };
  } catch (error) {
    if (error instanceof Error && error.name === 'WorkflowNotFoundError') return undefined;
    throw error;
  }
}

async function upload(
  client: Client,
  { rosterId, parts }: StartedRoster,
  groups: AsyncIterable<RosterGroup>,
  options: StartRosterOptions,
  /** When the roster was started by an earlier call: parts that were handed over since stay. */
  resumes?: Date,
): Promise<void> {
  const open = new Set<Promise<void>>();
  let part = 0;
  let batch: RosterPartInput['groups'][number][] = [];
  const flush = async (): Promise<void> => {
    const input: RosterPartInput = {
      tenant: options.tenant ?? DEFAULT_TENANT,
      rosterId,
      part,
      groups: batch,
      options: {
        conflictPolicy: options.conflictPolicy,
        allowRemovals: options.allowRemovals,
        ...(options.window === undefined ? {} : { window: options.window }),
      },
    };
    const index = part;
    batch = [];
    part += 1;
    if (open.size >= UPLOADS_AT_ONCE) await Promise.race(open);
    const sending = startPart(client, input, resumes).then(() => {
      open.delete(sending);
      options.onPart?.(index + 1, parts);
    });
    // Told by the next race, or at the end: until then nobody listens, and the groups may throw before.
    sending.catch(() => undefined);
    open.add(sending);
  };
  for await (const { definition, duplicatesDropped, conflictPolicy } of groups) {
    batch.push({
      definition: packDefinition(definition),
      duplicatesDropped,
      ...(conflictPolicy === undefined ? {} : { conflictPolicy }),
    });
    if (batch.length === GROUPS_PER_PART) await flush();
  }
  if (batch.length > 0 || part === 0) await flush();
  await Promise.all(open);
}

async function startPart(client: Client, input: RosterPartInput, resumes: Date | undefined): Promise<void> {
  if (resumes !== undefined) {
    const handedOver = await lastRun(client, rosterPartId(input.rosterId, input.part));
    if (handedOver !== undefined && handedOver.startTime >= resumes) return;
  }
  await client.withDeadline(Date.now() + CALL_MS, () =>
    client.workflow.start(ROSTER_PART_WORKFLOW, {
      workflowId: rosterPartId(input.rosterId, input.part),
      taskQueue: TASK_QUEUES.onboarding,
      args: [input],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      typedSearchAttributes: [{ key: searchAttributes.tenant, value: input.tenant }],
      priority: { priorityKey: RUN_PRIORITY.roster },
      staticSummary: `Part ${input.part + 1} of a roster: ${input.groups.length} groups`,
    }),
  );
}

/** Where a roster is. Needs a worker to answer. */
export function rosterProgress(client: Client, rosterId: string): Promise<RosterProgress> {
  return client.withDeadline(Date.now() + CALL_MS, () => client.workflow.getHandle(rosterId).query(getRosterProgress));
}

/** What became of the groups of a roster so far, part by part. */
export async function* rosterResults(
  client: Client,
  rosterId: string,
  parts: number,
): AsyncGenerator<RosterGroupResult> {
  for (let part = 0; part < parts; part++) {
    const handle = client.workflow.getHandle(rosterPartId(rosterId, part));
    yield* await client.withDeadline(Date.now() + CALL_MS, () => handle.query(getPartResults));
  }
}

/** Holds back groups of a roster that were not begun, or lets them begin again. */
export async function setRosterPaused(client: Client, rosterId: string, paused: boolean): Promise<void> {
  await client.withDeadline(Date.now() + CALL_MS, () =>
    client.workflow.getHandle(rosterId).signal(pauseRoster, paused),
  );
}
