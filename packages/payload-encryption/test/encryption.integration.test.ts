import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findTemporalCli, startDevServer, type TemporalClient } from '@scim-onboarding/temporal-connection';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, defineSearchAttributeKey, type DataConverter } from '@temporalio/common';
import { Context } from '@temporalio/activity';
import { Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  createEncryption,
  DEVELOPMENT_KEYS,
  FAILURE_CONVERTER_PATH,
  parseKeyRing,
  startCodecServer,
} from '../src/index.ts';
import { findLeaks } from '../src/testing/index.ts';
import { FAILURE_TEXT, HIDDEN, QUERIED, READABLE } from './support/needles.ts';
import { bundlePlanted, startRig, storedHistory, type Rig } from './support/rig.ts';
import type { broken, delegating, planted, waiting } from './workflows/planted.ts';

const { dataConverter } = createEncryption(parseKeyRing(DEVELOPMENT_KEYS, 'S'));
const [codec] = dataConverter.payloadCodecs ?? [];
const hidden = Object.values(HIDDEN);
const failureTexts = Object.values(FAILURE_TEXT);
const readable = Object.values(READABLE);

const activities = {
  echo: () => Promise.resolve(HIDDEN.activityResult),
  fail: () =>
    Promise.reject(
      ApplicationFailure.create({
        message: FAILURE_TEXT.activityFailure,
        type: READABLE.failureType,
        cause: new Error(FAILURE_TEXT.activityCause),
      }),
    ),
  async stall() {
    Context.current().heartbeat(HIDDEN.heartbeat);
    await sleep(1_000);
  },
};

let rig: Rig;
let plain: TemporalClient;
let bundle: WorkflowBundleWithSourceMap;
let bundleWithoutFailureConverter: WorkflowBundleWithSourceMap;

beforeAll(async () => {
  rig = await startRig();
  plain = await rig.connect();
  bundle = await bundlePlanted(FAILURE_CONVERTER_PATH);
  bundleWithoutFailureConverter = await bundlePlanted();
});

afterAll(() => rig?.close());

interface PlantedRun {
  workflowId: string;
  /** As stored, without a codec. */
  history: string;
  /** What the client with the same converter sees as the reason. */
  failure: unknown;
  /** Answer of the query behind the details in the UI, without a codec. */
  metadata: string;
}

/** Runs the workflow that plants everything. */
async function runPlanted(
  converter: DataConverter | undefined,
  code: WorkflowBundleWithSourceMap,
): Promise<PlantedRun> {
  const { client } = await rig.connect(converter, READABLE.identity);
  const workflowId = `planted-${randomUUID()}`;
  const { failure, metadata } = await rig.withWorker(
    { bundle: code, dataConverter: converter, activities },
    async () => {
      const handle = await client.workflow.start<typeof planted>('planted', {
        workflowId,
        taskQueue: rig.taskQueue,
        args: [HIDDEN.input],
        memo: { planted: HIDDEN.memo },
        staticSummary: HIDDEN.staticSummary,
        staticDetails: HIDDEN.staticDetails,
        typedSearchAttributes: [
          { key: defineSearchAttributeKey('Planted', 'KEYWORD'), value: READABLE.searchAttribute },
        ],
      });
      await handle.signal<[string]>('release', HIDDEN.signal);
      await handle.executeUpdate<string, [string]>('ask', { args: [HIDDEN.updateInput], updateId: READABLE.updateId });
      await handle.executeUpdate<string, [string]>('ask', { args: [''] }).catch(() => undefined);
      const reason: unknown = await handle.result().catch((error: unknown) => error);
      const { queryResult } = await plain.client.workflowService.queryWorkflow({
        namespace: rig.server.namespace,
        execution: { workflowId },
        query: { queryType: '__temporal_workflow_metadata' },
      });
      return { failure: reason, metadata: JSON.stringify(queryResult) };
    },
  );
  return { workflowId, history: await storedHistory(plain, workflowId), failure, metadata };
}

const found = (text: string, needles: readonly string[]): string[] =>
  findLeaks(text, needles)
    .map((leak) => leak.needle)
    .sort();

const sorted = (needles: readonly string[]): string[] => [...needles].sort();

