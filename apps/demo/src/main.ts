import { parseArgs } from 'node:util';
import { demo } from './demo.ts';
import { dev } from './dev.ts';

const USAGE = 'Usage: npm run demo [-- --json], or npm run dev';

/** What the user's Ctrl-C is called in exit codes (128 + SIGINT). */
const INTERRUPTED = 130;

async function main(): Promise<number> {
  const { json, command } = readArguments();
  if (command === undefined) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => stop.abort(new Error(`ended by ${signal}`)));
  const say = (line: string): void => void (json ? process.stderr : process.stdout).write(`${line}\n`);
  try {
    if (command === 'dev') await dev(say, stop.signal);
    else
      await demo(
        { say, json: json ? (report) => process.stdout.write(`${JSON.stringify(report)}\n`) : undefined },
        stop.signal,
      );
    return 0;
  } catch (error) {
    if (stop.signal.aborted) return command === 'dev' ? 0 : INTERRUPTED;
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

function readArguments(): { json: boolean; command: 'demo' | 'dev' | undefined } {
  try {
    const { values, positionals } = parseArgs({
      options: { json: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    const [command, ...rest] = positionals;
    const known = rest.length === 0 && (command === 'demo' || command === 'dev') ? command : undefined;
    return { json: values.json, command: known };
  } catch {
    return { json: false, command: undefined };
  }
}

process.exitCode = await main();
