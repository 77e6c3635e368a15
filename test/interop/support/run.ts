import { execFile } from 'node:child_process';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds until the program is killed. */
  readonly timeoutMs: number;
}

/**
 * Runs a program to its end.
 *
 * @returns what it wrote to standard output
 * @throws {Error} with the last lines that it wrote, if it cannot be started, fails or takes too long
 */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<string> {
  const end = await execute(command, args, options);
  if (end.failure !== undefined) throw end.failure;
  return end.stdout;
}

/** The same for a program whose exit code is a verdict: only one that wrote nothing has failed. */
export async function runToAnyEnd(command: string, args: readonly string[], options: RunOptions): Promise<string> {
  const end = await execute(command, args, options);
  if (end.failure !== undefined && end.stdout.trim() === '') throw end.failure;
  return end.stdout;
}

interface End {
  readonly stdout: string;
  readonly failure: Error | undefined;
}

function execute(command: string, args: readonly string[], { cwd, env = {}, timeoutMs }: RunOptions): Promise<End> {
  const options = {
    cwd,
    env: { ...process.env, ...env },
    timeout: timeoutMs,
    maxBuffer: 64 * 1024 * 1024,
    // npm is a .cmd file on Windows, which only a shell starts.
    shell: command.endsWith('.cmd'),
  };
  return new Promise((resolve) => {
    execFile(command, [...args], options, (error, stdout, stderr) => {
      if (error === null) return resolve({ stdout, failure: undefined });
      const why = error.killed === true ? `stopped after ${timeoutMs} ms. ` : '';
      const words = lastLines(stderr) || lastLines(stdout) || error.message;
      resolve({ stdout, failure: new Error(`${command} ${args[0] ?? ''} …: ${why}${words}`, { cause: error }) });
    });
  });
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-5).join('\n');
}
