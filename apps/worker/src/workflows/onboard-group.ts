import { ActivityFailure, CancellationScope, isCancellation, workflowInfo } from '@temporalio/workflow';
import type { GroupDefinition } from '@scim-onboarding/scim-core';
import {
  auditStatus,
  webhookEventName,
  type GroupOutcome,
  type MemberReport,
  type OnboardGroupInput,
  type OnboardGroupResult,
  type Outcome,
  type WebhookEvent,
  type WebhookReport,
} from '@scim-onboarding/onboarding-contract/workflow';
import type { AuditInput, GroupRef, ValidatedGroup } from './activities.ts';
import { runStep } from './activity-proxies.ts';
import { decideConflict } from './conflict.ts';
import { conflictFailure, describeFailure } from './failures.ts';
import { trackProgress, type Progress } from './progress.ts';

/** Onboards one group: validate, create or adopt, sync and verify members, tell the HRIS, record. */
export async function onboardGroup(input: OnboardGroupInput): Promise<OnboardGroupResult> {
  const progress = trackProgress();
  let target: string | undefined;
  try {
    const validated = await validate(input, progress);
    target = validated.target;
    const resolved = await createOrAdopt(input.definition, validated, progress);
    progress.group(resolved.group.groupId);
    const checked = await settleMembers(input, resolved, progress);
    const latencyMs = progress.elapsedMs();
    const group = { ...resolved, ...checked, target };
    const webhook = await notify(input, group, validated, progress);
    const outcome = group.outcome;
    const result: OnboardGroupResult = {
      outcome,
      status: auditStatus(outcome),
      tenant: input.tenant,
      externalId: input.definition.externalId,
      displayName: group.displayName,
      groupId: group.group.groupId,
      target,
      recovered: group.recovered,
      members: group.members,
      latencyMs,
      webhook,
    };
    await recordAudit(input, progress, {
      outcome,
      latencyMs,
      displayName: group.displayName,
      target,
      members: group.members,
      webhook,
    });
    progress.done(outcome);
    return result;
  } catch (error) {
    await recordFailure(input, progress, target, error);
    throw error;
  }
}

async function validate({ definition }: OnboardGroupInput, progress: Progress): Promise<ValidatedGroup> {
  return progress.step(
    'validate-group',
    () =>
      runStep('validate-group', definition, {
        summary: `Check ${definition.displayName} against rules, directory and role policy`,
      }),
    ({ existing }) => (existing === undefined ? 'valid, new' : `valid, exists as ${existing.groupId}`),
  );
}

interface Resolved {
  readonly group: GroupRef;
  readonly how: 'created' | 'adopted' | 'existing';
  readonly recovered: boolean;
}

async function createOrAdopt(
  definition: GroupDefinition,
  validated: ValidatedGroup,
  progress: Progress,
): Promise<Resolved> {
  if (validated.existing !== undefined) return { group: validated.existing, how: 'existing', recovered: false };
  progress.stage('creating');
  const created = await progress.step(
    'create-group',
    () =>
      runStep('create-group', definition, {
        summary: `Create ${definition.displayName} with ${definition.members.length} members`,
      }),
    (result) =>
      result.kind === 'conflict'
        ? 'exists already (409)'
        : `${result.recovered ? 'found after an unclear attempt' : 'created'}: ${result.group.groupId}`,
  );
  if (created.kind === 'created') return { group: created.group, how: 'created', recovered: created.recovered };

  progress.stage('resolving-conflict');
  const { externalId, displayName } = definition;
  const found = await progress.step(
    'find-group',
    () =>
      runStep(
        'find-group',
        { externalId, displayName },
        { summary: `Find the group that is in the way of ${displayName}` },
      ),
    (result) => `${result.byExternalId.length} by externalId, ${result.byName.length} by name`,
  );
  const decision = decideConflict(found);
  if (decision.kind !== 'adopt') throw conflictFailure(definition, decision, found);
  // A 409 that follows an unclear attempt of ours, on a group with our externalId, is that attempt's group.
  return { group: decision.group, how: created.afterUnclear ? 'created' : 'adopted', recovered: created.afterUnclear };
}

interface Settled {
  readonly outcome: GroupOutcome;
  readonly displayName: string;
  readonly members: MemberReport;
}

/** Adds what is missing and reads back. A group that was created whole is read back only. */
async function settleMembers(
  input: OnboardGroupInput,
  { group, how, recovered }: Resolved,
  progress: Progress,
): Promise<Settled> {
  const memberIds = input.definition.members.map((member) => member.id);
  const { groupId } = group;
  const whole = how === 'created' && !recovered;
  const found = whole ? 0 : await syncMembers(groupId, memberIds, progress);
  progress.stage('verifying');
  let verified = await verify(input, groupId, memberIds, progress);
  if (whole && verified.missing > 0) {
    // The target took the group without all of its members; adding them is a request of its own.
    await syncMembers(groupId, memberIds, progress);
    verified = await verify(input, groupId, memberIds, progress, 'after-sync');
  }
  // Members of a group that this run created came with it, also where that was found out later.
  const added = how === 'created' ? memberIds.length - verified.missing : found;
  const clean: GroupOutcome = how === 'existing' ? (added > 0 ? 'updated' : 'unchanged') : how;
  return {
    outcome: verified.missing > 0 ? 'partial' : clean,
    displayName: verified.displayName,
    members: {
      requested: memberIds.length,
      added,
      missing: verified.missing,
      missingIds: verified.missingIds,
      duplicatesDropped: input.duplicatesDropped,
    },
  };
}

