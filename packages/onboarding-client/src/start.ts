import { randomUUID } from 'node:crypto';
import {
  definitionDigest,
  DIGEST_MEMO,
  ONBOARD_GROUP_WORKFLOW,
  packDefinition,
  RUN_PRIORITY,
  searchAttributes,
  TASK_QUEUES,
  type BlockedTimes,
  type ConflictPolicy,
  type OnboardGroupInput,
  type OnboardGroupResult,
  type OnFailure,
  type WireDefinition,
} from '@scim-onboarding/onboarding-contract';
import { parseGroupDefinition, type GroupDefinition, type GroupRules } from '@scim-onboarding/scim-core';
import type { Calls } from './calls.ts';
import { DefinitionMismatchError, InvalidArgumentError, InvalidGroupDefinitionError } from './errors.ts';
import { runDetails, runSummary } from './metadata.ts';
import { waitForResult, type ResultOptions } from './result.ts';
import { runUiPath, workflowIdFor } from './workflow-ids.ts';

/** Memo key of a value that is new in every call: equal in the run's memo means this call started the run. */
const START_ID_MEMO = 'startId';

/** Memo key of the conflict policy that a run was started with. */
const POLICY_MEMO = 'conflictPolicy';

const DEFAULT_POLICY: ConflictPolicy = 'adopt';

/** Temporal refuses a payload of more than 2 MiB (`limit.blobSize.error`); the rest is room for the envelope. */
const MAX_INPUT_BYTES = 2 * 1024 * 1024 - 16 * 1024;

const MAX_REQUESTED_BY = 256;

/** JSON encoders recurse: a value nested thousands of levels deep would end in a stack overflow. */
const MAX_DEPTH = 50;

export interface StartOptions {
  /** Default: the client's tenant. */
  readonly tenant?: string;
  /** Person or service that asked for it; shown in the Temporal UI. At most 256 characters. */
  readonly requestedBy?: string;
  /** What to do with a group that exists already. Default `adopt`. */
  readonly conflictPolicy?: ConflictPolicy;
  /** `block` (default): a permanent failure parks the run until a person decides. `fail`: it ends the run. */
  readonly onFailure?: OnFailure;
  /** With the policy `update`: allow to remove more members than is removed without asking. Default false. */
  readonly allowRemovals?: boolean;
  /** How long a blocked run waits for a person. Default: a reminder each day, the end after a week. */
  readonly blocked?: BlockedTimes;
  /** Milliseconds for the start itself. */
  readonly deadlineMs?: number;
  /** Milliseconds after which the server ends the run. Default: none. */
  readonly executionTimeoutMs?: number;
}

/** A run that was started, or was open already. */
export interface StartedOnboarding {
  readonly workflowId: string;
  readonly runId: string;
  /** True if the run was open already, with the same definition and conflict policy. */
  readonly joined: boolean;
  /** Path of the run in the Temporal UI. */
  readonly uiPath: string;
  /** Waits for this run's result; see {@link waitForResult} for what it throws. */
  result(options?: ResultOptions): Promise<OnboardGroupResult>;
}

/**
 * Starts the onboarding of a group, or joins the open run of the same group and definition.
 *
 * @throws InvalidGroupDefinitionError, InvalidArgumentError before anything is sent
 * @throws DefinitionMismatchError if a run with another definition or conflict policy is open
 * @throws TemporalUnavailableError, TemporalRefusedError
 */
