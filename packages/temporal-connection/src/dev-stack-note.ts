import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseEnv } from 'node:util';

/** Where the stack of `npm run dev` leaves how to reach it, in its working directory. */
const NOTE = join('.cache', 'onboarding-dev.env');

const PID = 'ONBOARDING_DEV_PID';

/** What a program needs of the stack: addresses, the simulator's client, and the key that runs are encrypted by. */
const NAMES = /^(?:TEMPORAL_|GENESYS_|PAYLOAD_ENCRYPTION_KEYS$)/u;

/** Leaves the note. Only this user can read it, since it holds the simulator's secret. */
export function writeDevStackNote(folder: string, env: Readonly<Record<string, string | undefined>>): void {
  const lines = Object.entries({ ...env, [PID]: String(process.pid) })
    .filter(([name, value]) => (NAMES.test(name) || name === PID) && value !== undefined)
    .map(([name, value]) => `${name}="${value}"`);
  mkdirSync(dirname(join(folder, NOTE)), { recursive: true });
  writeFileSync(join(folder, NOTE), `${lines.join('\n')}\n`, { mode: 0o600 });
}

export function removeDevStackNote(folder: string): void {
  rmSync(join(folder, NOTE), { force: true });
}

/**
 * Adds the settings of the stack that `npm run dev` keeps up in this folder, if it is up and nothing names another Temporal server. A
 * variable that is set already stays.
 *
 * @param env is changed
 */
export function joinDevStack(folder: string, env: NodeJS.ProcessEnv): void {
  const file = join(folder, NOTE);
  if ((env['TEMPORAL_ADDRESS'] ?? '') !== '' || !existsSync(file)) return;
  const settings = parseEnv(readFileSync(file, 'utf8'));
  if (!isAlive(Number(settings[PID]))) return;
  for (const [name, value] of Object.entries(settings)) env[name] ??= value;
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
