import type { TargetName } from '@scim-onboarding/scim-core/client';
import { removeDevStackNote, writeDevStackNote } from '@scim-onboarding/temporal-connection';
import { startStack } from './stack.ts';

/** Keeps the stack up until Ctrl-C, and says how to use it. */
export async function dev(say: (line: string) => void, target: TargetName, signal: AbortSignal): Promise<void> {
  const stack = await startStack({ say, usualPorts: true, target });
  try {
    signal.throwIfAborted();
    writeDevStackNote('.', stack.env);
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
    removeDevStackNote('.');
    await stack.stop();
  }
}
