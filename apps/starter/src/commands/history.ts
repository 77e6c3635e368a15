import { writeFile } from 'node:fs/promises';
import { CliError } from '../cli-error.ts';
import { withOnboarding, type Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';

export interface HistoryFlags {
  readonly tenant?: string;
  readonly run?: string;
  readonly out?: string;
  readonly redact?: boolean;
}

/** `onboard history`: the history of a run, for a replay or for an archive; to stdout, or to a file that only its owner reads. */
export async function history(context: Context, id: string, flags: HistoryFlags): Promise<ExitCode> {
  const { output, settings } = context;
  const { tenant, run, out, redact = false } = flags;
  const found = await withOnboarding(context, tenant ?? settings.tenant, (onboarding) =>
    onboarding.history(id, { redact, ...(run !== undefined && { runId: run }) }),
  );
  const { workflowId, runId, events, json } = found;
  if (out === undefined) {
    output.data(`${json}\n`);
    return EXIT.done;
  }
  await writeTo(out, `${json}\n`);
  const bytes = Buffer.byteLength(json) + 1;
  const how = redact ? 'redacted' : 'not redacted: it holds personal data';
  output.line(`✓ ${events} events of ${workflowId}, run ${runId}, are in ${out} (${bytes} bytes, ${how})`);
  output.json({ workflowId, runId, events, bytes, file: out, redacted: redact });
  return EXIT.done;
}

async function writeTo(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { mode: 0o600 });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `${file} cannot be written: ${reason}`;
    throw new CliError(
      EXIT.usage,
      { type: 'UnwritableOutput', message, hint: 'Name a file in a folder that exists and can be written to.' },
      { cause: error },
    );
  }
}
