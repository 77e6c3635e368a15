import { run } from '../src/cli.ts';
import type { Ended } from './run-onboard.ts';

/** Runs the command in this process, which is faster than a process of its own. */
export async function runHere(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  stdin = '',
): Promise<Ended> {
  const written = { stdout: '', stderr: '' };
  async function* lines(): AsyncGenerator<string> {
    yield stdin;
  }
  const code = await run(args, {
    stdin: lines(),
    stdout: { write: (text) => void (written.stdout += text) },
    stderr: { write: (text) => void (written.stderr += text) },
    loadEnvironment: () => env,
    interrupted: new AbortController().signal,
  });
  return { code, ...written };
}
