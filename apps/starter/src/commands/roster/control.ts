import { cancelRoster as requestCancel, setRosterPaused } from '@scim-onboarding/onboarding-client';
import { isRosterWorkflowId } from '@scim-onboarding/onboarding-contract';
import { CliError } from '../../cli-error.ts';
import { withTemporal, type Context } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { followRoster } from './follow.ts';
import { tellOutcome } from './tell-outcome.ts';

/** `onboard watch <rosterId>` and `onboard roster watch`: attaches to a roster. Exit code 1 if a group did not get through. */
export async function watchRoster(context: Context, rosterId: string): Promise<ExitCode> {
  checkRosterId(rosterId);
  return withTemporal(context.env, async ({ client }) => {
    const progress = await followRoster(context, client, rosterId);
    context.output.json({ rosterId, progress });
    return tellOutcome(context.output, rosterId, progress);
  });
}

/** `onboard roster pause` and `resume`: groups that were begun go on. */
export async function pauseRoster(context: Context, rosterId: string, paused: boolean): Promise<ExitCode> {
  const { output } = context;
  checkRosterId(rosterId);
  output.line(
    paused ? `Holds back groups of ${rosterId} that were not begun.` : `Lets groups of ${rosterId} begin again.`,
  );
  await withTemporal(context.env, ({ client }) => setRosterPaused(client, rosterId, paused));
  output.line(`✓ ${rosterId} ${paused ? 'is paused' : 'goes on'}`);
  output.json({ rosterId, paused });
  return EXIT.done;
}

export interface CancelRosterFlags {
  readonly withGroups?: boolean;
  readonly detach?: boolean;
}

/** `onboard roster cancel`: begins no further group, and waits for those at work. */
export async function cancelRoster(context: Context, rosterId: string, flags: CancelRosterFlags): Promise<ExitCode> {
  const { output } = context;
  const withGroups = flags.withGroups === true;
  checkRosterId(rosterId);
  output.line(
    `Going to cancel ${rosterId}: no further group is begun; groups at work ${withGroups ? 'are cancelled too' : 'finish'}, blocked ones wait on.`,
  );
  return withTemporal(context.env, async ({ client }) => {
    const { parts } = await requestCancel(client, rosterId, { withGroups });
    if (parts > 0) {
      output.line(`✓ the workflow of the roster was ended before; ${parts} parts of it are told`);
      output.line(`What became of the groups: onboard roster show ${rosterId}`);
      output.json({ rosterId, withGroups, parts });
      return EXIT.done;
    }
    output.line(`✓ ${rosterId} is told`);
    if (flags.detach === true) {
      output.json({ rosterId, withGroups });
      return EXIT.done;
    }
    const progress = await followRoster(context, client, rosterId);
    output.json({ rosterId, withGroups, progress });
    // Not a failure that groups were not started: that is what was asked for.
    tellOutcome(output, rosterId, progress);
    return EXIT.done;
  });
}

/** An id that is none of a roster would be looked for in vain. */
export function checkRosterId(rosterId: string): void {
  if (isRosterWorkflowId(rosterId)) return;
  throw new CliError(EXIT.usage, {
    type: 'Usage',
    message: `${JSON.stringify(rosterId)} is not the id of a roster; one begins with onboard-roster:.`,
    hint: 'onboard apply prints it; onboard roster list has the rosters. For one group: onboard show <externalId>.',
  });
}
