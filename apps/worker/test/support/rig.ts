import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { noopMetricMeter } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { NativeConnection, Worker } from '@temporalio/worker';
import { auditMetrics, openAuditLog, type AuditRecord } from '@scim-onboarding/audit-log';
import { onboardingWorkflowId, SEARCH_ATTRIBUTE_TYPES } from '@scim-onboarding/onboarding-contract';
import { createEncryption, DEVELOPMENT_KEYS, parseKeyRing } from '@scim-onboarding/payload-encryption';
import { createOnboardingClient, type OnboardingClient } from '@scim-onboarding/onboarding-client';
import { NO_ROLE_POLICY, type GroupDefinition, type GroupRules, type RolePolicy } from '@scim-onboarding/scim-core';
import {
  startSimulator,
  type LoggedRequest,
  type Simulator,
  type SimulatorOptions,
} from '@scim-onboarding/genesys-simulator';
import { startDevServer, type DevServer } from '@scim-onboarding/temporal-connection';
import { loadWorkerConfig } from '../../src/config.ts';
import { createDependencies, type Dependencies } from '../../src/dependencies.ts';
import { createMetrics } from '../../src/metrics.ts';
import { createLogger } from '../../src/logger.ts';
import { createWorkers, type Workers } from '../../src/worker.ts';
import { builtBundle } from '../../src/workflow-bundle.ts';
import { quietRuntime } from './quiet-runtime.ts';

/** Names of histories that `npm run record-histories` writes; the rest of the time a test only replays what it made. */
const RECORD = process.env['RECORD_HISTORIES'] === '1';
const HISTORIES = new URL('../histories/', import.meta.url);

export const WEBHOOK_SECRET = `whsec_${Buffer.from('a secret of thirty-two bytes....').toString('base64')}`;

/** What tests send to Temporal is encrypted, as it should be in production. Histories that are recorded are to be read. */
const encryption = RECORD ? undefined : createEncryption(parseKeyRing(DEVELOPMENT_KEYS, 'DEVELOPMENT_KEYS'));
const converter = encryption === undefined ? {} : { dataConverter: encryption.dataConverter };
const workflowBundle = (): ReturnType<typeof builtBundle> =>
  builtBundle(encryption === undefined ? 'plain' : 'encrypted');

/** A Temporal server, a simulator, and the worker's own parts in this process. */
export interface Rig {
  readonly server: DevServer;
  readonly simulator: Simulator;
  readonly client: Client;
  readonly onboarding: OnboardingClient;
  /** A client with rules other than the default ones. */
  onboardingWith(rules: GroupRules): OnboardingClient;
  readonly auditFile: string;
  readonly folder: string;
  /** Environment of a worker process that belongs to this rig. */
  env(more?: Readonly<Record<string, string>>): Record<string, string>;
  /** Starts workers in this process; they stop with the rig, or earlier by the function returned. */
  work(options?: {
    readonly env?: Readonly<Record<string, string>>;
    readonly policy?: RolePolicy;
  }): Promise<() => Promise<void>>;
  audit(): Promise<AuditRecord[]>;
  metrics(): ReturnType<typeof auditMetrics>;
  history(externalId: string): Promise<{ readonly events: number; readonly json: string }>;
  /** The same of any workflow. */
  historyOf(workflowId: string, runId?: string): Promise<{ readonly events: number; readonly json: string }>;
  /** Replays the run's own history against the built bundle; keeps it under `test/histories` if asked to. */
  replay(externalId: string, recordAs?: string): Promise<void>;
  /** The same of any workflow. */
  replayOf(workflowId: string, runId?: string, recordAs?: string): Promise<void>;
  handle(externalId: string): WorkflowHandle;
  close(): Promise<void>;
}

