import { setRosterPaused } from '@scim-onboarding/onboarding-client';
import { withTemporal, type Context } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { followRoster } from './follow.ts';

/** `onboard roster watch`: attaches to a roster. */
export async function watchRoster(context: Context, rosterId: string): Promise<ExitCode> {
  return withTemporal(context.env, async ({ client }) => {
    const progress = await followRoster(context, client, rosterId);
    context.output.json({ rosterId, progress });
    return EXIT.done;
  });
}

/** `onboard roster pause` and `resume`: groups that were begun go on. */
export async function pauseRoster(context: Context, rosterId: string, paused: boolean): Promise<ExitCode> {
  const { output } = context;
  output.line(
    paused ? `Holds back groups of ${rosterId} that were not begun.` : `Lets groups of ${rosterId} begin again.`,
  );
  await withTemporal(context.env, ({ client }) => setRosterPaused(client, rosterId, paused));
  output.line(`✓ ${rosterId} ${paused ? 'is paused' : 'goes on'}`);
  output.json({ rosterId, paused });
  return EXIT.done;
}
