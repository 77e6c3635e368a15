import { planRosterRetry, retryRoster as startRetry, type RosterRetry } from '@scim-onboarding/onboarding-client';
import { withTemporal, type Context } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import type { Output } from '../../output.ts';
import { confirm } from '../many.ts';
import { checkRosterId } from './control.ts';
import { followRoster } from './follow.ts';
import { blockedCommand, tellOutcome } from './tell-outcome.ts';

export interface RetryFlags {
  readonly yes?: boolean;
  readonly detach?: boolean;
}

/** `onboard roster retry`: runs the groups of an ended roster again that failed, were cancelled or were not started. */
export async function retryRoster(context: Context, rosterId: string, flags: RetryFlags): Promise<ExitCode> {
  const { output } = context;
  checkRosterId(rosterId);
  return withTemporal(context.env, async ({ client }) => {
    const retry = await planRosterRetry(client, rosterId);
    const { groups, blocked, unknown } = retry;
    sayWhat(output, retry);
    if (groups === 0) {
      output.line('Nothing to do.');
      output.json({ rosterId, started: 0, blocked, unknown });
      return blocked + unknown > 0 ? EXIT.failed : EXIT.done;
    }
    if (flags.yes !== true) await confirm(context, `${groups} groups`, 'Answer yes, or add --yes.');
    const { runId } = await startRetry(client, retry, {
      onPart: (part, parts) => output.live(`handed over ${part} of ${parts} parts`),
    });
    output.live('');
    output.line(`Started ${rosterId} again, with ${groups} groups`);
    if (flags.detach === true) {
      output.json({ rosterId, runId, started: groups, blocked, unknown });
      return EXIT.done;
    }
    const progress = await followRoster(context, client, rosterId);
    output.json({ rosterId, runId, started: groups, blocked, unknown, progress });
    const code = tellOutcome(output, rosterId, progress);
    return blocked + unknown > 0 ? EXIT.failed : code;
  });
}

function sayWhat(output: Output, { rosterId, progress, groups, blocked, unknown }: RosterRetry): void {
  const { failed = 0, cancelled = 0, 'not-started': notStarted = 0 } = progress.counts;
  output.line(
    `Going to onboard ${groups} groups of ${rosterId} again: ${failed} failed, ${cancelled} cancelled, ${notStarted} not started.`,
  );
  if (blocked > 0) {
    output.line(`! ${blocked} groups were blocked when it ended; they are not run again, but wait for a person:`);
    output.line(`    ${blockedCommand(rosterId)}`);
  }
  if (unknown > 0) output.line(`! ${unknown} groups were never handed over; apply the roster again for them`);
}
