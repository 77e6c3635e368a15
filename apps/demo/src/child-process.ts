import { spawn, type ChildProcess } from 'node:child_process';

/** A program of this repository that runs beside the demo. */
export interface Program {
  readonly pid: number;
  /** Resolves with the exit code; 128 if a signal ended it. */
  readonly ended: Promise<number>;
  /** Asks it to end, and kills it if it has not after `graceMs`. */
  stop(graceMs?: number): Promise<number>;
}

export interface ProgramOptions {
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Working directory. Not the user's: a `.env` there is about something else. */
  readonly cwd: string;
  /** Text for its standard input. */
  readonly input?: string;
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
}

/** Starts a compiled program with Node; it does not outlive this process. */
export function startProgram(file: string, options: ProgramOptions): Program {
  const child = spawn(process.execPath, [file, ...(options.args ?? [])], {
    env: options.env,
    cwd: options.cwd,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const killWithUs = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', killWithUs);
  const ended = exitCode(child).finally(() => process.off('exit', killWithUs));
  // A program that ends before it reads its input closes the pipe; its exit code tells why.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  for (const stream of ['stdout', 'stderr'] as const)
    splitLines(child[stream], (line) => options.onLine?.(line, stream));
  return {
    pid: child.pid ?? 0,
    ended,
    async stop(graceMs = 15_000) {
      child.kill('SIGTERM');
      const timer = setTimeout(killWithUs, graceMs);
      try {
        return await ended;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

function exitCode(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 128));
  });
}

function splitLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const parts = `${rest}${chunk}`.split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) onLine(part);
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
  });
}
