import { rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { demoSeed, type Fault } from '@scim-onboarding/genesys-simulator';
import type { Step } from '@scim-onboarding/onboarding-contract';
import { definition, startRig, type Rig } from './support/rig.ts';
import { startWorkerProcess } from './support/worker-process.ts';

let rig: Rig;
const HELD_MS = 8_000;
const members = definition('x').members.map((member) => member.id);
const known = '22222222-0000-4000-8000-00000000000';

beforeAll(async () => {
  rig = await startRig({
    seed: {
      users: demoSeed.users ?? [],
      groups: [
        // Existing groups, so that the requests of a step can be told apart by the group's id.
        { id: `${known}1`, displayName: 'Team_kill-sync', externalId: 'kill-sync', members: [] },
        { id: `${known}2`, displayName: 'Team_kill-verify', externalId: 'kill-verify', members },
      ],
    },
  });
});
afterAll(() => rig.close());

/** How each step is held, so that the worker dies in the middle of it. */
const holds: Record<Exclude<Step, 'record-audit' | 'delete-group'>, readonly Fault[]> = {
  'validate-group': [{ kind: 'delay', match: { method: 'GET', path: '"Team_kill-validate"' }, ms: HELD_MS }],
  // The simulator goes on with the request when its client is dead: the group is created by nobody who could hear of it.
  'create-group': [{ kind: 'delay', match: { method: 'POST', bodyIncludes: '"kill-create"' }, ms: HELD_MS }],
  'find-group': [
    {
      kind: 'create-first',
      match: { method: 'POST', bodyIncludes: '"kill-find"' },
      group: { displayName: 'Team_kill-find', externalId: 'kill-find', members },
    },
    { kind: 'delay', match: { method: 'GET', path: 'externalId eq "kill-find"' }, skip: 1, ms: HELD_MS },
  ],
  'sync-members': [{ kind: 'delay', match: { method: 'PATCH', path: `${known}1` }, ms: HELD_MS }],
  'verify-group': [{ kind: 'delay', match: { method: 'GET', path: `/groups/${known}2` }, skip: 1, ms: HELD_MS }],
  'send-webhook': [{ kind: 'delay', match: { path: '/hris/webhook', bodyIncludes: '"kill-webhook"' }, ms: HELD_MS }],
};

const runs: Record<Exclude<Step, 'delete-group'>, string> = {
  'validate-group': 'kill-validate',
  'create-group': 'kill-create',
  'find-group': 'kill-find',
  'sync-members': 'kill-sync',
  'verify-group': 'kill-verify',
  'send-webhook': 'kill-webhook',
  'record-audit': 'kill-audit',
};

async function heldIn(externalId: string): Promise<string[]> {
  const { pendingActivities } = await rig.onboarding.status(externalId);
  return pendingActivities.map((activity) => activity.activityId);
}

it(
  'a worker killed in the middle of each step leaves one group, one webhook id and one record of each run',
  { timeout: 120_000 },
  async () => {
    for (const fault of Object.values(holds).flat()) rig.simulator.addFault(fault);
    // Another process has the audit file: every record waits for it.
    await writeFile(`${rig.auditFile}.lock`, JSON.stringify({ pid: process.pid, host: hostname(), token: 'test' }));
    const killed = await startWorkerProcess(rig.env());
    const started = [];
    for (const externalId of Object.values(runs)) started.push(await rig.onboarding.start(definition(externalId)));
    for (const [step, externalId] of Object.entries(runs)) {
      await expect
        .poll(() => heldIn(externalId), {
          timeout: HELD_MS - 1000,
          interval: 50,
          message: `${externalId} should be in ${step}`,
        })
        .toContain(step);
    }
    // An activity that is pending may not have sent its request yet; the hold is longer than this.
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await killed.end('SIGKILL')).toBe('SIGKILL');
    await rm(`${rig.auditFile}.lock`, { force: true });

    const worker = await startWorkerProcess(rig.env());
    const results = await Promise.all(
      started.map(({ workflowId, runId }) => rig.onboarding.result(workflowId, { runId, deadlineMs: 60_000 })),
    );
    const audit = await rig.audit();
    for (const result of results) {
      const groups = rig.simulator.groups().filter((group) => group.externalId === result.externalId);
      expect(groups, result.externalId).toMatchObject([{ id: result.groupId }]);
      expect(new Set(groups[0]?.members)).toEqual(new Set(members));
      const webhookIds = rig.simulator
        .webhooks()
        .filter((webhook) => webhook.rawBody.includes(`"${result.externalId}"`))
        .map((webhook) => webhook.headers['webhook-id']);
      expect(new Set(webhookIds), result.externalId).toEqual(new Set([result.webhook.id]));
      expect(audit.filter((record) => record.externalId === result.externalId)).toHaveLength(1);
      await rig.replay(result.externalId);
    }
    const outcomeOf = (externalId: string): string | undefined =>
      results.find((result) => result.externalId === externalId)?.outcome;
    expect(Object.fromEntries(Object.values(runs).map((externalId) => [externalId, outcomeOf(externalId)]))).toEqual({
      'kill-validate': 'created',
      'kill-create': 'created',
      'kill-find': 'adopted',
      'kill-sync': 'updated',
      'kill-verify': 'unchanged',
      'kill-webhook': 'created',
      'kill-audit': 'created',
    });

    const ready = await fetch(`${worker.health}/readyz`);
    expect([ready.status, (await fetch(`${worker.health}/livez`)).status]).toEqual([200, 200]);
    expect(await worker.end('SIGTERM')).toBe(0);
  },
);

it('a worker killed while it takes a group back leaves none, and one record', { timeout: 60_000 }, async () => {
  rig.simulator.addFault({
    kind: 'respond',
    match: { path: '/hris/webhook', bodyIncludes: '"kill-delete"' },
    times: 'always',
    status: 503,
  });
  rig.simulator.addFault({ kind: 'delay', match: { method: 'DELETE' }, ms: HELD_MS });
  const killed = await startWorkerProcess(rig.env());
  const { workflowId } = await rig.onboarding.start(definition('kill-delete'));
  await expect.poll(async () => (await rig.onboarding.status(workflowId)).stage, { timeout: 15_000 }).toBe('notifying');
  await rig.onboarding.cancel(workflowId, { compensate: true });
  await expect.poll(() => heldIn('kill-delete'), { timeout: 5_000, interval: 50 }).toContain('delete-group');
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(await killed.end('SIGKILL')).toBe('SIGKILL');

  const worker = await startWorkerProcess(rig.env());
  await expect(rig.onboarding.result(workflowId, { deadlineMs: 40_000 })).rejects.toMatchObject({ type: 'Aborted' });
  expect(rig.simulator.groups().filter((group) => group.externalId === 'kill-delete')).toEqual([]);
  expect((await rig.audit()).filter((record) => record.externalId === 'kill-delete')).toMatchObject([
    { outcome: 'cancelled' },
  ]);
  expect(await worker.end('SIGTERM')).toBe(0);
});
