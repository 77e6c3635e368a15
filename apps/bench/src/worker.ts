import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CLIENT_ID, type Environment, type SimulatedTarget } from './environment.ts';
import { startProgram, type Program } from './program.ts';

const WORKER = fileURLToPath(new URL('../../worker/dist/main.js', import.meta.url));

/** Settings of a program that should use the target. */
export function targetSettings(target: SimulatedTarget): NodeJS.ProcessEnv {
  return {
    GENESYS_CLIENT_ID: CLIENT_ID,
    GENESYS_CLIENT_SECRET: target.clientSecret,
    GENESYS_API_URL: target.url,
    GENESYS_LOGIN_URL: target.url,
  };
}

/**
 * Starts a worker and waits until it polls.
 *
 * @param auditFile name of its audit log in the folder of the environment; workers of one roster share it
 */
export function startWorker(
  { env, folder }: Environment,
  target: SimulatedTarget,
  auditFile: string,
): Promise<Program> {
  return startProgram(WORKER, {
    cwd: folder,
    // As in its image.
    nodeArgs: ['--max-old-space-size=192'],
    env: {
      ...env,
      ...targetSettings(target),
      HRIS_WEBHOOK_URL: target.webhookUrl,
      HRIS_WEBHOOK_SECRET: target.webhookSecret,
      AUDIT_LOG_FILE: join(folder, auditFile),
      WORKER_SHUTDOWN_GRACE_SECONDS: '5',
    },
    isReady: saysPolling,
  });
}

/** Starts a program that polls in place of a worker, and waits until it does. */
export function startPoller({ env, folder }: Environment, file: string): Promise<Program> {
  return startProgram(file, { cwd: folder, env, isReady: saysPolling });
}

const saysPolling = (line: string): boolean => line.includes('"msg":"polling"');
