import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 3_000;
const LOG_LINES = 60;

/** What a peer says of itself when it listens. */
export interface PeerAddress {
  readonly baseUrl: string;
  readonly tokenUrl?: string;
  readonly revocationUrl?: string;
}

export interface PeerProcess {
  readonly address: PeerAddress;
  /** The last lines that it wrote. */
  log(): string;
  /** Ends the process and removes its data. */
  stop(): Promise<void>;
}

/**
 * Starts a peer and waits until it listens. It takes a free port of the loopback address, prints `READY {"baseUrl": …}`, and ends when
 * its standard input does. `PEER_DATA` names a folder of its own.
 *
 * @throws {Error} with what it wrote, if it ends before or does not listen within 30 seconds
 */
export async function startPeer(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<PeerProcess> {
  const data = await mkdtemp(join(tmpdir(), 'interop-'));
  const child = spawn(command, [...args], {
    cwd: options.cwd,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...options.env, PEER_DATA: data },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const log = (): string => lines.join('\n');
  const stop = async (): Promise<void> => {
    await end(child);
    await rm(data, { recursive: true, force: true });
  };
  const keep = (line: string): void => {
    lines.push(line);
    if (lines.length > LOG_LINES) lines.shift();
  };
  createInterface({ input: child.stderr }).on('line', keep);
  try {
    const address = await ready(child, keep);
    return { address, log, stop };
  } catch (error) {
    await stop();
    const what = error instanceof Error ? error.message : String(error);
    throw new Error(`${command} ${args.join(' ')}: ${what}\n${log()}`, { cause: error });
  }
}

function ready(child: ChildProcess, keep: (line: string) => void): Promise<PeerAddress> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not ready after ${START_TIMEOUT_MS} ms`)), START_TIMEOUT_MS);
    const settle = (run: () => void): void => {
      clearTimeout(timer);
      run();
    };
    child.once('error', (error) => settle(() => reject(error)));
    child.once('exit', (code) => settle(() => reject(new Error(`ended with ${code} before it was ready`))));
    if (child.stdout === null) throw new Error('a peer is started with a pipe for its output');
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('READY ')) return keep(line);
      settle(() => resolve(JSON.parse(line.slice('READY '.length)) as PeerAddress));
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  child.stdin?.end();
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}
