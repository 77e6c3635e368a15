import { existsSync } from 'node:fs';
import { open } from 'node:inspector';
import { parseArgs } from 'node:util';
import { DeterminismViolationError } from '@temporalio/workflow';
import { Runtime, Worker } from '@temporalio/worker';
import { loadEncryption } from '@scim-onboarding/payload-encryption';
import { explainDivergence, renderDivergence } from './replay/explain.ts';
import { joinEnvironment } from './config.ts';
import { loadHistory } from './replay/load-history.ts';
import { builtBundle } from './workflow-bundle.ts';

const USAGE = `Usage: npm run replay -- <workflow id|externalId|history.json> [--debug]

Runs the workflow code of this working tree against a history, and says where it would do something else.
--debug waits for a debugger (chrome://inspect) before it begins.
Exit codes: 0 it fits, 1 it diverges, 2 the history cannot be read.`;

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    options: { debug: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const [what, ...rest] = positionals;
  if (what === undefined || rest.length > 0) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  if (existsSync('.env')) process.loadEnvFile('.env');
  joinEnvironment();
  const dataConverter = loadEncryption()?.dataConverter;
  const { name, workflowId, history } = await loadHistory(what, dataConverter);
  if (values.debug) open(0, '127.0.0.1', true);
  const nothing = (): void => undefined;
  Runtime.install({
    logger: { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing },
    telemetryOptions: { logging: { filter: 'OFF' } },
  });
  try {
    const options = {
      workflowBundle: builtBundle(dataConverter === undefined ? 'plain' : 'encrypted'),
      debugMode: values.debug,
      ...(dataConverter === undefined ? {} : { dataConverter }),
    };
    await Worker.runReplayHistory(options, history, workflowId);
  } catch (error) {
    if (!(error instanceof DeterminismViolationError)) throw explained(error);
    process.stdout.write(`${renderDivergence(explainDivergence(error.message, history))}\n`);
    return 1;
  }
  process.stdout.write(
    `The workflow code of this working tree fits the history of ${name}: ${history.events?.length ?? 0} events replayed.\n`,
  );
  return 0;
}

/** The SDK's words on an encrypted history say nothing of keys. */
function explained(error: unknown): unknown {
  const text = error instanceof Error ? error.message : String(error);
  if (!text.includes('Unknown encoding')) return error;
  return new Error('The history is encrypted. Set PAYLOAD_ENCRYPTION_KEYS to the keys of its worker.', {
    cause: error,
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
