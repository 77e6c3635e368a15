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

process.exitCode = await run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  loadEnvironment: () => loadEnvironment(process.cwd()),
  interrupted: interrupt.signal,
});
