#!/usr/bin/env node
import { type Config, loadConfig, USAGE, UsageError } from './config.ts';
import { DirectoryError } from './directory.ts';
import type { LoggedRequest } from './records.ts';
import { startSimulator } from './server.ts';

async function main(): Promise<void> {
  const config = loadConfig(process.argv.slice(2));
  if (config.help) {
    console.log(USAGE);
    return;
  }
  const simulator = await start(config);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void simulator.close());
  // The one line on standard output: a parent process reads the URL from it.
  console.log(JSON.stringify({ listening: simulator.url }));
}

async function start(config: Config): Promise<Awaited<ReturnType<typeof startSimulator>>> {
  try {
    return await startSimulator({ ...config.options, ...(config.log ? { onRequest: printRequest } : {}) });
  } catch (error) {
    if (error instanceof DirectoryError) throw new UsageError(`--seed: ${error.message}`, { cause: error });
    throw error;
  }
}

function printRequest(request: LoggedRequest): void {
  const { at, method, path, status, durationMs, fault } = request;
  console.error(
    `${at} ${method} ${path} ${status} ${durationMs.toFixed(1)}ms${fault === undefined ? '' : ` [${fault}]`}`,
  );
}

try {
  await main();
} catch (error) {
  const isUsage = error instanceof UsageError;
  console.error(`genesys-simulator: ${error instanceof Error ? error.message : String(error)}`);
  if (isUsage) console.error(`\n${USAGE}`);
  process.exitCode = isUsage ? 2 : 1;
}
