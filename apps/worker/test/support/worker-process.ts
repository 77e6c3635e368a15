import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** A worker in a process of its own, as it runs in production. */
export interface WorkerProcess {
  readonly pid: number;
  /** Lines of its log so far. */
  readonly log: readonly string[];
  /** Base URL of its health endpoint. */
  readonly health: string;
  /** Sends a signal and waits for the end; gives the exit code, or the signal that ended it. */
  end(signal: NodeJS.Signals): Promise<number | string>;
}

/** Starts a worker and waits until it polls. It does not outlive the test. */
export async function startWorkerProcess(env: Readonly<Record<string, string>>): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env['PATH'], ...env, LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log: string[] = [];
  const ended = exitOf(child);
  onTestFinished(() => void child.kill('SIGKILL'));
  const health = await new Promise<string>((resolve, reject) => {
    let address = '';
    const timer = setTimeout(() => reject(new Error(`the worker does not poll:\n${log.join('\n')}`)), 30_000);
    const onLine = (line: string): void => {
      log.push(line);
      const entry = parse(line);
      if (entry['msg'] === 'starting') address = String(entry['health']);
      if (entry['msg'] !== 'polling') return;
      clearTimeout(timer);
      resolve(address);
    };
    lines(child.stdout, onLine);
    lines(child.stderr, (line) => log.push(line));
    void ended.then((code) => {
      clearTimeout(timer);
      reject(new Error(`the worker ended with ${code}:\n${log.join('\n')}`));
    });
  }).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  return {
    pid: child.pid ?? 0,
    log,
    health,
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

function exitOf(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown')));
}

function lines(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  let rest = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (chunk: string) => {
    const parts = `${rest}${chunk}`.split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) onLine(part);
  });
}

function parse(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
  } catch {
    return {};
  }
}
