import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TargetName } from '@scim-onboarding/scim-core/client';
import { startStack, type Stack } from './stack.ts';

/** `onboard` looks here, in its working directory, when nothing names a Temporal server. */
const NOTE = join('.cache', 'onboarding-dev.env');

/** Keeps the stack up until Ctrl-C, and says how to use it. */
export async function dev(say: (line: string) => void, target: TargetName, signal: AbortSignal): Promise<void> {
  const stack = await startStack({ say, usualPorts: true, target });
  try {
    signal.throwIfAborted();
    writeNote(stack.env);
    say('');
    say('In a second terminal, in this folder:');
    say('  npx onboard start examples/engineering-team-alpha.json --wait');
    say('  npx onboard show hris_grp_8842');
    say('');
    say(`Runs        ${stack.temporal.uiUrl ?? ''}`);
    say(`Requests    ${stack.simulator.url}/_simulator/`);
    say(`Audit       ${stack.auditFile}`);
    say('Ctrl-C ends everything.');
    const stopped = new Promise<'stopped'>((resolve) => signal.addEventListener('abort', () => resolve('stopped')));
    const ended = await Promise.race([stopped, stack.worker.ended]);
    if (ended !== 'stopped') throw new Error(`The worker ended with exit code ${ended}.`);
  } finally {
    rmSync(NOTE, { force: true });
    await stack.stop();
  }
}

/** Leaves how to reach this stack for `onboard`; readable by this user only, since it holds the simulator's secret. */
function writeNote(env: Stack['env']): void {
  const wanted = /^(?:TEMPORAL_|GENESYS_|PAYLOAD_ENCRYPTION_KEYS$)/u;
  const lines = Object.entries({ ...env, ONBOARDING_DEV_PID: String(process.pid) })
    .filter(([name, value]) => (wanted.test(name) || name === 'ONBOARDING_DEV_PID') && value !== undefined)
    .map(([name, value]) => `${name}="${value}"`);
  mkdirSync(dirname(NOTE), { recursive: true });
  writeFileSync(NOTE, `${lines.join('\n')}\n`, { mode: 0o600 });
}
