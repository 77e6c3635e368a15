import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const DEV = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** The command as a program, run in the folder of the stack. */
export const ONBOARD = fileURLToPath(new URL('../../../starter/dist/main.js', import.meta.url));

export interface DevStack {
  /** Where `npm run dev` leaves its note, by which the command finds it. */
  readonly folder: string;
  /** For the command: nothing in it points to another server. */
  readonly env: NodeJS.ProcessEnv;
}

/** Runs `npm run dev` in a folder of its own until the test ends. */
export async function startDevStack(): Promise<DevStack> {
  const folder = await mkdtemp(join(tmpdir(), 'roster-'));
  const dev = spawn(process.execPath, [DEV, 'dev'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(async () => {
    dev.kill('SIGINT');
    await new Promise((resolve) => dev.once('close', resolve));
    await rm(folder, { recursive: true, force: true });
  });
  await new Promise<void>((resolve) => {
    dev.stdout.on('data', (chunk: Buffer) => void (chunk.toString().includes('Ctrl-C ends') && resolve()));
  });
  const { TEMPORAL_ADDRESS: _, ...env } = process.env;
  return { folder, env };
}
