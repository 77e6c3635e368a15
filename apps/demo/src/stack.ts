import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { demoSeed, startSimulator, type Simulator } from '@scim-onboarding/genesys-simulator';
import {
  createEncryptionCodec,
  DEVELOPMENT_KEYS,
  parseKeyRing,
  startCodecServer,
} from '@scim-onboarding/payload-encryption';
import type { TargetName } from '@scim-onboarding/scim-core/client';
import { SEARCH_ATTRIBUTE_TYPES } from '@scim-onboarding/onboarding-contract';
import { devServerEnvironment, startDevServer, type DevServer } from '@scim-onboarding/temporal-connection';
import { startProgram, type Program } from './child-process.ts';

const WORKER = fileURLToPath(new URL('../../worker/dist/main.js', import.meta.url));

/** Everything that an onboarding needs, on this machine. */
export interface Stack {
  readonly temporal: DevServer;
  readonly simulator: Simulator;
  readonly worker: Program;
  readonly auditFile: string;
  /** Folder of what the stack writes; gone when it stops. */
  readonly folder: string;
  /** Settings of a program that should use this stack. */
  readonly env: NodeJS.ProcessEnv;
  /** Ends everything, the last started first. Safe to call twice. */
  stop(): Promise<void>;
}

export interface StackOptions {
  readonly say: (line: string) => void;
  /** Use Temporal's usual ports where they are free, so that other programs find the server without settings. Default false. */
  readonly usualPorts?: boolean;
  /** Which API the simulated Genesys Cloud has. Default `scim`. */
  readonly target?: TargetName;
}

/** Starts a Temporal dev server with its UI, the simulator, and a worker process. */
export async function startStack({ say, usualPorts = false, target = 'scim' }: StackOptions): Promise<Stack> {
  const ending: (() => Promise<unknown>)[] = [];
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= endAll(ending));
  try {
    const folder = await mkdtemp(join(tmpdir(), 'scim-onboarding-'));
    ending.push(() => rm(folder, { recursive: true, force: true }));
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    const clientSecret = randomBytes(16).toString('hex');
    const api = target === 'platform' ? 'published' : 'scim';
    const simulator = await startSimulator({ seed: demoSeed, clientSecret, webhookSecret: secret, api });
    ending.push(() => simulator.close());
    say(`simulator   ${simulator.url}/_simulator/`);

    const ports = await choosePorts(usualPorts);
    const codec = await startCodecServer({
      codec: createEncryptionCodec(parseKeyRing(DEVELOPMENT_KEYS, 'DEVELOPMENT_KEYS')),
      origins: ['127.0.0.1', 'localhost'].map((host) => `http://${host}:${ports.ui}`),
    });
    ending.push(() => codec.close());
    const temporal = await startDevServer({
      ui: true,
      searchAttributes: SEARCH_ATTRIBUTE_TYPES,
      ports,
      // The UI shows plain text by it; what Temporal keeps is encrypted.
      extraArgs: ['--ui-codec-endpoint', codec.url],
      onProgress: say,
    });
    ending.push(() => temporal.stop());
    say(`Temporal    ${temporal.address}, UI ${temporal.uiUrl ?? ''}`);

    const auditFile = join(folder, 'audit.jsonl');
    const env: NodeJS.ProcessEnv = {
      ...devServerEnvironment(temporal),
      TEMPORAL_UI_URL: temporal.uiUrl,
      GENESYS_CLIENT_ID: 'demo-client',
      GENESYS_CLIENT_SECRET: clientSecret,
      GENESYS_API_URL: simulator.url,
      GENESYS_LOGIN_URL: simulator.url,
      HRIS_WEBHOOK_URL: simulator.webhookUrl,
      HRIS_WEBHOOK_SECRET: secret,
      AUDIT_LOG_FILE: auditFile,
      // The worker has another working directory than the one in which schedules are created.
      ROSTER_FOLDER: resolve('.'),
      WORKER_SHUTDOWN_GRACE_SECONDS: '5',
      PAYLOAD_ENCRYPTION_KEYS: DEVELOPMENT_KEYS,
    };
    const worker = await startWorker(env, folder);
    ending.push(() => worker.stop());
    say(`worker      process ${worker.pid}, polling`);
    return { temporal, simulator, worker, auditFile, folder, env, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function endAll(ending: (() => Promise<unknown>)[]): Promise<void> {
  for (const end of ending.reverse()) await end();
}

/** Resolves once the worker polls; rejects with the end of its log if it ends before. */
async function startWorker(env: NodeJS.ProcessEnv, cwd: string): Promise<Program> {
  const log: string[] = [];
  let onPolling: () => void = () => undefined;
  const polling = new Promise<void>((resolve) => {
    onPolling = resolve;
  });
  const worker = startProgram(WORKER, {
    env,
    cwd,
    onLine: (line) => {
      if (log.push(line) > 50) log.shift();
      if (line.includes('"msg":"polling"')) onPolling();
    },
  });
  const early = worker.ended.then((code) => {
    throw new Error(`The worker ended with exit code ${code} before it polled:\n${log.join('\n')}`);
  });
  await Promise.race([polling, early]);
  // From here on the end of the worker is no error of its start.
  early.catch(() => undefined);
  return worker;
}

/** Port of the UI is fixed before it starts: the codec server has to know whose questions it answers. */
async function choosePorts(usual: boolean): Promise<{ grpc?: number; ui: number }> {
  const [grpcIsFree, uiIsFree] = usual ? await Promise.all([isFree(7233), isFree(8233)]) : [false, false];
  return { ...(grpcIsFree ? { grpc: 7233 } : {}), ui: uiIsFree ? 8233 : await freePort() };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', () => resolve(true));
  });
}
