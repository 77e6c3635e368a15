import { randomUUID } from 'node:crypto';
import { SEARCH_ATTRIBUTE_TYPES } from '@scim-onboarding/onboarding-contract';
import {
  connectClient,
  devServerEnvironment,
  ensureSearchAttributes,
  startDevServer,
  type DevServer,
  type TemporalClient,
} from '@scim-onboarding/temporal-connection';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOnboardingClient, type OnboardingClient } from '../src/index.ts';
import { definition, startRig, type Rig } from './support/rig.ts';

let rig: Rig;
let server: DevServer;
let temporal: TemporalClient;
let onboarding: OnboardingClient;

beforeAll(async () => {
  rig = await startRig();
  ({ server, temporal, onboarding } = rig);
});
afterAll(() => rig?.close());

describe('start', () => {
  it('starts a run and gives its result', async () => {
    const group = definition();
    const run = await onboarding.start(group, { requestedBy: 'tests' });
    expect(run).toMatchObject({ workflowId: `onboard-group:default:${group.externalId}`, joined: false });
    expect(run.uiPath).toBe(
      `/namespaces/${server.namespace}/workflows/onboard-group%3Adefault%3A${group.externalId}/${run.runId}`,
    );
    expect(await run.result({ deadlineMs: 20_000 })).toMatchObject({
      outcome: 'created',
      groupId: 'group-1',
      externalId: group.externalId,
    });
    expect(await onboarding.result(group.externalId)).toMatchObject({ outcome: 'created' });

    const described = await temporal.client.workflow.getHandle(run.workflowId).describe();
    expect(await described.staticSummary()).toBe('Onboard Team_A (2 members)');
    expect(await described.staticDetails()).toContain('`tests`');
    expect(described.memo).toMatchObject({ requestedBy: 'tests' });
    expect(JSON.stringify([described.memo, described.searchAttributes])).not.toContain('u1@example.com');
  });

  it('joins the open run of the same definition, in whatever order its members are', async () => {
    const group = definition('wait');
    const first = await onboarding.start(group);
    const second = await onboarding.start({ ...group, members: [...group.members].reverse() });
    expect(second).toMatchObject({ runId: first.runId, joined: true });
    await onboarding.cancel(group.externalId);
  });

  it('lets exactly one of many callers start the run', async () => {
    const group = definition('wait');
    const runs = await Promise.all(Array.from({ length: 8 }, () => onboarding.start(group)));
    expect(new Set(runs.map((run) => run.runId)).size).toBe(1);
    expect(runs.filter((run) => !run.joined)).toHaveLength(1);
    await onboarding.cancel(group.externalId);
  });

  it('refuses to join an open run of another definition', async () => {
    const group = definition('wait');
    const first = await onboarding.start(group);
    const other = onboarding.start({ ...group, members: [] });
    await expect(other).rejects.toMatchObject({
      type: 'DefinitionMismatch',
      workflowId: first.workflowId,
      runId: first.runId,
    });
    await onboarding.cancel(group.externalId);
  });

  it('refuses to join an open run of another conflict policy, but takes another onFailure', async () => {
    const group = definition('wait');
    const first = await onboarding.start(group, { conflictPolicy: 'update' });
    await expect(onboarding.start(group)).rejects.toMatchObject({
      type: 'DefinitionMismatch',
      message: expect.stringContaining('the conflict policy "update", not "adopt"'),
    });
    const joined = await onboarding.start(group, { conflictPolicy: 'update', onFailure: 'fail' });
    expect(joined).toMatchObject({ joined: true, runId: first.runId });
    await onboarding.cancel(group.externalId);
  });

  it('sends 50 000 members, and says how many there are', async () => {
    const members = Array.from({ length: 50_000 }, () => ({ id: randomUUID() }));
    const run = await onboarding.start({ ...definition(), members });
    expect((await run.result()).members.requested).toBe(50_000);
    const described = await temporal.client.workflow.getHandle(run.workflowId).describe();
    expect(await described.staticSummary()).toBe('Onboard Team_A (50000 members)');
  });

  it('starts a new run when the last one has ended, whatever its definition', async () => {
    const group = definition();
    const first = await onboarding.start(group);
    await first.result();
    const second = await onboarding.start({ ...group, members: [] });
    expect(second.joined).toBe(false);
    expect(second.runId).not.toBe(first.runId);
    await second.result();
  });

  it('sends nothing when the definition is not valid', async () => {
    const group = { ...definition(), displayName: 'not valid' };
    await expect(onboarding.start(group)).rejects.toMatchObject({
      type: 'InvalidGroupDefinition',
      issues: [{ path: '$.displayName' }],
    });
    await expect(onboarding.status(group.externalId)).rejects.toMatchObject({ type: 'OnboardingNotFound' });
  });

  it('keeps tenants apart', async () => {
    const group = definition();
    const run = await onboarding.start(group, { tenant: 'acme' });
    expect(run.workflowId).toBe(`onboard-group:acme:${group.externalId}`);
    expect((await run.result()).tenant).toBe('acme');
    await expect(onboarding.status(group.externalId)).rejects.toMatchObject({ type: 'OnboardingNotFound' });
    expect((await onboarding.status(group.externalId, { tenant: 'acme' })).execution).toBe('COMPLETED');
  });
});

