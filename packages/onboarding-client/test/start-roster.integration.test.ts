import { randomUUID } from 'node:crypto';
import { GROUPS_PER_PART, rosterPartId, SEARCH_ATTRIBUTE_TYPES } from '@scim-onboarding/onboarding-contract';
import {
  connectClient,
  devServerEnvironment,
  startDevServer,
  type DevServer,
  type TemporalClient,
} from '@scim-onboarding/temporal-connection';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startRoster, type RosterGroup, type StartedRoster } from '../src/index.ts';

// No worker: what is started stays as it was handed over.
let server: DevServer;
let temporal: TemporalClient;
beforeAll(async () => {
  server = await startDevServer({ searchAttributes: SEARCH_ATTRIBUTE_TYPES });
  temporal = await connectClient({ env: devServerEnvironment(server) });
});
afterAll(async () => {
  await temporal?.close();
  await server?.stop();
});

const GROUPS = 4 * GROUPS_PER_PART;

async function* groups(until = GROUPS): AsyncGenerator<RosterGroup> {
  for (let index = 0; index < GROUPS; index++) {
    if (index === until) throw new Error('the caller died');
    const definition = { externalId: `g-${index}`, displayName: `Team_${index}`, members: [] };
    yield { definition, duplicatesDropped: 0 };
  }
}

function start(digest: string, given: AsyncIterable<RosterGroup>, startId?: string): Promise<StartedRoster> {
  const options = { name: 'r.csv', digest, groups: GROUPS, conflictPolicy: 'adopt', allowRemovals: false } as const;
  return startRoster(temporal.client, given, { ...options, ...(startId === undefined ? {} : { startId }) });
}

const newDigest = (): string => randomUUID().replaceAll('-', '').padEnd(64, '0');

async function runOf(workflowId: string): Promise<string | undefined> {
  return temporal.client.workflow
    .getHandle(workflowId)
    .describe()
    .then(
      ({ runId }) => runId,
      () => undefined,
    );
}

const partIds = (rosterId: string, run = ''): string[] => [0, 1, 2, 3].map((part) => rosterPartId(rosterId, run, part));

async function parts(rosterId: string, run: string | undefined): Promise<(string | undefined)[]> {
  return Promise.all(partIds(rosterId, run).map(runOf));
}

it('a caller that comes back with its id goes on with the hand-over, and starts nothing again', async () => {
  const digest = newDigest();
  await expect(start(digest, groups(2 * GROUPS_PER_PART + 10), 'job-1')).rejects.toThrow('the caller died');
  const rosterId = `onboard-roster:default:${digest.slice(0, 16)}`;
  const roster = await runOf(rosterId);
  await expect.poll(async () => (await parts(rosterId, roster)).filter((run) => run !== undefined)).toHaveLength(2);
  const before = await parts(rosterId, roster);

  const again = await start(digest, groups(), 'job-1');
  expect(again).toEqual({ rosterId, runId: roster, parts: 4, joined: false });
  const after = await parts(rosterId, roster);
  expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
  expect(after.filter((run) => run !== undefined)).toHaveLength(4);

  // Through already when it comes back once more.
  await temporal.client.workflow.getHandle(rosterId).terminate('over');
  expect(await start(digest, groups(), 'job-1')).toEqual(again);
  expect(await parts(rosterId, roster)).toEqual(after);
});

it('another caller joins an open roster and hands nothing over; of one that is over it begins a new run', async () => {
  const digest = newDigest();
  const first = await start(digest, groups(), 'job-1');
  const handedOver = await parts(first.rosterId, first.runId);
  for (const startId of ['job-2', undefined]) {
    expect(await start(digest, groups(0), startId)).toEqual({ ...first, joined: true });
  }
  expect(await parts(first.rosterId, first.runId)).toEqual(handedOver);

  for (const id of [first.rosterId, ...partIds(first.rosterId, first.runId)])
    await temporal.client.workflow.getHandle(id).terminate('over');
  const second = await start(digest, groups(), 'job-2');
  expect(second).toMatchObject({ rosterId: first.rosterId, joined: false });
  expect(second.runId).not.toBe(first.runId);
  const anew = await parts(first.rosterId, second.runId);
  expect(anew.filter((run) => run !== undefined && !handedOver.includes(run))).toHaveLength(4);
  // Parts of the roster before do not count as handed over.
  expect(await start(digest, groups(), 'job-2')).toEqual(second);
  expect(await parts(first.rosterId, second.runId)).toEqual(anew);
});
