import { readFile, writeFile } from 'node:fs/promises';
import { driftOf, parsePlanDocument, type PlanDocument } from '@scim-onboarding/roster';
import { CliError } from '../../cli-error.ts';
import type { Context } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { makePlan, type PlanFlags } from './make-plan.ts';
import { showPlan } from './show-plan.ts';

export interface PlanCommandFlags extends PlanFlags {
  readonly out?: string;
  readonly verbose?: boolean;
}

/** `onboard plan`: what a roster would do. Writes nothing but the plan. */
export async function plan(context: Context, file: string, flags: PlanCommandFlags): Promise<ExitCode> {
  const { output } = context;
  const { plan: made, estimate, notices } = await makePlan(context, file, flags);
  for (const notice of notices) output.line(`! ${notice}`);
  showPlan(output, made, estimate, flags.verbose === true);
  if (flags.out !== undefined) {
    await writePlan(flags.out, made);
    output.line(`Written to ${flags.out}. Apply it: onboard apply ${flags.out}`);
  }
  output.json({ ...made, estimate });
  return EXIT.done;
}

/** `onboard drift`: what differs between a roster and the target. Exit code 1 if anything does. */
export async function drift(context: Context, file: string, flags: PlanFlags): Promise<ExitCode> {
  const { output } = context;
  const { plan: made } = await makePlan(context, file, { ...flags, conflictPolicy: 'update', allowRemovals: false });
  const differences = made.groups.flatMap((group) => driftOf(group));
  for (const line of differences) output.line(line);
  output.line(
    differences.length === 0
      ? `✓ ${made.groups.length} groups are as the roster has them`
      : `${differences.length} differences`,
  );
  output.json({ groups: made.groups.length, differences });
  return differences.length === 0 ? EXIT.done : EXIT.failed;
}

async function writePlan(file: string, made: PlanDocument): Promise<void> {
  try {
    // Names and ids of people's groups: for this user only.
    await writeFile(file, `${JSON.stringify(made)}\n`, { mode: 0o600 });
  } catch (error) {
    const message = `${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`;
    throw new CliError(EXIT.usage, { type: 'UnwritableOutput', message, hint: 'Choose another file with --out.' });
  }
}

/** Reads a plan that `onboard plan --out` wrote; undefined if the file is no plan but a roster. */
export async function readPlan(file: string): Promise<PlanDocument | undefined> {
  if (!file.endsWith('.json')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch {
    // Whatever is wrong with it is told by the reader of rosters, with the row.
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('roster' in value && 'totals' in value)) return undefined;
  try {
    return parsePlanDocument(value);
  } catch (error) {
    const message = `${file}: ${error instanceof Error ? error.message : String(error)}`;
    throw new CliError(EXIT.usage, {
      type: 'InvalidPlan',
      message,
      hint: 'Make the plan again: onboard plan <roster> --out plan.json.',
    });
  }
}
