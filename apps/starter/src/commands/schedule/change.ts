import { createRosterSchedules, runUiPath } from '@scim-onboarding/onboarding-client';
import { uiAddress, withTemporal, type Context } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';

/** `onboard schedule trigger`. */
export async function triggerSchedule({ output, env, settings }: Context, id: string): Promise<ExitCode> {
  await withTemporal(env, async ({ client }) => {
    const run = await createRosterSchedules(client).trigger(id);
    if (run === undefined) output.line(`The last run of ${id} is still open: none was started`);
    else {
      output.line(`✓ Started ${run.workflowId}`);
      output.line(`  ${uiAddress(settings, runUiPath(client.options.namespace, run.workflowId, run.runId))}`);
      output.line(`  What came of it: onboard schedule show ${id}`);
    }
    output.json({ id, started: run !== undefined, ...run });
  });
  return EXIT.done;
}

/** `onboard schedule pause`: open runs go on. */
export async function pauseSchedule(
  { output, env }: Context,
  id: string,
  note = `Paused by ${env['USER'] ?? 'onboard'}`,
): Promise<ExitCode> {
  await withTemporal(env, ({ client }) => createRosterSchedules(client).pause(id, note));
  output.line(`✓ ${id} is paused`);
  output.json({ id, paused: true });
  return EXIT.done;
}

/** `onboard schedule resume`. */
export async function resumeSchedule({ output, env }: Context, id: string): Promise<ExitCode> {
  await withTemporal(env, ({ client }) => createRosterSchedules(client).resume(id));
  output.line(`✓ ${id} runs again`);
  output.json({ id, paused: false });
  return EXIT.done;
}

/** `onboard schedule delete`. */
export async function deleteSchedule({ output, env }: Context, id: string): Promise<ExitCode> {
  await withTemporal(env, ({ client }) => createRosterSchedules(client).delete(id));
  output.line(`✓ ${id} is deleted. Runs that are open go on`);
  output.json({ id, deleted: true });
  return EXIT.done;
}
