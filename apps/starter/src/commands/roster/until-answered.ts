import { setTimeout as sleep } from 'node:timers/promises';
import { TemporalUnavailableError } from '@scim-onboarding/onboarding-client';
import type { Context } from '../../context.ts';

export interface Patience {
  /** How long no answer is put up with, in milliseconds. Default 15 minutes. */
  readonly patienceMs?: number;
  /** Between two tries, in milliseconds. Default 2 seconds. */
  readonly pauseMs?: number;
}

/**
 * Asks until there is an answer: workers, or the Temporal server, may be down for a while, and what is watched goes on after that.
 *
 * @returns undefined after Ctrl-C, without waiting for the answer
 * @throws what `ask` throws; {@link TemporalUnavailableError} only once it lasts
 */
export async function untilAnswered<T>(
  { output, interrupted }: Pick<Context, 'output' | 'interrupted'>,
  ask: () => Promise<T>,
  { patienceMs = 15 * 60_000, pauseMs = 2_000 }: Patience = {},
): Promise<T | undefined> {
  const over = new AbortController();
  const stopped = new Promise<undefined>((resolve) => {
    interrupted.addEventListener('abort', () => resolve(undefined), { once: true, signal: over.signal });
  });
  const until = Date.now() + patienceMs;
  let told = false;
  try {
    while (!interrupted.aborted) {
      try {
        return await Promise.race([ask(), stopped]);
      } catch (error) {
        if (!(error instanceof TemporalUnavailableError) || Date.now() >= until) throw error;
        if (!told) output.line(`! ${error.message} Trying again until there is an answer.`);
        told = true;
        await sleep(pauseMs, undefined, { signal: interrupted }).catch(() => undefined);
      }
    }
    return undefined;
  } finally {
    over.abort();
  }
}
