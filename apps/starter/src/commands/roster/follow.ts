import { setTimeout as sleep } from 'node:timers/promises';
import { rosterExecution, rosterProgress } from '@scim-onboarding/onboarding-client';
import { rosterIsThrough, type RosterProgress } from '@scim-onboarding/onboarding-contract';
import type { Client } from '@temporalio/client';
import { CliError } from '../../cli-error.ts';
import type { Context } from '../../context.ts';
import { EXIT } from '../../exit-codes.ts';
import { duration } from './show-plan.ts';
import { untilAnswered } from './until-answered.ts';

const POLL_MS = 500;
/** Without a terminal a line is printed this often, in milliseconds. */
const LINE_MS = 5_000;
/** How often the server is asked whether the roster was ended by hand, in looks. */
const LOOKS = 20;
const BAR = 30;

/**
 * Shows the progress of a roster until its groups are settled. Workers and the server may be down meanwhile.
 *
 * @throws {CliError} on Ctrl-C, with how to attach again: the roster goes on; and if the roster was ended by hand
 */
export async function followRoster(context: Context, client: Client, rosterId: string): Promise<RosterProgress> {
  const { output, interrupted } = context;
  const began = Date.now();
  let first: number | undefined;
  let printed = 0;
  for (let look = 0; ; look += 1) {
    const progress = await untilAnswered(context, () => rosterProgress(client, rosterId));
    if (progress === undefined) throw stoppedWatching(rosterId);
    first ??= progress.settled;
    const text = progressLine(progress, progress.settled - first, Date.now() - began);
    output.live(text);
    if (!output.isTerminal && Date.now() - printed >= LINE_MS) {
      printed = Date.now();
      output.line(text);
    }
    if (rosterIsThrough(progress)) {
      output.live('');
      output.line(progressLine(progress, progress.settled - first, Date.now() - began));
      return progress;
    }
    if (look % LOOKS === 0) await untilAnswered(context, () => throwIfEnded(client, rosterId));
    await sleep(POLL_MS, undefined, { signal: interrupted }).catch(() => undefined);
  }
}

function stoppedWatching(rosterId: string): CliError {
  return new CliError(EXIT.interrupted, {
    type: 'Interrupted',
    message: 'Stopped watching. The roster goes on.',
    hint: `Attach again: onboard watch ${rosterId}`,
    workflowId: rosterId,
  });
}

/** A roster that was terminated says for ever that it is not through. */
async function throwIfEnded(client: Client, rosterId: string): Promise<void> {
  const execution = await rosterExecution(client, rosterId);
  if (execution === 'RUNNING' || rosterIsThrough(await rosterProgress(client, rosterId))) return;
  throw new CliError(EXIT.failed, {
    type: 'RosterEnded',
    message: `The workflow of roster ${rosterId} has ended (${execution}) before its groups were settled.`,
    hint: `What became of them: onboard roster show ${rosterId}. To run the rest: onboard roster retry ${rosterId}`,
    workflowId: rosterId,
  });
}

/** A bar, counts, rate and time left. */
export function progressLine(
  progress: Pick<RosterProgress, 'groups' | 'settled' | 'counts' | 'paused' | 'cancel'>,
  newlySettled: number,
  tookMs: number,
): string {
  const { groups, settled, counts } = progress;
  const filled = groups === 0 ? BAR : Math.round((settled / groups) * BAR);
  const { blocked = 0, failed = 0, cancelled = 0, 'not-started': notStarted = 0 } = counts;
  const done = settled - blocked - failed - cancelled;
  const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR - filled)}`;
  const left = notStarted === 0 ? '' : `, ${notStarted} not started`;
  return `${bar} ${settled}/${groups}  ${done} done, ${blocked} blocked, ${failed + cancelled} failed${left}${pace(progress, newlySettled, tookMs)}`;
}

function pace(
  { groups, settled, paused, cancel }: Pick<RosterProgress, 'groups' | 'settled' | 'paused' | 'cancel'>,
  newlySettled: number,
  tookMs: number,
): string {
  if (cancel !== undefined) return ', cancelled';
  if (paused) return ' paused';
  if (settled >= groups) return '';
  const perSecond = newlySettled / Math.max(1, tookMs / 1000);
  const left = perSecond > 0 ? `, ${duration(Math.ceil((groups - settled) / perSecond))} left` : '';
  return `, ${perSecond.toFixed(1)} groups/s${left}`;
}
