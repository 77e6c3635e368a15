import { parseArgs } from 'node:util';
import type { TargetName } from '@scim-onboarding/scim-core/client';
import { demo } from './demo.ts';
import { dev } from './dev.ts';

const USAGE = 'Usage: npm run demo [-- --json --target scim|platform], or npm run dev [-- --target scim|platform]';

/** What the user's Ctrl-C is called in exit codes (128 + SIGINT). */
const INTERRUPTED = 130;

async function main(): Promise<number> {
  const { json, command, target } = readArguments();
  if (command === undefined) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => stop.abort(new Error(`ended by ${signal}`)));
  const say = (line: string): void => void (json ? process.stderr : process.stdout).write(`${line}\n`);
  try {
    if (command === 'dev') await dev(say, target, stop.signal);
    else
      await demo(
        { say, json: json ? (report) => process.stdout.write(`${JSON.stringify(report)}\n`) : undefined },
        target,
        stop.signal,
      );
    return 0;
  } catch (error) {
    if (stop.signal.aborted) return command === 'dev' ? 0 : INTERRUPTED;
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

interface Arguments {
  readonly json: boolean;
  readonly target: TargetName;
  /** Undefined if the command line cannot be understood. */
  readonly command: 'demo' | 'dev' | undefined;
}

function readArguments(): Arguments {
  const wrong: Arguments = { json: false, target: 'scim', command: undefined };
  try {
    const { values, positionals } = parseArgs({
      options: { json: { type: 'boolean', default: false }, target: { type: 'string', default: 'scim' } },
      allowPositionals: true,
    });
    const [command, ...rest] = positionals;
    const { json, target } = values;
    if (target !== 'scim' && target !== 'platform') return wrong;
    return rest.length === 0 && (command === 'demo' || command === 'dev') ? { json, target, command } : wrong;
  } catch {
    return wrong;
  }
}

process.exitCode = await main();