async function syncMembers(groupId: string, memberIds: readonly string[], progress: Progress): Promise<number> {
  progress.stage('syncing-members');
  const { added } = await progress.step(
    'sync-members',
    () => runStep('sync-members', { groupId, memberIds }, { summary: `Add missing members to ${groupId}` }),
    (result) => `${result.added} added`,
  );
  return added;
}

function verify(
  { definition }: OnboardGroupInput,
  groupId: string,
  memberIds: readonly string[],
  progress: Progress,
  suffix?: string,
) {
  const { externalId } = definition;
  return progress.step(
    'verify-group',
    () =>
      runStep(
        'verify-group',
        { groupId, externalId, memberIds },
        { summary: `Read ${groupId} back`, ...(suffix === undefined ? {} : { suffix }) },
      ),
    (result) => (result.missing === 0 ? 'as asked for' : `${result.missing} members missing`),
  );
}

/** A receiver that stays down does not fail the onboarding: the group is there, and the result says what was not delivered. */
async function notify(
  input: OnboardGroupInput,
  group: Resolved & Settled & { readonly target: string },
  validated: ValidatedGroup,
  progress: Progress,
): Promise<WebhookReport> {
  if (validated.webhook === undefined) return { state: 'not-configured' };
  progress.stage('notifying');
  const { workflowId, originalExecutionRunId } = workflowInfo();
  const name = webhookEventName(group.outcome);
  // Made of the first run's id, so that a reset sends the same id and the receiver drops the second delivery.
  const id = `msg_${originalExecutionRunId}`;
  const { requested, added, missing } = group.members;
  const event: WebhookEvent = {
    event: name,
    type: name,
    timestamp: new Date(Date.now()).toISOString(),
    data: {
      groupId: group.group.groupId,
      externalId: input.definition.externalId,
      displayName: group.displayName,
      tenant: input.tenant,
      target: group.target,
      outcome: group.outcome,
      members: { requested, added, missing },
      workflowId,
      runId: originalExecutionRunId,
    },
  };
  const { giveUpAfterSeconds } = validated.webhook;
  try {
    const { attempts } = await progress.step(
      'send-webhook',
      () =>
        runStep(
          'send-webhook',
          { id, event },
          { summary: `Tell the HRIS: ${name}`, scheduleToCloseTimeout: `${giveUpAfterSeconds} seconds` },
        ),
      (result) => `delivered at attempt ${result.attempts}`,
    );
    return { state: 'delivered', id, attempts };
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    const { message, details } = describeFailure(error);
    return {
      state: 'undelivered',
      id,
      reason: message,
      ...(details?.attempts === undefined ? {} : { attempts: details.attempts }),
    };
  }
}

type AuditFacts = Pick<AuditInput, 'latencyMs' | 'displayName' | 'members' | 'webhook' | 'failure'> & {
  readonly outcome: Outcome;
  readonly target?: string | undefined;
};

async function recordAudit(input: OnboardGroupInput, progress: Progress, facts: AuditFacts): Promise<void> {
  const { workflowId, originalExecutionRunId } = workflowInfo();
  const { target, members, webhook, ...rest } = facts;
  const record: AuditInput = {
    ...rest,
    id: `${workflowId}/${originalExecutionRunId}/1`,
    timestamp: new Date(Date.now()).toISOString(),
    tenant: input.tenant,
    externalId: input.definition.externalId,
    status: auditStatus(facts.outcome),
    workflowId,
    runId: originalExecutionRunId,
    ...(progress.groupId === undefined ? {} : { groupId: progress.groupId }),
    ...(target === undefined ? {} : { target }),
    ...(members === undefined
      ? {}
      : {
          members: {
            requested: members.requested,
            added: members.added,
            missing: members.missing,
            duplicatesDropped: members.duplicatesDropped,
          },
        }),
    ...(webhook === undefined
      ? {}
      : {
          webhook: {
            state: webhook.state,
            ...(webhook.id === undefined ? {} : { id: webhook.id }),
            ...(webhook.attempts === undefined ? {} : { attempts: webhook.attempts }),
          },
        }),
  };
  const run = () =>
    runStep('record-audit', record, { summary: `Record ${facts.outcome} of ${input.definition.externalId}` });
  // What happened has happened: a cancellation does not take its record away.
  await progress.step(
    'record-audit',
    () => CancellationScope.nonCancellable(run),
    () => 'recorded',
  );
}

/** A run that fails or is cancelled leaves its record too. */
async function recordFailure(
  input: OnboardGroupInput,
  progress: Progress,
  target: string | undefined,
  error: unknown,
): Promise<void> {
  const outcome: Outcome = isCancellation(error) ? 'cancelled' : 'failed';
  const { type, message, details } = describeFailure(error);
  const latencyMs = progress.elapsedMs();
  await recordAudit(input, progress, {
    outcome,
    latencyMs,
    displayName: input.definition.displayName,
    target,
    webhook: { state: 'not-sent' },
    failure: {
      type: outcome === 'cancelled' ? 'Cancelled' : type,
      message: message.slice(0, 1000),
      ...(details?.correlationId === undefined ? {} : { correlationId: details.correlationId }),
    },
  });
  progress.done(outcome);
}
