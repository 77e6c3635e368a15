import type { ConflictPolicy } from '@scim-onboarding/onboarding-contract';
import { changedSince, estimatePlan, planRoster, type Estimate, type PlannedRoster } from '@scim-onboarding/roster';
import {
  createSnapshotTargets,
  createTargetClient,
  parseTargetSettings,
  type SnapshotTarget,
} from '@scim-onboarding/scim-core/client';
import { CliError } from '../../cli-error.ts';
import type { Context } from '../../context.ts';
import { EXIT } from '../../exit-codes.ts';
import { openRosterFile, withRosterErrors, type RosterFileFlags } from './read-file.ts';

export interface PlanFlags extends RosterFileFlags {
  readonly conflictPolicy?: ConflictPolicy;
  readonly allowRemovals?: boolean;
  /** Requests a minute that the target allows. */
  readonly rate?: number;
  readonly tenant?: string;
}

export const DEFAULT_RATE = 300;

export interface MadePlan {
  /** To be closed. */
  readonly plan: PlannedRoster;
  readonly estimate: Estimate;
  readonly notices: readonly string[];
}

/** Reads a roster and the directory, and plans every group. Writes nothing to the target. */
export async function makePlan(context: Context, file: string, flags: PlanFlags): Promise<MadePlan> {
  const { output, settings, interrupted } = context;
  const reading = openRosterFile(file, flags, settings.rules, interrupted);
  return withDirectory(context, async (target) => {
    const plan = await withRosterErrors(() =>
      planRoster({
        groups: reading.groups(),
        digest: reading.digest,
        target,
        options: {
          file,
          tenant: flags.tenant ?? settings.tenant,
          policy: flags.conflictPolicy ?? 'adopt',
          allowRemovals: flags.allowRemovals === true,
        },
        onPlanned: (count) => {
          if (count % 50 === 0) output.live(`planned ${count} groups`);
        },
        signal: interrupted,
      }),
    );
    output.live('');
    const estimate = estimatePlan({
      groups: plan.summaries,
      users: plan.users,
      target: target.capabilities,
      requestsPerMinute: flags.rate ?? DEFAULT_RATE,
    });
    return { plan, estimate, notices: reading.notices.map(({ message }) => message) };
  });
}

/** Groups of a plan whose state in the target is another one now, each with what to say. */
export async function changedGroups(context: Context, plan: PlannedRoster): Promise<Map<string, string>> {
  return withDirectory(context, (target) => changedSince(plan, target));
}

/** One read of the directory answers all look-ups. */
async function withDirectory<T>(context: Context, use: (target: SnapshotTarget) => Promise<T>): Promise<T> {
  const parsed = parseTargetSettings(context.env);
  if (!parsed.ok) {
    const message = `Settings of the target are not valid: ${parsed.problems.join('; ')}`;
    throw new CliError(EXIT.usage, {
      type: 'InvalidSettings',
      message,
      hint: 'Correct these environment variables, or their lines in .env.',
    });
  }
  const client = createTargetClient(parsed.settings);
  try {
    return await use(await createSnapshotTargets({ client }).target('plan', context.interrupted));
  } catch (error) {
    if (!context.interrupted.aborted || error instanceof CliError) throw error;
    throw interruptedError(error);
  } finally {
    await client.close();
  }
}

/** For Ctrl-C before anything was started. */
export function interruptedError(cause?: unknown): CliError {
  return new CliError(
    EXIT.interrupted,
    { type: 'Interrupted', message: 'Stopped. Nothing was started.', hint: 'Run the command again.' },
    { cause },
  );
}