export async function startOnboarding(
  calls: Calls,
  input: unknown,
  options: StartOptions & { readonly tenant: string; readonly rules: GroupRules },
): Promise<StartedOnboarding> {
  const { tenant, requestedBy, deadlineMs } = options;
  const request = startRequest(input, options);
  const { workflowId, digest, startId } = request;
  const policy = options.conflictPolicy ?? DEFAULT_POLICY;
  const runId = await calls.call({ call: 'start', workflowId, deadlineMs }, async () => {
    const handle = await calls.client.workflow.start(ONBOARD_GROUP_WORKFLOW, {
      workflowId,
      taskQueue: TASK_QUEUES.onboarding,
      args: [request.input],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      typedSearchAttributes: [
        { key: searchAttributes.groupExternalId, value: request.input.definition.externalId },
        { key: searchAttributes.tenant, value: tenant },
        { key: searchAttributes.stage, value: 'validating' },
      ],
      memo: {
        [DIGEST_MEMO]: digest,
        [START_ID_MEMO]: startId,
        [POLICY_MEMO]: policy,
        ...(requestedBy !== undefined && { requestedBy }),
      },
      priority: { priorityKey: RUN_PRIORITY.single },
      staticSummary: runSummary(request.input.definition),
      staticDetails: runDetails({
        ...request.input,
        digest,
        ...(requestedBy !== undefined && { requestedBy }),
      }),
      ...(options.executionTimeoutMs !== undefined && { workflowExecutionTimeout: options.executionTimeoutMs }),
    });
    return handle.firstExecutionRunId;
  });
  const memo = await calls.call(
    { call: 'describe', workflowId, runId, deadlineMs },
    async () => (await calls.client.workflow.getHandle(workflowId, runId).describe()).memo ?? {},
  );
  if (memo[DIGEST_MEMO] !== digest) throw new DefinitionMismatchError(workflowId, runId);
  const openPolicy: unknown = memo[POLICY_MEMO] ?? DEFAULT_POLICY;
  if (openPolicy !== policy) {
    throw new DefinitionMismatchError(
      workflowId,
      runId,
      `the conflict policy ${JSON.stringify(openPolicy)}, not ${JSON.stringify(policy)}`,
    );
  }
  return {
    workflowId,
    runId,
    joined: memo[START_ID_MEMO] !== startId,
    uiPath: runUiPath(calls.namespace, workflowId, runId),
    result: (resultOptions = {}) => waitForResult(calls, workflowId, { ...resultOptions, runId }),
  };
}

interface StartRequest {
  readonly workflowId: string;
  readonly input: OnboardGroupInput;
  readonly digest: string;
  readonly startId: string;
}

function startRequest(
  input: unknown,
  options: StartOptions & { readonly tenant: string; readonly rules: GroupRules },
): StartRequest {
  const { definition, duplicatesDropped, wire } = checkedDefinition(input, options.rules);
  const { conflictPolicy, onFailure, allowRemovals, blocked } = options;
  if ((options.requestedBy?.length ?? 0) > MAX_REQUESTED_BY) {
    throw new InvalidArgumentError(
      `requestedBy is longer than ${MAX_REQUESTED_BY} characters.`,
      'Name the requester by an id.',
    );
  }
  return {
    workflowId: workflowIdFor(options.tenant, definition.externalId),
    input: {
      tenant: options.tenant,
      definition: wire,
      duplicatesDropped,
      ...(conflictPolicy !== undefined && { conflictPolicy }),
      ...(onFailure !== undefined && { onFailure }),
      ...(allowRemovals !== undefined && { allowRemovals }),
      ...(blocked !== undefined && { blocked }),
    },
    digest: definitionDigest(definition),
    startId: randomUUID(),
  };
}

/** What {@link checkedDefinition} answers. */
export interface CheckedDefinition {
  readonly definition: GroupDefinition;
  readonly duplicatesDropped: number;
  /** The definition as it travels. */
  readonly wire: WireDefinition;
}

/**
 * Parses a definition, and checks that Temporal takes it as the input of a workflow.
 *
 * @throws InvalidGroupDefinitionError
 */
export function checkedDefinition(input: unknown, rules: GroupRules): CheckedDefinition {
  const parsed = parseGroupDefinition(input, rules);
  if (!parsed.ok) throw new InvalidGroupDefinitionError(parsed.issues);
  if (isDeeperThan(parsed.definition.extensions, MAX_DEPTH)) {
    const message = `is nested more than ${MAX_DEPTH} levels deep; flatten it`;
    throw new InvalidGroupDefinitionError([{ path: '$.extensions', code: 'invalid_value', message }]);
  }
  const wire = packDefinition(parsed.definition);
  const bytes = Buffer.byteLength(JSON.stringify(wire));
  if (bytes > MAX_INPUT_BYTES) {
    const message = `has ${bytes} bytes when packed, Temporal takes at most ${MAX_INPUT_BYTES}; leave out the e-mails, or split the group`;
    throw new InvalidGroupDefinitionError([{ path: '$', code: 'too_long', message }]);
  }
  return { definition: parsed.definition, duplicatesDropped: parsed.duplicatesDropped, wire };
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((entry) => isDeeperThan(entry, levels - 1));
}
