import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { demoSeed } from '@scim-onboarding/genesys-simulator';
import { definition, startRig, writes, type Rig } from './support/rig.ts';
import { rosterResult, smallGroups, startNamed, untilThrough } from './support/rosters.ts';
import { groupsOf } from './support/scenario.ts';
import { startWorkerProcess } from './support/worker-process.ts';

const MEMBERS = 10_000;
let rig: Rig;
const ids = Array.from({ length: MEMBERS }, () => randomUUID());

beforeAll(async () => {
  rig = await startRig({ seed: demoSeed });
  rig.simulator.addUsers(ids.map((id, index) => ({ id, name: `User ${index}`, email: `user.${index}@example.com` })));
});
afterAll(() => rig.close());

it(
  'a group of 10 000 members survives a killed worker, with each member written once',
  { timeout: 120_000 },
  async () => {
    const env = rig.env({ MAX_GROUP_MEMBERS: String(MEMBERS) });
    const members = ids.map((id, index) => ({ id, email: `user.${index}@example.com` }));
    // The fourth chunk is held, so that the worker dies with some chunks written, one on its way, and others to come.
    rig.simulator.addFault({ kind: 'delay', match: { method: 'PATCH' }, skip: 3, ms: 4_000 });
    const killed = await startWorkerProcess(env);
    const client = rig.onboardingWith({ maxMembers: MEMBERS, namePattern: /^[\w-]+$/u });
    const { workflowId } = await client.start(definition('large-1', { members }));
    await expect
      .poll(() => writes(rig.simulator.requests()).length, { timeout: 60_000, interval: 20 })
      .toBeGreaterThanOrEqual(4);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await killed.end('SIGKILL')).toBe('SIGKILL');

    const worker = await startWorkerProcess(env);
    const result = await client.result(workflowId, { deadlineMs: 90_000 });
    expect(result).toMatchObject({ outcome: 'created', members: { requested: MEMBERS, added: MEMBERS, missing: 0 } });
    expect(new Set(groupsOf(rig, 'large-1')[0]?.members)).toEqual(new Set(ids));

    const written = writes(rig.simulator.requests()).flatMap(({ method, body }) => membersIn(method, body));
    expect(written).toHaveLength(MEMBERS);
    expect(new Set(written).size).toBe(MEMBERS);

    const { events, json } = await rig.history('large-1');
    expect(events).toBeLessThan(100);
    expect(json.length).toBeLessThan(1_000_000);
    await rig.replay('large-1', 'large-group');
    expect(await worker.end('SIGTERM')).toBe(0);
  },
);

it('a roster of such groups is handed over in parts that Temporal takes', { timeout: 120_000 }, async () => {
  const worker = await startWorkerProcess(rig.env({ MAX_GROUP_MEMBERS: String(MEMBERS) }));
  const groups = smallGroups('larger', 8).map((group) => ({
    ...group,
    definition: { ...group.definition, members: ids.map((id) => ({ id })) },
  }));
  const started = await startNamed(rig, 'larger', groups);
  expect(started.parts).toBe(1);
  const progress = await untilThrough(rig, started.rosterId, 90_000);
  expect(progress).toMatchObject({ counts: { created: 8 }, settled: 8, missingParts: [] });
  expect(progress.parts).toBeGreaterThan(1);
  expect(progress.partsDone).toBe(progress.parts);
  for (const { definition: asked } of groups)
    expect(new Set(groupsOf(rig, asked.externalId)[0]?.members)).toEqual(new Set(ids));
  expect(await rosterResult(rig, started.rosterId)).toMatchObject({ webhook: { state: 'delivered' } });
  expect(await worker.end('SIGTERM')).toBe(0);
});

/** Ids of members that a request carried to the target. */
function membersIn(method: string, body: unknown): string[] {
  const { members = [], Operations = [] } = body as {
    members?: { value: string }[];
    Operations?: { value: { value: string }[] }[];
  };
  return (method === 'POST' ? members : Operations.flatMap((operation) => operation.value)).map(
    (member) => member.value,
  );
}