describe('what the server stores', () => {
  let run: PlantedRun;

  beforeAll(async () => {
    run = await runPlanted(dataConverter, bundle);
  });

  it('has no planted value, message or stack trace with codec and failure converter', () => {
    expect(findLeaks(run.history, [...hidden, ...failureTexts])).toEqual([]);
    expect(run.history).not.toContain('planted.ts:');
    expect(run.history).toContain('Encoded failure');
  });

  it('has no planted value in its database', async () => {
    const database = await rig.database();
    expect([...hidden, ...failureTexts].filter((needle) => database.includes(needle))).toEqual([]);
    expect(readable.filter((needle) => database.includes(needle))).toEqual(readable);
  });

  it('encrypts the answers of queries too', () => {
    expect(findLeaks(run.metadata, Object.values(QUERIED))).toEqual([]);
  });

  it('keeps readable what the documentation says', () => {
    expect(found(run.history, [...readable, run.workflowId])).toEqual(sorted([...readable, run.workflowId]));
  });

  it('leaks exactly the failure messages without the failure converter', async () => {
    const codecOnly = await runPlanted(
      { payloadCodecs: dataConverter.payloadCodecs ?? [] },
      bundleWithoutFailureConverter,
    );
    expect(found(codecOnly.history, [...hidden, ...failureTexts])).toEqual(sorted(failureTexts));
  });

  it('leaks the messages that the workflow makes when only the bundle lacks the failure converter', async () => {
    const half = await runPlanted(dataConverter, bundleWithoutFailureConverter);
    expect(found(half.history, [...hidden, ...failureTexts])).toContain(FAILURE_TEXT.workflowFailure);
  });

  it('leaks everything without encryption', async () => {
    const open = await runPlanted(undefined, bundleWithoutFailureConverter);
    expect(found(open.history, [...hidden, ...failureTexts])).toEqual(sorted([...hidden, ...failureTexts]));
    expect(found(open.metadata, Object.values(QUERIED))).toHaveLength(1);
    const database = await rig.database();
    expect([...hidden, ...failureTexts].filter((needle) => !database.includes(needle))).toEqual([]);
  });

  it('is read by a client with the keys: message, details and cause', async () => {
    expect(run.failure).toBeInstanceOf(WorkflowFailedError);
    expect(run.failure).toMatchObject({
      cause: { message: FAILURE_TEXT.workflowFailure, type: READABLE.failureType, details: [HIDDEN.failureDetails] },
    });
    const { client } = await rig.connect(dataConverter);
    const described = await client.workflow.getHandle(run.workflowId).describe();
    expect(described.memo).toEqual({ planted: HIDDEN.memo, upserted: HIDDEN.upsertedMemo });
    expect(await described.staticSummary()).toBe(HIDDEN.staticSummary);
    // A client without the codec can neither describe nor list a run whose memo is encrypted.
    const listed = plain.client.workflow.list({ query: `WorkflowId = '${run.workflowId}'` });
    await expect(collect(listed)).rejects.toThrow('Unknown encoding');
    await expect(plain.client.workflow.getHandle(run.workflowId).describe()).rejects.toThrow('Unknown encoding');
  });

  it('is replayed with the keys and not without', async () => {
    const history = await plain.client.workflow.getHandle(run.workflowId).fetchHistory();
    await Worker.runReplayHistory({ workflowBundle: bundle, dataConverter }, history, run.workflowId);
    await expect(Worker.runReplayHistory({ workflowBundle: bundle }, history, run.workflowId)).rejects.toThrow(
      'workflow task failure',
    );
  });

  it('replays a history from before encryption was switched on', async () => {
    const open = await runPlanted(undefined, bundleWithoutFailureConverter);
    const history = await plain.client.workflow.getHandle(open.workflowId).fetchHistory();
    await Worker.runReplayHistory({ workflowBundle: bundle, dataConverter }, history, open.workflowId);
  });

  it('is shown in plain text through the codec server, to the CLI and payload by payload', async () => {
    if (codec === undefined) throw new Error('no codec');
    const token = randomBytes(16).toString('hex');
    const codecServer = await startCodecServer({ codec, token, namespaces: [rig.server.namespace] });
    try {
      const headers = { authorization: `Bearer ${token}`, 'x-namespace': rig.server.namespace };
      const body = JSON.stringify({ payloads: payloadsOf(JSON.parse(run.history)) });
      const response = await fetch(`${codecServer.url}/decode`, { method: 'POST', body, headers });
      expect(response.status).toBe(200);
      const all = [...hidden, ...failureTexts];
      expect(found(await response.text(), all)).toEqual(sorted(all));

      const shown = await show(run.workflowId, [
        '--codec-endpoint',
        codecServer.url,
        '--codec-auth',
        `Bearer ${token}`,
      ]);
      expect(found(shown, [HIDDEN.input, HIDDEN.activityResult, FAILURE_TEXT.workflowFailure])).toHaveLength(3);
      expect(found(await show(run.workflowId), all)).toEqual([]);
    } finally {
      await codecServer.close();
    }
  });
});

it('the UI is told where the codec server is', async () => {
  const endpoint = 'http://127.0.0.1:8888';
  const server = await startDevServer({ ui: true, extraArgs: ['--ui-codec-endpoint', endpoint] });
  try {
    const settings = await fetch(`${server.uiUrl}/api/v1/settings`);
    expect(await settings.json()).toMatchObject({ Codec: { Endpoint: endpoint } });
  } finally {
    await server.stop();
  }
});

