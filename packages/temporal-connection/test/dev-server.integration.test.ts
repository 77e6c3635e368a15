import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  connectClient,
  devServerEnvironment,
  DevServerStartError,
  missingSearchAttributes,
  resolveTemporal,
  startDevServer,
  type DevServer,
} from '../src/index.ts';
import { temporaryFolder, writeProgram } from './fake-cli.ts';

let folder: string;
const running: DevServer[] = [];

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
  await rm(folder, { recursive: true, force: true });
});

async function start(options: Parameters<typeof startDevServer>[0]): Promise<DevServer> {
  const server = await startDevServer(options);
  running.push(server);
  return server;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function untilGone(pid: number): Promise<boolean> {
  for (let i = 0; i < 100 && isAlive(pid); i += 1) await sleep(50);
  return !isAlive(pid);
}

describe('startDevServer', () => {
  it('serves UI, namespace and search attributes, and leaves no process and no listener behind', async () => {
    const listeners = process.listenerCount('exit');
    const server = await start({ ui: true, namespace: 'onboarding', searchAttributes: { Stage: 'KEYWORD' } });
    expect((await fetch(server.uiUrl ?? '')).status).toBe(200);
    const temporal = await connectClient({ env: devServerEnvironment(server) });
    try {
      expect(temporal).toMatchObject({ address: server.address, namespace: 'onboarding' });
      const definitions = { Stage: 'KEYWORD', Other: 'INT' } as const;
      expect(await missingSearchAttributes(temporal.connection, 'onboarding', definitions)).toEqual(['Other']);
      expect(await temporal.client.workflow.count("Stage = 'blocked'")).toMatchObject({ count: 0 });
    } finally {
      await temporal.close();
    }
    expect(isAlive(server.pid)).toBe(true);
    await Promise.all([server.stop(), server.stop()]);
    expect(isAlive(server.pid)).toBe(false);
    expect(process.listenerCount('exit')).toBe(listeners);
  });

  it('keeps a database file over a restart with the same search attributes', async () => {
    const options = { dbFile: join(folder, 'temporal.db'), searchAttributes: { Stage: 'KEYWORD' } } as const;
    await (await start(options)).stop();
    const server = await start(options);
    expect(server.uiUrl).toBeUndefined();
    expect(server.namespace).toBe('default');
  });

  it('says what the server wrote when it does not start', async () => {
    const error = await startDevServer({ extraArgs: ['--no-such-flag'] }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(DevServerStartError);
    expect(String(error)).toContain('unknown flag: --no-such-flag');
    expect(String(error)).toContain('server start-dev --ip 127.0.0.1');
  });

  it('fails on a port that is taken when the port was asked for', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    try {
      const address = holder.address();
      const grpc = typeof address === 'object' && address !== null ? address.port : 0;
      const error = await startDevServer({ ports: { grpc } }).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(DevServerStartError);
      expect(String(error)).toContain('address already in use');
    } finally {
      holder.close();
    }
  });

  it('does not take another server on its port for its own', async () => {
    const other = await start({});
    const error = await startDevServer({ ports: { grpc: Number(other.address.split(':')[1]) } }).catch(
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(DevServerStartError);
    expect(String(error)).toContain('address already in use');
  });

  it('tries once more when a port was taken in between', async () => {
    const log = join(folder, 'calls');
    const cli = await writeProgram(
      join(folder, 'temporal'),
      `echo "$6" >> ${log}; echo "listen tcp 127.0.0.1:$6: bind: address already in use" >&2; exit 1`,
    );
    const lines: string[] = [];
    const env = { TEMPORAL_CLI_PATH: cli };
    await expect(startDevServer({ env, onProgress: (line) => lines.push(line) })).rejects.toThrow('exit code 1');
    expect(lines).toEqual(['A port was taken in the meantime; trying others.']);
    const ports = (await readFile(log, 'utf8')).trim().split('\n');
    expect(new Set(ports).size).toBe(2);
  });

  it('ends the server when its owner is killed', async () => {
    const script = fileURLToPath(new URL('./fixtures/dev-server-owner.mjs', import.meta.url));
    const owner = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let pid = 0;
    try {
      for await (const line of createInterface({ input: owner.stdout })) {
        pid = Number(line);
        break;
      }
      expect(isAlive(pid)).toBe(true);
    } finally {
      owner.kill('SIGKILL');
    }
    expect(await untilGone(pid)).toBe(true);
  });
});

describe('resolveTemporal', () => {
  it('starts nothing when TEMPORAL_ADDRESS is set', async () => {
    const env = { TEMPORAL_ADDRESS: 'temporal.example:7233', TEMPORAL_NAMESPACE: 'ops', HOME: folder };
    const resolved = await resolveTemporal({ env });
    expect(resolved).toMatchObject({ external: true, address: 'temporal.example:7233', namespace: 'ops' });
    expect('pid' in resolved).toBe(false);
    await resolved.stop();
  });

  it('starts a dev server otherwise', async () => {
    const { TEMPORAL_ADDRESS: _, ...env } = process.env;
    const resolved = await resolveTemporal({ env });
    expect(resolved.external).toBe(false);
    if (!resolved.external) running.push(resolved);
    expect(resolved.address).toMatch(/^127\.0\.0\.1:\d+$/);
  });
});
