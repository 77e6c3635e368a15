import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { driftOf, InvalidPlanError, isPlanFile, openPlan, planJson, type PlannedRoster } from '@scim-onboarding/roster';
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
  try {
    for (const notice of notices) output.line(`! ${notice}`);
    await showPlan(output, made, estimate, flags.verbose === true);
    if (flags.out !== undefined) {
      await writePlan(flags.out, made);
      output.line(`Written to ${flags.out}. Apply it: onboard apply ${flags.out}`);
    }
    await output.jsonParts(planJson(made, { estimate }));
    return EXIT.done;
  } finally {
    await made.close();
  }
}

/** `onboard drift`: what differs between a roster and the target. Exit code 1 if anything does. */
export async function drift(context: Context, file: string, flags: PlanFlags): Promise<ExitCode> {
  const { output } = context;
  const { plan: made } = await makePlan(context, file, { ...flags, conflictPolicy: 'update', allowRemovals: false });
  try {
    let count = 0;
    for await (const line of differencesOf(made)) {
      count += 1;
      output.line(line);
    }
    const groups = made.summaries.length;
    output.line(count === 0 ? `✓ ${groups} groups are as the roster has them` : `${count} differences`);
    await output.jsonParts(driftJson(made));
    return count === 0 ? EXIT.done : EXIT.failed;
  } finally {
    await made.close();
  }
}

async function* differencesOf(made: PlannedRoster): AsyncGenerator<string> {
  for await (const group of made.groups()) yield* driftOf(group);
}

async function* driftJson(made: PlannedRoster): AsyncGenerator<string> {
  yield `{"groups":${made.summaries.length},"differences":[`;
  let separator = '';
  for await (const line of differencesOf(made)) {
    yield `${separator}${JSON.stringify(line)}`;
    separator = ',';
  }
  yield ']}\n';
}

async function writePlan(file: string, made: PlannedRoster): Promise<void> {
  try {
    // Names and ids of people's groups: for this user only.
    await pipeline(Readable.from(planJson(made)), createWriteStream(file, { mode: 0o600 }));
  } catch (error) {
    const message = `${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`;
    throw new CliError(EXIT.usage, { type: 'UnwritableOutput', message, hint: 'Choose another file with --out.' });
  }
}

/** Opens a plan that `onboard plan --out` wrote; undefined if the file is no plan but a roster. */
export async function readPlan(file: string): Promise<PlannedRoster | undefined> {
  if (!file.endsWith('.json') || !(await isPlanFile(file))) return undefined;
  try {
    return await openPlan(file);
  } catch (error) {
    if (!(error instanceof InvalidPlanError)) throw error;
    throw new CliError(EXIT.usage, {
      type: 'InvalidPlan',
      message: `${file}: ${error.message}`,
      hint: 'Make the plan again: onboard plan <roster> --out plan.json.',
    });
  }
}
