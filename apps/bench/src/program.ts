import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A program that the benchmark measures from outside. */
export interface Program {
  readonly pid: number;
  /** Resolves with the exit code; 128 if a signal ended it. */
  readonly ended: Promise<number>;
  /** Asks it to end, and kills it if it has not within 15 seconds. */
  stop(): Promise<void>;
  /** Ends it at once (SIGKILL), as a crash does. */
  crash(): Promise<void>;
}

export interface ProgramOptions {
  readonly args?: readonly string[];
  /** For Node itself. */
  readonly nodeArgs?: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Not the user's folder: a `.env` there is about something else. */
  readonly cwd: string;
  /** Called with each line of its standard output. */
  readonly onLine?: (line: string) => void;
  /** The program is ready after a line for which this is true. Default: at once. */
  readonly isReady?: (line: string) => boolean;
}

const KEPT_LINES = 30;
const KILL_AFTER_MS = 15_000;

/**
 * Starts a compiled program with Node and waits until it is ready. It does not outlive this process.
 *
 * @throws Error with the end of its output if it ends before it is ready
 */
export async function startProgram(file: string, options: ProgramOptions): Promise<Program> {
  const child = spawn(process.execPath, [...(options.nodeArgs ?? []), file, ...(options.args ?? [])], {
    env: options.env,
    cwd: options.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', kill);
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 128));
  }).finally(() => process.off('exit', kill));
  const tail: string[] = [];
  const keep = (line: string): void => {
    if (tail.push(line) > KEPT_LINES) tail.shift();
  };
  createInterface({ input: child.stderr }).on('line', keep);
  const ready = new Promise<void>((resolve) => {
    if (options.isReady === undefined) resolve();
    createInterface({ input: child.stdout }).on('line', (line) => {
      keep(line);
      options.onLine?.(line);
      if (options.isReady?.(line) === true) resolve();
    });
  });
  const early = ended.then((code) => {
    throw new Error(`${file} ended with exit code ${code} before it was ready:\n${tail.join('\n')}`);
  });
  await Promise.race([ready, early]);
  // From here on its end is no error of its start.
  early.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    ended,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(kill, KILL_AFTER_MS);
      await ended.finally(() => clearTimeout(timer));
    },
    async crash() {
      kill();
      await ended;
    },
  };
}
