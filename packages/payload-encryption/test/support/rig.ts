import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  connectClient,
  devServerEnvironment,
  startDevServer,
  type DevServer,
  type TemporalClient,
} from '@scim-onboarding/temporal-connection';
import type { DataConverter } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import {
  bundleWorkflowCode,
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';

const WORKFLOWS = fileURLToPath(new URL('../workflows/planted.ts', import.meta.url));

/** A real dev server and what is needed to run workflows on it with one data converter or another. */
export interface Rig {
  readonly server: DevServer;
  readonly taskQueue: string;
  connect(dataConverter?: DataConverter, identity?: string): Promise<TemporalClient>;
  /** Runs a worker while the function runs. */
  withWorker<T>(options: RigWorker, run: () => Promise<T>): Promise<T>;
  /** Everything in the database of the server. */
  database(): Promise<Buffer>;
  close(): Promise<void>;
}

export interface RigWorker {
  /** Default: activities only. */
  readonly bundle?: WorkflowBundleWithSourceMap;
  /** Default: the one of the rig. */
  readonly taskQueue?: string;
  readonly dataConverter?: DataConverter | undefined;
  readonly activities?: object;
}

export async function startRig(): Promise<Rig> {
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) });
  const folder = await mkdtemp(join(tmpdir(), 'payload-encryption-'));
  const dbFile = join(folder, 'temporal.sqlite');
  const server = await startDevServer({ searchAttributes: { Planted: 'KEYWORD' }, dbFile });
  const native = await NativeConnection.connect({ address: server.address });
  const clients: TemporalClient[] = [];
  const taskQueue = `planted-${randomUUID()}`;
  return {
    server,
    taskQueue,
    async connect(dataConverter, identity) {
      const client = await connectClient({
        env: devServerEnvironment(server, {}),
        dataConverter,
        ...(identity === undefined ? {} : { identity }),
      });
      clients.push(client);
      return client;
    },
    async withWorker({ bundle, taskQueue: queue = taskQueue, dataConverter, activities }, run) {
      const worker = await Worker.create({
        connection: native,
        taskQueue: queue,
        ...(bundle === undefined ? {} : { workflowBundle: bundle }),
        ...(activities === undefined ? {} : { activities }),
        ...(dataConverter === undefined ? {} : { dataConverter }),
      });
      return worker.runUntil(run);
    },
    async database() {
      // What is not yet in the file is in the write-ahead log beside it.
      const files = [dbFile, `${dbFile}-wal`].filter((file) => existsSync(file));
      return Buffer.concat(await Promise.all(files.map((file) => readFile(file))));
    },
    async close() {
      for (const client of clients) await client.close();
      await native.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function bundlePlanted(failureConverterPath?: string): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({
    workflowsPath: WORKFLOWS,
    logger: new DefaultLogger('WARN'),
    ...(failureConverterPath === undefined ? {} : { failureConverterPath }),
  });
}

/** History as the server stores it: fetched without a codec, in the form of `temporal workflow show --output json`. */
export async function storedHistory(plainClient: TemporalClient, workflowId: string): Promise<string> {
  return historyToJSON(await plainClient.client.workflow.getHandle(workflowId).fetchHistory());
}
