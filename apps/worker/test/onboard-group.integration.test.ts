import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { searchAttributes } from '@scim-onboarding/onboarding-contract';
import { demoSeed } from '@scim-onboarding/genesys-simulator';
import { conversation, definition, startRig, WEBHOOK_SECRET, writes, type Rig } from './support/rig.ts';
import { failure, GROUPS, groupsOf, onboard, recordsOf, webhooksOf } from './support/scenario.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await startRig({ seed: demoSeed });
  await rig.work();
});
afterAll(() => rig.close());

describe('a fresh group', () => {
  it('is created once, with the contract’s payload, told to the HRIS, and recorded', async () => {
    const input = definition('fresh-1', {
      members: [...definition('x').members, { id: 'a1b2c3d4-e5f6-7890-abcd-ef1234567890' }],
    });
    const { result, requests } = await onboard(rig, input);
    expect(result).toMatchObject({
      outcome: 'created',
      status: 'success',
      recovered: false,
      target: 'scim',
      members: { requested: 2, added: 2, missing: 0, duplicatesDropped: 1 },
      webhook: { state: 'delivered', attempts: 1 },
    });
    expect(groupsOf(rig, 'fresh-1')).toMatchObject([
      { id: result.groupId, members: input.members.slice(0, 2).map((m) => m.id) },
    ]);
    const post = writes(requests);
    expect(post).toHaveLength(1);
    expect(post[0]?.body).toEqual({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      displayName: 'Team_fresh-1',
      externalId: 'fresh-1',
      members: input.members
        .slice(0, 2)
        .map(({ id, email }) => ({ value: id, $ref: `${rig.simulator.url}/api/v2/users/${id}`, display: email })),
      meta: { resourceType: 'Group' },
    });
    expect(conversation(requests).filter((line) => !line.startsWith('POST /oauth/token'))).toEqual([
      `GET ${GROUPS}?filter=externalId eq "fresh-1"&startIndex=1&count=100 → 200`,
      `GET ${GROUPS}?filter=displayName eq "Team_fresh-1"&startIndex=1&count=100 → 200`,
      expect.stringContaining('GET /api/v2/users?id={id}&id={id}'),
      `POST ${GROUPS} → 201`,
      `GET ${GROUPS}/{id} → 200`,
      'POST /hris/webhook → 204',
    ]);
    const [record] = await recordsOf(rig, 'fresh-1');
    expect(record).toMatchObject({
      status: 'success',
      outcome: 'created',
      groupId: result.groupId,
      webhook: { state: 'delivered' },
      displayName: 'Team_fresh-1',
    });
    await rig.replay('fresh-1', 'created');
  });

  it('stays within its budget of requests and history', async () => {
    const { requests } = await onboard(rig, definition('budget-1'));
    expect(
      requests.filter(({ path }) => !path.startsWith('/oauth/') && !path.startsWith('/hris/')).length,
    ).toBeLessThanOrEqual(5);
    const { events, json } = await rig.history('budget-1');
    expect(events).toBeLessThanOrEqual(30);
    // Temporal Cloud counts the start, each activity and each upsert (docs.temporal.io/cloud/actions).
    const actions =
      1 +
      (json.match(/EVENT_TYPE_(?:ACTIVITY_TASK_SCHEDULED|UPSERT_WORKFLOW_SEARCH_ATTRIBUTES|TIMER_STARTED)"/gu)
        ?.length ?? 0);
    expect(actions).toBeLessThanOrEqual(8);
    expect(json.length / events).toBeLessThan(1500);
  });

  it('signs the webhook so that an independent verifier accepts it', async () => {
    await onboard(rig, definition('signed-1'));
    const [webhook] = webhooksOf(rig, 'signed-1');
    if (webhook === undefined) throw new Error('no webhook');
    expect(webhook.signatureValid).toBe(true);
    expect(
      new Webhook(WEBHOOK_SECRET).verify(webhook.rawBody, webhook.headers as Record<string, string>),
    ).toMatchObject({
      event: 'scim.group.created',
      type: 'scim.group.created',
      data: { externalId: 'signed-1', groupId: groupsOf(rig, 'signed-1')[0]?.id, outcome: 'created' },
    });
  });

  it('keeps tokens and secrets out of history and audit', async () => {
    await onboard(rig, definition('secret-1'));
    const texts = [(await rig.history('secret-1')).json, JSON.stringify(await rig.audit())];
    for (const text of texts) expect(text).not.toMatch(/demo-secret|[Bb]earer|whsec_|access_token/u);
  });
});

describe('a second run', () => {
  it('of a finished definition writes nothing and says unchanged', async () => {
    await onboard(rig, definition('again-1'));
    const { result, requests } = await onboard(rig, definition('again-1'));
    expect(result).toMatchObject({ outcome: 'unchanged', members: { added: 0, missing: 0 } });
    expect(writes(requests)).toEqual([]);
    expect(await recordsOf(rig, 'again-1')).toHaveLength(2);
    await rig.replay('again-1', 'unchanged');
  });

  it('adds members that are missing, and removes none', async () => {
    const { groupId } = (await onboard(rig, definition('more-1'))).result;
    const extra = demoSeed.users?.[2]?.id ?? '';
    const first = definition('more-1').members[0];
    const { result, requests } = await onboard(
      rig,
      definition('more-1', { members: [...(first === undefined ? [] : [first]), { id: extra }] }),
    );
    expect(result).toMatchObject({ outcome: 'updated', groupId, members: { requested: 2, added: 1, missing: 0 } });
    expect(conversation(writes(requests))).toEqual([`PATCH ${GROUPS}/{id} → 200`]);
    expect(groupsOf(rig, 'more-1')[0]?.members).toHaveLength(3);
    await rig.replay('more-1', 'updated');
  });
});

describe('a conflict', () => {
  it('with a concurrent creator of the same group is adopted', async () => {
    const members = ['a1b2c3d4-e5f6-7890-abcd-ef1234567890'];
    rig.simulator.addFault({
      kind: 'create-first',
      match: { method: 'POST', bodyIncludes: '"race-1"' },
      group: { displayName: 'Team_race-1', externalId: 'race-1', members },
    });
    const { result, requests } = await onboard(rig, definition('race-1'));
    expect(result).toMatchObject({
      outcome: 'adopted',
      status: 'conflict_resolved',
      members: { added: 1, missing: 0 },
    });
    expect(groupsOf(rig, 'race-1')).toHaveLength(1);
    expect(conversation(writes(requests))).toEqual([`POST ${GROUPS} → 409`, `PATCH ${GROUPS}/{id} → 200`]);
    expect(await recordsOf(rig, 'race-1')).toMatchObject([{ status: 'conflict_resolved', groupId: result.groupId }]);
    await rig.replay('race-1', 'adopted');
  });

  it('of names is refused by validation, and names both groups', async () => {
    rig.simulator.addGroup({ displayName: 'Team_taken-1', externalId: 'someone-else' });
    const before = rig.simulator.requests().length;
    const error = await failure(rig, definition('taken-1'));
    expect(error).toMatchObject({ type: 'NameConflict' });
    expect(error.message).toContain('"taken-1"');
    expect(error.message).toContain('"someone-else"');
    expect(writes(rig.simulator.requests().slice(before))).toEqual([]);
    expect(webhooksOf(rig, 'taken-1')).toEqual([]);
    expect(await recordsOf(rig, 'taken-1')).toMatchObject([
      { status: 'failure', outcome: 'failed', failure: { type: 'NameConflict' } },
    ]);
    await rig.replay('taken-1', 'refused');
  });

  it('of names that appears between validation and creation is refused too', async () => {
    rig.simulator.addFault({
      kind: 'create-first',
      match: { method: 'POST', bodyIncludes: '"late-1"' },
      group: { displayName: 'team_LATE-1', externalId: 'other-late' },
    });
    const error = await failure(rig, definition('late-1'));
    expect(error).toMatchObject({ type: 'NameConflict' });
    expect(error.message).toContain('"other-late"');
    expect(groupsOf(rig, 'late-1')).toEqual([]);
    await rig.replay('late-1', 'name-conflict-after-409');
  });

  it('that no group explains fails after a full list scan', async () => {
    rig.simulator.addFault({
      kind: 'respond',
      match: { method: 'POST', bodyIncludes: '"ghost-1"' },
      status: 409,
      body: '{"detail":"exists"}',
    });
    const before = rig.simulator.requests().length;
    const error = await failure(rig, definition('ghost-1'));
    expect(error).toMatchObject({ type: 'ConflictWithoutGroup' });
    const lines = conversation(rig.simulator.requests().slice(before));
    expect(lines.some((line) => line.startsWith(`GET ${GROUPS}?excludedAttributes=members&startIndex=1`))).toBe(true);
    expect(lines.filter((line) => line.startsWith('POST /api'))).toHaveLength(1);
  });
});

describe('cancelling', () => {
  it('while the HRIS is down ends the run as cancelled, with a record that names the group', async () => {
    rig.simulator.addFault({
      kind: 'respond',
      match: { path: '/hris/webhook', bodyIncludes: '"cancel-1"' },
      times: 'always',
      status: 503,
    });
    const { workflowId, runId } = await rig.onboarding.start(definition('cancel-1'));
    await expect
      .poll(async () => (await rig.onboarding.status(workflowId)).stage, { timeout: 15_000 })
      .toBe('notifying');
    await rig.onboarding.cancel(workflowId);
    await expect(rig.onboarding.result(workflowId, { runId })).rejects.toMatchObject({ cancelled: true });
    expect(await recordsOf(rig, 'cancel-1')).toMatchObject([
      { status: 'failure', outcome: 'cancelled', groupId: groupsOf(rig, 'cancel-1')[0]?.id },
    ]);
    await rig.replay('cancel-1', 'cancelled');
  });
});

describe('what the run shows', () => {
  it('has the stage in the list of runs once a step takes long', async () => {
    const match = { method: 'POST', path: GROUPS, bodyIncludes: '"slow-1"' };
    rig.simulator.addFault({ kind: 'respond', match, times: 3, status: 503, headers: { 'retry-after': '0.05' } });
    rig.simulator.addFault({ kind: 'delay', match, ms: 3000 });
    const { workflowId } = await rig.onboarding.start(definition('slow-1'));
    const stages = new Set<unknown>();
    await expect
      .poll(
        async () => {
          for await (const run of rig.client.workflow.list({ query: 'GroupExternalId = "slow-1"' }))
            stages.add(run.typedSearchAttributes.get(searchAttributes.stage));
          return [...stages].at(-1);
        },
        { timeout: 20_000, interval: 50 },
      )
      .toBe('creating');
    await expect(rig.onboarding.result(workflowId)).resolves.toMatchObject({ outcome: 'created' });
    // One signal, however many attempts follow; the plain steps before it published nothing.
    const { json } = await rig.history('slow-1');
    expect(json.match(/EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED"/gu)).toHaveLength(1);
    expect([...stages]).toEqual(['validating', 'creating']);
  });

  it('is there by query and by search attribute', async () => {
    await onboard(rig, definition('shown-1'));
    const status = await rig.onboarding.status('shown-1');
    expect(status).toMatchObject({ execution: 'COMPLETED', stage: 'done', outcome: 'created' });
    expect(status.steps?.map((s) => `${s.step} ${s.state}`)).toEqual([
      'validate-group done',
      'create-group done',
      'send-webhook done',
      'record-audit done',
    ]);
    const listed: string[] = [];
    await expect
      .poll(
        async () => {
          for await (const run of rig.client.workflow.list({
            query: 'GroupExternalId = "shown-1" AND OnboardingOutcome = "created"',
          }))
            listed.push(run.workflowId);
          return listed.length;
        },
        { timeout: 10_000 },
      )
      .toBeGreaterThan(0);
  });
});
