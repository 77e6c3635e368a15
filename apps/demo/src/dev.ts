import { startStack } from './stack.ts';

/** Keeps the stack up until Ctrl-C, and says how to use it. */
export async function dev(say: (line: string) => void, signal: AbortSignal): Promise<void> {
  const stack = await startStack({ say, usualPorts: true });
  try {
    signal.throwIfAborted();
    // The usual port needs no setting in the second terminal.
    const prefix = stack.temporal.address === '127.0.0.1:7233' ? '' : `TEMPORAL_ADDRESS=${stack.temporal.address} `;
    say('');
    say('In a second terminal:');
    say(`  ${prefix}npx onboard start examples/engineering-team-alpha.json --wait`);
    say(`  ${prefix}npx onboard status hris_grp_8842`);
    say('');
    say(`Runs        ${stack.temporal.uiUrl ?? ''}`);
    say(`Requests    ${stack.simulator.url}/_simulator/`);
    say(`Audit       ${stack.auditFile}`);
    say('Ctrl-C ends everything.');
    const stopped = new Promise<'stopped'>((resolve) => signal.addEventListener('abort', () => resolve('stopped')));
    const ended = await Promise.race([stopped, stack.worker.ended]);
    if (ended !== 'stopped') throw new Error(`The worker ended with exit code ${ended}.`);
  } finally {
    await stack.stop();
  }
}
