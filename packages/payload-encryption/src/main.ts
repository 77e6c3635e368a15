#!/usr/bin/env node
import { loadCodecServerOptions, USAGE } from './codec-server/config.ts';
import { startCodecServer, type CodecCall } from './codec-server/server.ts';
import { EncryptionConfigError } from './errors.ts';

async function main(): Promise<void> {
  const options = loadCodecServerOptions(process.argv.slice(2));
  if (options === 'help') {
    console.log(USAGE);
    return;
  }
  const server = await startCodecServer({ ...options, onCall: printCall, onError: (error) => console.error(error) });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void server.close());
  // The one line on standard output: a parent process reads the URL from it.
  console.log(JSON.stringify({ listening: server.url }));
}

function printCall(call: CodecCall): void {
  console.error(JSON.stringify({ time: new Date().toISOString(), ...call }));
}

try {
  await main();
} catch (error) {
  console.error(`codec-server: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = error instanceof EncryptionConfigError ? 2 : 1;
}