export async function startRig(options: SimulatorOptions = {}): Promise<Rig> {
  quietRuntime();
  const folder = await mkdtemp(join(tmpdir(), 'onboarding-'));
  const auditFile = join(folder, 'audit.jsonl');
  const simulator = await startSimulator({ webhookSecret: WEBHOOK_SECRET, ...options });
  const server = await startDevServer({ searchAttributes: SEARCH_ATTRIBUTE_TYPES });
  const connection = await Connection.connect({ address: server.address });
  const client = new Client({ connection, namespace: server.namespace, ...converter });
  const stops: (() => Promise<void>)[] = [];

  const env = (more: Readonly<Record<string, string>> = {}): Record<string, string> => ({
    TEMPORAL_ADDRESS: server.address,
    TEMPORAL_NAMESPACE: server.namespace,
    GENESYS_CLIENT_ID: 'demo-client',
    GENESYS_CLIENT_SECRET: 'demo-secret',
    GENESYS_API_URL: simulator.url,
    GENESYS_LOGIN_URL: simulator.url,
    // No look which API there is: the conversations that tests compare are about groups.
    GENESYS_GROUPS_API: 'scim',
    ...(encryption === undefined ? {} : { PAYLOAD_ENCRYPTION_KEYS: DEVELOPMENT_KEYS }),
    HRIS_WEBHOOK_URL: simulator.webhookUrl,
    HRIS_WEBHOOK_SECRET: WEBHOOK_SECRET,
    AUDIT_LOG_FILE: auditFile,
    LOG_LEVEL: 'error',
    ...more,
  });
  const historyOf = async (workflowId: string, runId?: string) => {
    const fetched = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    return { fetched, events: fetched.events?.length ?? 0, json: historyToJSON(fetched) };
  };
  const replayOf = async (workflowId: string, runId?: string, recordAs?: string): Promise<void> => {
    const { fetched, json } = await historyOf(workflowId, runId);
    await Worker.runReplayHistory({ workflowBundle: workflowBundle(), ...converter }, fetched, workflowId);
    if (!RECORD || recordAs === undefined) return;
    const text = JSON.stringify({ workflowId, history: JSON.parse(json, withoutPlace) as unknown }, null, 1);
    await writeFile(new URL(`${recordAs}.json`, HISTORIES), `${text}\n`);
  };
  const handle = (externalId: string): WorkflowHandle =>
    client.workflow.getHandle(onboardingWorkflowId('default', externalId));

  return {
    server,
    simulator,
    client,
    onboarding: createOnboardingClient({ client }),
    onboardingWith: (rules) => createOnboardingClient({ client, rules }),
    auditFile,
    folder,
    env,
    async work({ env: more, policy } = {}) {
      const config = loadWorkerConfig(env(more));
      const dependencies = createDependencies({
        config,
        policy: policy ?? NO_ROLE_POLICY,
        client,
        logger: createLogger('silent'),
        metrics: createMetrics(noopMetricMeter),
      });
      const stop = await runWorkers(server, dependencies, config.shutdownGraceSeconds);
      stops.push(stop);
      return stop;
    },
    async audit() {
      const records: AuditRecord[] = [];
      for await (const record of openAuditLog(auditFile).read()) records.push(record);
      return records;
    },
    metrics: () => auditMetrics(openAuditLog(auditFile).read()),
    history: (externalId) => historyOf(onboardingWorkflowId('default', externalId)),
    historyOf,
    replay: (externalId, recordAs) => replayOf(onboardingWorkflowId('default', externalId), undefined, recordAs),
    replayOf,
    handle,
    async close() {
      try {
        for (const stop of stops) await stop();
      } finally {
        await connection.close();
        await server.stop();
        await simulator.close();
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

/** A recorded history says nothing of the machine that it was made on. */
function withoutPlace(key: string, value: unknown): unknown {
  if (key === 'stackTrace') return '';
  // The queue of a worker's own, named after process and host.
  if (key === 'name' && typeof value === 'string' && /^\d+@/u.test(value)) return 'recorded';
  return key === 'identity' ? 'recorded' : value;
}

async function runWorkers(
  server: DevServer,
  dependencies: Dependencies,
  shutdownGraceSeconds: number,
): Promise<() => Promise<void>> {
  const connection = await NativeConnection.connect({ address: server.address });
  const workers: Workers = await createWorkers({
    connection,
    namespace: server.namespace,
    workflowBundle: workflowBundle(),
    ...converter,
    dependencies,
    shutdownGraceSeconds,
  });
  const running = workers.run();
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    workers.shutdown();
    try {
      await running;
    } finally {
      await dependencies.close();
      await connection.close();
    }
  };
  return () => (stopped ??= stop());
}

/** A definition whose members the default seed has. */
export function definition(externalId: string, more: Partial<GroupDefinition> = {}): GroupDefinition {
  return {
    externalId,
    displayName: `Team_${externalId.replaceAll('.', '_')}`,
    members: [
      { id: 'a1b2c3d4-e5f6-7890-abcd-ef1234567890', email: 'dev.lead@company.com' },
      { id: 'b2c3d4e5-f6a7-8901-bcde-f12345678901', email: 'backend.dev@company.com' },
    ],
    ...more,
  };
}

/** "METHOD path → status" of requests, ids shortened to `{id}`, for comparing a whole conversation. */
export function conversation(requests: readonly LoggedRequest[]): string[] {
  return requests.map(
    ({ method, path, status }) => `${method} ${path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/gu, '{id}')} → ${status}`,
  );
}

/** Requests that may have changed something at the target. */
export function writes(requests: readonly LoggedRequest[]): LoggedRequest[] {
  return requests.filter(
    ({ method, path }) => method !== 'GET' && !path.startsWith('/oauth/') && !path.startsWith('/hris/'),
  );
}