describe('outside of payloads and failures', () => {
  it('hides the message of a failed workflow task; a reason of termination stays readable', async () => {
    const { client } = await rig.connect(dataConverter);
    const handle = await client.workflow.start<typeof broken>('broken', {
      workflowId: `broken-${randomUUID()}`,
      taskQueue: rig.taskQueue,
    });
    const history = await rig.withWorker({ bundle, dataConverter }, async () => {
      await expect
        .poll(() => storedHistory(plain, handle.workflowId), { timeout: 15_000 })
        .toContain('EVENT_TYPE_WORKFLOW_TASK_FAILED');
      await handle.terminate('reason-of-termination-4711');
      return storedHistory(plain, handle.workflowId);
    });
    expect(findLeaks(history, [FAILURE_TEXT.workflowFailure])).toEqual([]);
    expect(found(history, ['reason-of-termination-4711'])).toHaveLength(1);
  });
});

describe('key rotation on a running workflow', () => {
  it('waits while the old key is missing, and goes on with [new, old]', async () => {
    const oldKey = `old:${randomBytes(32).toString('base64')}`;
    const newKey = `new:${randomBytes(32).toString('base64')}`;
    const encryptionOf = (keys: string) => createEncryption(parseKeyRing(keys, 'S')).dataConverter;
    const before = await rig.connect(encryptionOf(oldKey));
    const workflowId = `rotated-${randomUUID()}`;
    await before.client.workflow.start<typeof waiting>('waiting', {
      workflowId,
      taskQueue: rig.taskQueue,
      args: ['started with the old key'],
      // How long a task that was given to the stopped worker is waited for.
      workflowTaskTimeout: '2 seconds',
    });

    await rig.withWorker({ bundle, dataConverter: encryptionOf(newKey) }, () =>
      expect
        .poll(() => storedHistory(plain, workflowId), { timeout: 15_000 })
        .toContain('EVENT_TYPE_WORKFLOW_TASK_FAILED'),
    );
    const rotated = encryptionOf(`${newKey},${oldKey}`);
    const after = await rig.connect(rotated);
    const handle = after.client.workflow.getHandle<typeof waiting>(workflowId);
    expect((await handle.describe()).status.name).toBe('RUNNING');

    await rig.withWorker({ bundle, dataConverter: rotated }, async () => {
      await handle.signal<[string]>('release', 'ended with the new one');
      expect(await handle.result()).toBe('started with the old key and ended with the new one');
    });
    const keyIds = found(
      await storedHistory(plain, workflowId),
      [base64('old'), base64('new')].map((id) => `"${id}"`),
    );
    expect(keyIds).toHaveLength(2);
    await expect(before.client.workflow.getHandle(workflowId).result()).rejects.toThrow('encrypted with the key "new"');
  });

  it('counts an activity whose input cannot be read as a failed attempt', async () => {
    const [oldKey, newKey] = ['old', 'new'].map((id) => `${id}:${randomBytes(32).toString('base64')}`);
    const encryptionOf = (keys: string) => createEncryption(parseKeyRing(keys, 'S')).dataConverter;
    const rotated = encryptionOf(`${newKey},${oldKey}`);
    const { client } = await rig.connect(rotated);
    const activityQueue = `activities-${randomUUID()}`;
    const attempts = { attempt: () => Promise.resolve(Context.current().info.attempt) };
    const activityWorker = (keys: string) => ({
      taskQueue: activityQueue,
      dataConverter: encryptionOf(keys),
      activities: attempts,
    });
    await rig.withWorker({ bundle, dataConverter: rotated }, async () => {
      const handle = await client.workflow.start<typeof delegating>('delegating', {
        workflowId: `delegating-${randomUUID()}`,
        taskQueue: rig.taskQueue,
        args: [activityQueue],
      });
      const lastFailure = async () => {
        const { raw } = await handle.describe();
        return raw.pendingActivities?.[0]?.lastFailure?.applicationFailureInfo?.type;
      };
      await rig.withWorker(activityWorker(String(oldKey)), () =>
        expect.poll(lastFailure, { timeout: 10_000 }).toBe('EncryptionKeyNotFoundError'),
      );
      await rig.withWorker(activityWorker(`${oldKey},${newKey}`), async () => {
        expect(await handle.result()).toBeGreaterThan(1);
      });
    });
  });
});

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Every payload in a history in JSON. */
function payloadsOf(json: unknown): unknown[] {
  if (typeof json !== 'object' || json === null) return [];
  if ('metadata' in json && 'data' in json) return [json];
  return Object.values(json).flatMap(payloadsOf);
}

async function show(workflowId: string, more: readonly string[] = []): Promise<string> {
  const cli = await findTemporalCli();
  const args = ['workflow', 'show', '--workflow-id', workflowId, '--output', 'json', '--address', rig.server.address];
  const { stdout } = await promisify(execFile)(cli.path, [...args, ...more], { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}
