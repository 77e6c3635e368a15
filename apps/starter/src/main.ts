#!/usr/bin/env node
import { run } from './cli.ts';
import { loadEnvironment } from './config.ts';

const interrupt = new AbortController();
process.once('SIGINT', () => interrupt.abort());

// `onboard … | head` closes the pipe; that is no error of the command.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

const code = await run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  loadEnvironment: () => loadEnvironment(process.cwd()),
  interrupted: interrupt.signal,
});
process.exitCode = code;
// A long poll that nobody waits for any more (Ctrl-C, a deadline) would keep the process for up to 20 s.
setTimeout(() => process.exit(code), 200).unref();