describe('result', () => {
  it('tells why a run failed', async () => {
    const run = await onboarding.start(definition('conflict'));
    await expect(run.result()).rejects.toMatchObject({
      name: 'OnboardingFailedError',
      type: 'NameConflict',
      message: 'The name is taken by another group.',
      hint: 'Rename the group.',
      details: { docs: 'docs/errors.md#nameconflict' },
      workflowId: run.workflowId,
      runId: run.runId,
      cancelled: false,
    });
  });

  it('ends at its deadline while the run goes on', async () => {
    const group = definition('wait');
    const run = await onboarding.start(group);
    const before = Date.now();
    await expect(run.result({ deadlineMs: 400 })).rejects.toMatchObject({
      type: 'DeadlineExceeded',
      workflowId: run.workflowId,
    });
    expect(Date.now() - before).toBeLessThan(3_000);
    expect((await onboarding.status(group.externalId)).execution).toBe('RUNNING');
    await onboarding.cancel(group.externalId);
    await expect(run.result()).rejects.toMatchObject({ type: 'Cancelled', cancelled: true });
  });

  it('tells of a terminated run, and refuses to cancel it', async () => {
    const group = definition('wait');
    const run = await onboarding.start(group);
    await temporal.client.workflow.getHandle(run.workflowId).terminate('by hand');
    await expect(run.result()).rejects.toMatchObject({
      type: 'Terminated',
      message: expect.stringContaining('by hand'),
    });
    await expect(onboarding.cancel(group.externalId)).rejects.toMatchObject({
      type: 'OnboardingNotFound',
      message: expect.stringContaining('has ended already'),
    });
  });

  it('follows a run that was reset', async () => {
    const run = await onboarding.start(definition('wait'));
    const waiting = run.result({ deadlineMs: 20_000 });
    const reset = await resetToStart(run.workflowId, run.runId);
    expect(reset).not.toBe(run.runId);
    await temporal.client.workflow.getHandle(run.workflowId, reset).cancel();
    await expect(waiting).rejects.toMatchObject({ type: 'Cancelled', runId: reset });
  });

  it('does not take a result of another shape', async () => {
    const run = await onboarding.start(definition('unreadable'));
    await expect(run.result()).rejects.toMatchObject({
      type: 'UnreadableResult',
      message: expect.stringContaining('outcome'),
    });
  });

  it('says that there is no such run', async () => {
    await expect(onboarding.result('no-such-group')).rejects.toMatchObject({
      type: 'OnboardingNotFound',
      message: `There is no workflow onboard-group:default:no-such-group in the namespace ${server.namespace}.`,
    });
  });
});

