import { randomUUID } from 'node:crypto';
import {
  DEFAULT_TENANT,
  expectParts,
  GROUPS_PER_PART,
  ONBOARD_ROSTER_WORKFLOW,
  packDefinition,
  ROSTER_PART_WORKFLOW,
  rosterPartId,
  rosterWorkflowId,
  RUN_PRIORITY,
  searchAttributes,
  TASK_QUEUES,
  type ConflictPolicy,
  type OnboardRosterInput,
  type RosterOptions,
  type RosterPartGroup,
  type RosterPartInput,
} from '@scim-onboarding/onboarding-contract';
import type { GroupDefinition } from '@scim-onboarding/scim-core';
import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';

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
  /** Groups of a part. Default 50. */
  readonly groupsPerPart?: number;
  /** Parts at work at a time. Default 4. */
  readonly partsAtOnce?: number;
  /** Parts that one run of the workflow lets begin before it continues as new. Default 100. */
  readonly startsPerRun?: number;
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

/** Memo of a roster, for lists. */
export const ROSTER_MEMO = 'roster';

/** Parts handed over at a time. */
const UPLOADS_AT_ONCE = 4;
/** Characters of a part's groups as JSON: Temporal takes 2 MB for one payload. A group alone may be larger. */
const PART_SIZE = 1_000_000;
const CALL_MS = 30_000;
/** Memo key of who started a roster. */
const START_ID_MEMO = 'startId';

/** What of a start only this package sets. */
export interface RosterStart extends StartRosterOptions {
  /** First run id of the run whose groups are tried again. A run that is open is not joined then. */
  readonly retryOf?: string;
}

/**
 * Starts the onboarding of a roster, or joins the open one of the same digest. Groups are read and handed over in parts, so the memory of
 * the caller does not grow with the roster.
 */
export function startRoster(
  client: Client,
  groups: AsyncIterable<RosterGroup>,
  options: StartRosterOptions,
): Promise<StartedRoster> {
  return startPackedRoster(client, packed(groups), options);
}

async function* packed(groups: AsyncIterable<RosterGroup>): AsyncGenerator<RosterPartGroup> {
  for await (const { definition, duplicatesDropped, conflictPolicy } of groups) {
    yield {
      definition: packDefinition(definition),
      duplicatesDropped,
      ...(conflictPolicy === undefined ? {} : { conflictPolicy }),
    };
  }
}

/**
 * The same, of groups as a roster hands them over.
 *
 * @throws {WorkflowExecutionAlreadyStartedError} with `retryOf`, if a run is open
 */
export async function startPackedRoster(
  client: Client,
  groups: AsyncIterable<RosterPartGroup>,
  options: RosterStart,
): Promise<StartedRoster> {
  const { name, digest, retryOf, partsAtOnce, startsPerRun, groupsPerPart = GROUPS_PER_PART } = options;
  const { startId = randomUUID() } = options;
  const tenant = options.tenant ?? DEFAULT_TENANT;
  const rosterId = rosterWorkflowId(tenant, digest);
  const parts = Math.max(1, Math.ceil(options.groups / groupsPerPart));
  const input: OnboardRosterInput = {
    tenant,
    name,
    digest,
    parts,
    groups: options.groups,
    ...(partsAtOnce === undefined ? {} : { partsAtOnce }),
    ...(startsPerRun === undefined ? {} : { startsPerRun }),
    ...(retryOf === undefined ? {} : { retryOf }),
  };
  const last = await lastRun(client, rosterId);
  if (last?.startId === startId) {
    const again = { rosterId, runId: last.firstRunId, parts, joined: false };
    if (last.open) await upload(client, again, groups, { ...options, tenant, groupsPerPart });
    return again;
  }
  const handle = await client.withDeadline(Date.now() + CALL_MS, () =>
    client.workflow.start(ONBOARD_ROSTER_WORKFLOW, {
      workflowId: rosterId,
      taskQueue: TASK_QUEUES.onboarding,
      args: [input],
      workflowIdConflictPolicy: retryOf === undefined ? 'USE_EXISTING' : 'FAIL',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      typedSearchAttributes: [{ key: searchAttributes.tenant, value: tenant }],
      memo: { [ROSTER_MEMO]: { name, groups: options.groups }, [START_ID_MEMO]: startId },
      priority: { priorityKey: RUN_PRIORITY.roster },
      staticSummary: `Roster ${name}: ${options.groups} groups`.slice(0, 200),
    }),
  );
  const joined = (await lastRun(client, rosterId))?.startId !== startId;
  const started = { rosterId, runId: handle.firstExecutionRunId, parts, joined };
  // The one who started it hands it over. Parts of an open roster are at work, or through: they must not be begun anew.
  if (!joined) await upload(client, started, groups, { ...options, tenant, groupsPerPart });
  return started;
}

