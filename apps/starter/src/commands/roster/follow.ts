import { setTimeout as sleep } from 'node:timers/promises';
import { rosterProgress } from '@scim-onboarding/onboarding-client';
import type { RosterProgress } from '@scim-onboarding/onboarding-contract';
import type { Client } from '@temporalio/client';
import { CliError } from '../../cli-error.ts';
import type { Context } from '../../context.ts';
import { EXIT } from '../../exit-codes.ts';
import { duration } from './show-plan.ts';

const POLL_MS = 500;
/** Without a terminal a line is printed this often, in milliseconds. */
const LINE_MS = 5_000;
const BAR = 30;

/**
 * Shows the progress of a roster until it is through.
 *
 * @throws {CliError} on Ctrl-C, with how to attach again; the roster goes on
 */
export async function followRoster(
  { output, interrupted }: Context,
  client: Client,
  rosterId: string,
): Promise<RosterProgress> {
  const began = Date.now();
  let first: number | undefined;
  let printed = 0;
  for (;;) {
    const progress = await rosterProgress(client, rosterId);
    first ??= progress.settled;
    const text = progressLine(progress, progress.settled - first, Date.now() - began);
    output.live(text);
    if (!output.isTerminal && Date.now() - printed >= LINE_MS) {
      printed = Date.now();
      output.line(text);
    }
    if (progress.partsDone + progress.missingParts.length === progress.parts) {
      output.live('');
      output.line(progressLine(progress, progress.settled - first, Date.now() - began));
      return progress;
    }
    await sleep(POLL_MS, undefined, { signal: interrupted }).catch(() => undefined);
    if (interrupted.aborted) {
      throw new CliError(EXIT.interrupted, {
        type: 'Interrupted',
        message: 'Stopped watching. The roster goes on.',
        hint: `Attach again: onboard roster watch ${rosterId}`,
        workflowId: rosterId,
      });
    }
  }
}

/** A bar, counts, rate and time left. */
export function progressLine(
  { groups, settled, counts, paused }: RosterProgress,
  newlySettled: number,
  tookMs: number,
): string {
  const filled = groups === 0 ? BAR : Math.round((settled / groups) * BAR);
  const perSecond = newlySettled / Math.max(1, tookMs / 1000);
  const left = perSecond > 0 ? `, ${duration(Math.ceil((groups - settled) / perSecond))} left` : '';
  const { blocked = 0, failed = 0, cancelled = 0 } = counts;
  const done = settled - blocked - failed - cancelled;
  const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR - filled)}`;
  const state = paused ? ' paused' : settled < groups ? `, ${perSecond.toFixed(1)} groups/s${left}` : '';
  return `${bar} ${settled}/${groups}  ${done} done, ${blocked} blocked, ${failed + cancelled} failed${state}`;
}