describe('status', () => {
  it('shows the steps while the run is open', async () => {
    const group = definition('wait');
    const run = await onboarding.start(group);
    await expect
      .poll(() => onboarding.status(group.externalId))
      .toMatchObject({
        runId: run.runId,
        execution: 'RUNNING',
        stage: 'creating',
        state: 'live',
        steps: [{ step: 'validate-group', state: 'done', activityId: 'validate-group' }],
      });
    await onboarding.cancel(group.externalId);
  });

  it('shows an activity that is being retried', async () => {
    const group = definition('retry');
    const run = await onboarding.start(group);
    await expect
      .poll(async () => (await onboarding.status(group.externalId)).pendingActivities, { timeout: 10_000 })
      .toMatchObject([
        {
          attempt: 2,
          lastFailure: 'POST /groups: 503',
          lastFailureType: 'ServerError',
          nextAttemptAt: expect.any(String),
        },
      ]);
    await temporal.client.workflow.getHandle(run.workflowId).terminate();
  });

  it('shows result or failure of a run that ended', async () => {
    const good = definition();
    await (await onboarding.start(good)).result();
    expect(await onboarding.status(good.externalId)).toMatchObject({
      execution: 'COMPLETED',
      outcome: 'created',
      groupId: 'group-1',
      closedAt: expect.any(String),
    });
    const bad = definition('conflict');
    await (await onboarding.start(bad)).result().catch(() => undefined);
    expect(await onboarding.status(bad.externalId)).toMatchObject({
      execution: 'FAILED',
      failure: { type: 'NameConflict', hint: 'Rename the group.' },
    });
  });
});

describe('without a worker or a server', () => {
  it('answers the status from the server alone', async () => {
    await rig.stopWorker();
    const group = definition('wait');
    const run = await onboarding.start(group);
    const status = await onboarding.status(group.externalId, { queryDeadlineMs: 200 });
    expect(status).toMatchObject({ execution: 'RUNNING', state: 'unavailable', stage: 'validating' });
    expect(status).not.toHaveProperty('steps');
    await temporal.client.workflow.getHandle(run.workflowId).terminate();
  });

  it('says that search attributes are missing, and that the server is gone, within the deadline', async () => {
    const other = await startDevServer();
    const connected = await connectClient({ env: devServerEnvironment(other) });
    const client = createOnboardingClient({ client: connected.client, deadlineMs: 1_000 });
    try {
      await expect(client.start(definition())).rejects.toMatchObject({ type: 'SearchAttributesMissing' });
      await ensureSearchAttributes(connected.connection, connected.namespace, SEARCH_ATTRIBUTE_TYPES);
      const run = await client.start(definition('wait'));
      await other.stop();
      await expect(client.start(definition())).rejects.toMatchObject({ type: 'TemporalUnavailable' });
      await expect(run.result({ deadlineMs: 500 })).rejects.toMatchObject({ type: 'TemporalUnavailable' });
    } finally {
      await connected.close();
      await other.stop();
    }
  });

  it('names a namespace that does not exist', async () => {
    const env = devServerEnvironment({ address: server.address, namespace: 'no-such-namespace' });
    const connected = await connectClient({ env });
    const client = createOnboardingClient({ client: connected.client });
    await expect(client.start(definition())).rejects.toMatchObject({ type: 'NamespaceNotFound' });
    await connected.close();
  });
});

async function resetToStart(workflowId: string, runId: string): Promise<string> {
  const handle = temporal.client.workflow.getHandle(workflowId, runId);
  const isFirstTask = async () =>
    (await handle.fetchHistory()).events?.find((event) => event.workflowTaskCompletedEventAttributes);
  await expect.poll(isFirstTask).toBeDefined();
  const eventId = (await isFirstTask())?.eventId;
  const response = await temporal.client.workflowService.resetWorkflowExecution({
    namespace: server.namespace,
    workflowExecution: { workflowId, runId },
    reason: 'test',
    requestId: randomUUID(),
    ...(eventId && { workflowTaskFinishEventId: eventId }),
  });
  return response.runId;
}
