import { spawn, type ChildProcess } from 'node:child_process';

const KEPT_LINES = 20;
const MAX_LINE_LENGTH = 2_000;
const KEPT_OUTPUT = 16_384;
const KILL_AFTER_MS = 5_000;

export interface ServerProcess {
  pid: number;
  /** Resolves when the process has ended, with how. Never rejects. */
  exited: Promise<string>;
  /** Last lines of its standard error. */
  lastLines(): string[];
  /** Resolves when its standard output has the text; never, if that does not come. */
  printed(text: string): Promise<void>;
  /** SIGTERM, after five seconds SIGKILL; resolves when the process has ended. */
  stop(): Promise<void>;
}

/**
 * Starts a server that ends with this process, however this process ends. On POSIX the server is in a process group
 * of its own, so that Ctrl-C in a terminal reaches only this process, which can then stop its workers before the server.
 *
 * @throws when the program cannot be started.
 */
export async function startServerProcess(program: string, args: readonly string[]): Promise<ServerProcess> {
  const posix = process.platform !== 'win32';
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: posix, windowsHide: true });
  const exited = new Promise<string>((resolve) => {
    // Not "exit": the last lines of the standard error may come after it.
    child.once('close', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
    child.once('error', (error) => resolve(error.message));
  });
  const lastLines = keepLastLines(child);
  const printed = watchOutput(child);
  if (child.pid === undefined) throw new Error(await exited);
  const { pid } = child;
  const killNow = (): void => void child.kill('SIGKILL');
  process.once('exit', killNow);
  const guard = posix ? startGuard(pid) : undefined;
  void exited.then(() => {
    process.removeListener('exit', killNow);
    guard?.kill('SIGKILL');
  });
  let stopping: Promise<void> | undefined;
  return { pid, exited, lastLines, printed, stop: () => (stopping ??= stopChild(child, exited)) };
}

/**
 * A shell that waits for the end of its input, which comes when this process is gone, SIGKILL included, and then ends
 * the server. Node itself can run nothing after SIGKILL.
 */
function startGuard(pid: number): ChildProcess {
  const script =
    'read -r _; kill -TERM "$1" 2>/dev/null; ' +
    'for _ in 1 2 3 4 5; do kill -0 "$1" 2>/dev/null || exit 0; sleep 1; done; kill -KILL "$1"';
  const guard = spawn('/bin/sh', ['-c', script, 'sh', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  // Without a shell there is no guard; the listener on "exit" remains.
  guard.once('error', () => undefined);
  guard.stdin.once('error', () => undefined);
  guard.unref();
  unrefStream(guard.stdin);
  return guard;
}

/** A pipe to a child is a socket, which the type does not say; without this it would keep the process running. */
function unrefStream(stream: object): void {
  if ('unref' in stream && typeof stream.unref === 'function') stream.unref();
}

async function stopChild(child: ChildProcess, exited: Promise<string>): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  await exited;
  clearTimeout(timer);
}

/** Reads on to the end, so that a full pipe never holds the server up. Keeps the beginning only: that is where a server says what it has. */
function watchOutput(child: ChildProcess): (text: string) => Promise<void> {
  let output = '';
  let tell: (() => void)[] = [];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(0, KEPT_OUTPUT);
    const waiting = tell;
    tell = [];
    for (const look of waiting) look();
  });
  return (text) =>
    new Promise((resolve) => {
      const look = (): void => (output.includes(text) ? resolve() : void tell.push(look));
      look();
    });
}

function keepLastLines(child: ChildProcess): () => string[] {
  let lines: string[] = [];
  let rest = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = (parts.pop() ?? '').slice(0, MAX_LINE_LENGTH);
    lines = [...lines, ...parts.map((line) => line.slice(0, MAX_LINE_LENGTH))].slice(-KEPT_LINES);
  });
  return () => [...lines, rest].filter((line) => line.trim() !== '');
}