interface LastRun {
  /** Of the run before any continue-as-new. */
  readonly firstRunId: string;
  readonly open: boolean;
  readonly startId: unknown;
}

async function lastRun(client: Client, workflowId: string): Promise<LastRun | undefined> {
  try {
    const { runId, status, memo, raw } = await client.withDeadline(Date.now() + CALL_MS, () =>
      client.workflow.getHandle(workflowId).describe(),
    );
    const firstRunId = raw.workflowExecutionInfo?.firstRunId ?? runId;
    return { firstRunId, open: status.name === 'RUNNING', startId: memo?.[START_ID_MEMO] };
  } catch (error) {
    if (error instanceof Error && error.name === 'WorkflowNotFoundError') return undefined;
    throw error;
  }
}

async function upload(
  client: Client,
  { rosterId, runId, parts: planned }: StartedRoster,
  groups: AsyncIterable<RosterPartGroup>,
  options: RosterStart & { readonly tenant: string; readonly groupsPerPart: number },
): Promise<void> {
  const { tenant, conflictPolicy, allowRemovals, window, groupsPerPart } = options;
  const open = new Set<Promise<void>>();
  let parts = planned;
  let part = 0;
  let taken = 0;
  let batch: RosterPartGroup[] = [];
  let size = 0;
  /** Tells the roster before the part is there: until then it waits for those that it knows of, and cannot end. */
  const expectMore = async (): Promise<void> => {
    const needed = part + 1 + Math.ceil((options.groups - taken) / groupsPerPart);
    if (needed <= parts) return;
    parts = needed;
    await client.withDeadline(Date.now() + CALL_MS, () =>
      client.workflow.getHandle(rosterId).signal(expectParts, parts),
    );
  };
  const flush = async (): Promise<void> => {
    const input: RosterPartInput = {
      tenant,
      rosterId,
      run: runId,
      part,
      groups: batch,
      options: { conflictPolicy, allowRemovals, ...(window === undefined ? {} : { window }) },
    };
    const index = part;
    batch = [];
    size = 0;
    part += 1;
    if (open.size >= UPLOADS_AT_ONCE) await Promise.race(open);
    const sending = startPart(client, input).then(() => {
      open.delete(sending);
      options.onPart?.(index + 1, parts);
    });
    // Told by the next race, or at the end: until then nobody listens, and the groups may throw before.
    sending.catch(() => undefined);
    open.add(sending);
  };
  for await (const group of groups) {
    const length = JSON.stringify(group).length;
    if (batch.length > 0 && size + length > PART_SIZE) {
      await expectMore();
      await flush();
    }
    batch.push(group);
    size += length;
    taken += 1;
    if (batch.length === groupsPerPart) await flush();
  }
  if (batch.length > 0 || part === 0) await flush();
  await Promise.all(open);
}

/** Hands a part over, once: two who start the same roster at the same time hand over the same parts. */
async function startPart(client: Client, input: RosterPartInput): Promise<void> {
  try {
    await client.withDeadline(Date.now() + CALL_MS, () =>
      client.workflow.start(ROSTER_PART_WORKFLOW, {
        workflowId: rosterPartId(input.rosterId, input.run, input.part),
        taskQueue: TASK_QUEUES.onboarding,
        args: [input],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        typedSearchAttributes: [{ key: searchAttributes.tenant, value: input.tenant }],
        priority: { priorityKey: RUN_PRIORITY.roster },
        staticSummary: `Part ${input.part + 1} of a roster: ${input.groups.length} groups`,
      }),
    );
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
