import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { controlOf, type SimulatorControl } from '@scim-onboarding/genesys-simulator';
import { SEARCH_ATTRIBUTE_TYPES } from '@scim-onboarding/onboarding-contract';
import { connectClient, devServerEnvironment, startDevServer } from '@scim-onboarding/temporal-connection';
import type { Client } from '@temporalio/client';
import { startProgram, type Program } from './program.ts';
import type { SampleRoster } from './sample-roster.ts';

const SIMULATOR = fileURLToPath(new URL('../../../packages/genesys-simulator/dist/main.js', import.meta.url));

/** A Temporal dev server and a folder, for all runs of the benchmark. */
export interface Environment {
  readonly client: Client;
  readonly folder: string;
  /** Settings of a program that should use the Temporal server. */
  readonly env: NodeJS.ProcessEnv;
  /** Process id of the Temporal server. */
  readonly serverPid: number;
  /** Stops the Temporal server and starts it again, with the same runs and at the same address. */
  restartServer(): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param base environment of the caller; its settings of the worker are left out
 * @param keep true: the Temporal server keeps its runs in a file, so that it can be restarted
 */
export async function startEnvironment(base: NodeJS.ProcessEnv, keep = false): Promise<Environment> {
  const folder = await mkdtemp(join(tmpdir(), 'scim-onboarding-bench-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  const options = {
    searchAttributes: SEARCH_ATTRIBUTE_TYPES,
    ...(keep ? { dbFile: join(folder, 'temporal.db') } : {}),
  };
  let temporal = await startDevServer(options);
  const env = devServerEnvironment(temporal, withoutSettings(base));
  const connected = await connectClient({ env });
  return {
    client: connected.client,
    folder,
    env,
    serverPid: temporal.pid,
    async restartServer() {
      await temporal.stop();
      temporal = await startDevServer({ ...options, ports: { grpc: Number(temporal.address.split(':').at(-1)) } });
    },
    async close() {
      await connected.close();
      await temporal.stop();
      process.off('exit', remove);
      remove();
    },
  };
}

/** Settings of the caller's shell, such as keys or another target, would change what is measured. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const setting = /^(?:GENESYS|SCIM|HRIS|WORKER|PAYLOAD|OTEL|ROLE|AUDIT|MAX|GROUP|LOG)_/u;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !setting.test(name)));
}

/** The simulator, in a process of its own: no way of the benchmark shares an event loop with it. */
export interface SimulatedTarget {
  readonly url: string;
  readonly control: SimulatorControl;
  readonly clientSecret: string;
  readonly webhookUrl: string;
  readonly webhookSecret: string;
  stop(): Promise<void>;
}

/** Starts an empty directory that knows the users of the roster. */
export async function startTarget(
  { users }: SampleRoster,
  folder: string,
  ratePerMinute: number | undefined,
): Promise<SimulatedTarget> {
  const seed = join(folder, 'seed.json');
  await writeFile(seed, JSON.stringify({ users }));
  const clientSecret = randomBytes(16).toString('hex');
  const webhookSecret = `whsec_${randomBytes(32).toString('base64')}`;
  let url = '';
  const limit = ratePerMinute === undefined ? [] : ['--rate-limit', String(ratePerMinute)];
  const program: Program = await startProgram(SIMULATOR, {
    args: ['--port', '0', '--api', 'scim', '--seed', seed, ...limit],
    env: { GENESYS_CLIENT_ID: CLIENT_ID, GENESYS_CLIENT_SECRET: clientSecret, WEBHOOK_SECRET: webhookSecret },
    cwd: folder,
    isReady(line) {
      url = (JSON.parse(line) as { listening?: string }).listening ?? '';
      return url !== '';
    },
  });
  const webhookUrl = `${url}/hris/webhook`;
  return { url, control: controlOf(url), clientSecret, webhookUrl, webhookSecret, stop: () => program.stop() };
}

export const CLIENT_ID = 'bench-client';
