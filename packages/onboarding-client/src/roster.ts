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
  const open = await isOpen(client, rosterId);
  const handle = await client.withDeadline(Date.now() + CALL_MS, () =>
    client.workflow.start(ONBOARD_ROSTER_WORKFLOW, {
      workflowId: rosterId,
      taskQueue: TASK_QUEUES.onboarding,
      args: [input],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      typedSearchAttributes: [{ key: searchAttributes.tenant, value: tenant }],
      priority: { priorityKey: RUN_PRIORITY.roster },
      staticSummary: `Roster ${options.name}: ${options.groups} groups`.slice(0, 200),
    }),
  );
  const started = { rosterId, runId: handle.firstExecutionRunId, parts, joined: open };
  // The one who started it hands it over. Parts of an open roster are at work, or through: they must not be begun anew.
  if (!open) await upload(client, started, groups, options);
  return started;
}

async function isOpen(client: Client, workflowId: string): Promise<boolean> {
  try {
    const { status } = await client.withDeadline(Date.now() + CALL_MS, () =>
      client.workflow.getHandle(workflowId).describe(),
    );
    return status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof Error && error.name === 'WorkflowNotFoundError') return false;
    throw error;
  }
}

async function upload(
  client: Client,
  { rosterId, parts }: StartedRoster,
  groups: AsyncIterable<RosterGroup>,
  options: StartRosterOptions,
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
    const sending = startPart(client, input).then(() => {
      open.delete(sending);
      options.onPart?.(index + 1, parts);
    });
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

async function startPart(client: Client, input: RosterPartInput): Promise<void> {
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
