import type { ConflictPolicy } from '@scim-onboarding/onboarding-contract';
import {
  checkPlanState,
  DEFAULT_REMOVAL_LIMITS,
  estimatePlan,
  holdRun,
  planDocument,
  planGroup,
  refuseSharedNames,
  type Estimate,
  type FoundInTarget,
  type PlanDocument,
  type PlannedGroup,
} from '@scim-onboarding/roster';
import {
  createSnapshotTargets,
  createTargetClient,
  parseTargetSettings,
  type SnapshotTarget,
} from '@scim-onboarding/scim-core/client';
import { CliError } from '../../cli-error.ts';
import type { Context } from '../../context.ts';
import { EXIT } from '../../exit-codes.ts';
import { openRoster, type RosterFileFlags } from './read-file.ts';

export interface PlanFlags extends RosterFileFlags {
  readonly conflictPolicy?: ConflictPolicy;
  readonly allowRemovals?: boolean;
  /** Requests a minute that the target allows. */
  readonly rate?: number;
  readonly tenant?: string;
}

export const DEFAULT_RATE = 300;

export interface MadePlan {
  readonly plan: PlanDocument;
  readonly estimate: Estimate;
  readonly notices: readonly string[];
}

/** Reads a roster and the directory, and plans every group. Writes nothing. */
export async function makePlan(context: Context, file: string, flags: PlanFlags): Promise<MadePlan> {
  const { output, settings } = context;
  const reading = openRoster(file, flags, settings.rules);
  const policy = flags.conflictPolicy ?? 'adopt';
  const allowRemovals = flags.allowRemovals === true;
  return withDirectory(context, async (target) => {
    const planned: PlannedGroup[] = [];
    for await (const { definition, complete } of reading.groups()) {
      const found = await findInTarget(target, definition);
      planned.push(planGroup(definition, found, { policy, allowRemovals, complete }));
      if (planned.length % 50 === 0) output.live(`planned ${planned.length} groups`);
    }
    output.live('');
    const groups = holdRun(refuseSharedNames(planned), DEFAULT_REMOVAL_LIMITS.run);
    const plan = planDocument({
      createdAt: new Date().toISOString(),
      roster: { file, digest: reading.digest(), groups: groups.length },
      target: { name: target.capabilities.name },
      options: { tenant: flags.tenant ?? settings.tenant, policy, allowRemovals, limits: DEFAULT_REMOVAL_LIMITS },
      groups,
    });
    const estimate = estimatePlan({
      groups: plan.groups,
      target: target.capabilities,
      requestsPerMinute: flags.rate ?? DEFAULT_RATE,
    });
    return { plan, estimate, notices: reading.notices.map(({ message }) => message) };
  });
}

/** Groups of a plan whose state in the target is another one now, each with what to say. */
export async function changedSince(context: Context, plan: PlanDocument): Promise<Map<string, string>> {
  return withDirectory(context, async (target) => {
    const changed = new Map<string, string>();
    for (const group of plan.groups) {
      const state = checkPlanState(group, await findInTarget(target, group));
      if (!state.current) changed.set(group.externalId, state.message);
    }
    return changed;
  });
}

async function findInTarget(
  target: SnapshotTarget,
  { externalId, displayName }: { readonly externalId: string; readonly displayName: string },
): Promise<FoundInTarget> {
  return {
    byExternalId: await target.findByExternalId(externalId, displayName),
    byName: await target.findByDisplayName(displayName),
  };
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
  } finally {
    await client.close();
  }
}
