import { startRoster, type RosterGroup } from '@scim-onboarding/onboarding-client';
import { releaseHeld, type PlanDocument, type PlannedGroup } from '@scim-onboarding/roster';
import { CliError } from '../../cli-error.ts';
import { withTemporal, type Context } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { confirm } from '../many.ts';
import { followRoster } from './follow.ts';
import { changedSince, makePlan, type PlanFlags } from './make-plan.ts';
import { readPlan } from './plan.ts';
import { openRoster } from './read-file.ts';
import { writeReport } from './report.ts';
import { showPlan } from './show-plan.ts';

export interface ApplyFlags extends PlanFlags {
  readonly yes?: boolean;
  /** Digest of the removals that a person approved. */
  readonly approve?: string;
  /** Folder for the report. */
  readonly report?: string;
  readonly detach?: boolean;
}

/** Something is done to these. */
const ACTIVE = new Set<PlannedGroup['action']>(['create', 'adopt', 'update']);

/** `onboard apply`: does what a plan says; of a roster, it makes the plan first and asks. */
export async function apply(context: Context, file: string, flags: ApplyFlags): Promise<ExitCode> {
  const { output } = context;
  const { plan: made, excluded } = await planOf(context, file, flags);
  const plan = flags.approve === undefined ? made : approved(made, flags.approve);
  const active = plan.groups.filter(({ action, externalId }) => ACTIVE.has(action) && !excluded.has(externalId));
  for (const message of excluded.values()) output.line(`! ${message}`);
  if (active.length === 0) {
    output.line('Nothing to do.');
    output.json({ plan: plan.totals, started: 0 });
    return needsPerson(plan, excluded.size) ? EXIT.failed : EXIT.done;
  }
  output.line(`Going to onboard ${active.length} groups.`);
  if (flags.yes !== true) await confirm(context, active.length);
  return withTemporal(context.env, async ({ client }) => {
    const startedAt = new Date().toISOString();
    const { policy, allowRemovals, tenant } = plan.options;
    const started = await startRoster(client, chosenGroups(context, plan, active, flags), {
      name: plan.roster.file,
      digest: plan.roster.digest,
      groups: active.length,
      conflictPolicy: policy,
      allowRemovals,
      tenant,
      onPart: (part, parts) => output.live(`handed over ${part} of ${parts} parts`),
    });
    output.live('');
    output.line(`${started.joined ? 'Joined the open run of the roster' : 'Started'} ${started.rosterId}`);
    if (flags.detach === true) {
      output.json({ rosterId: started.rosterId, joined: started.joined });
      return EXIT.done;
    }
    const progress = await followRoster(context, client, started.rosterId);
    const report = await writeReport(context, client, {
      plan,
      excluded,
      progress,
      startedAt,
      rosterId: started.rosterId,
      folder: flags.report,
    });
    output.json({ rosterId: started.rosterId, progress, totals: report.totals });
    const { created = 0, adopted = 0, updated = 0, unchanged = 0 } = progress.counts;
    const good = created + adopted + updated + unchanged === progress.groups;
    return good && !needsPerson(plan, excluded.size) ? EXIT.done : EXIT.failed;
  });
}

/** The plan with its held groups released, if the approval is for exactly its removals. */
function approved(plan: PlanDocument, approval: string): PlanDocument {
  try {
    return { ...plan, groups: releaseHeld(plan, approval) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new CliError(EXIT.usage, {
      type: 'NotApproved',
      message,
      hint: 'onboard plan <roster> prints the approval of the plan as it is now.',
    });
  }
}

function needsPerson({ totals }: PlanDocument, excluded: number): boolean {
  return (totals.byAction.held ?? 0) + (totals.byAction.conflict ?? 0) + excluded > 0;
}

/** The plan, and groups of it that are left out because their state changed since it was made. */
async function planOf(
  context: Context,
  file: string,
  flags: ApplyFlags,
): Promise<{ plan: PlanDocument; excluded: ReadonlyMap<string, string> }> {
  const given = await readPlan(file);
  if (given !== undefined) return { plan: given, excluded: await changedSince(context, given) };
  const { plan, estimate, notices } = await makePlan(context, file, flags);
  for (const notice of notices) context.output.line(`! ${notice}`);
  showPlan(context.output, plan, estimate, false);
  return { plan, excluded: new Map() };
}

/** The groups of the plan, read from the roster once more. The file must be the one that was planned. */
async function* chosenGroups(
  context: Context,
  plan: PlanDocument,
  active: readonly PlannedGroup[],
  flags: ApplyFlags,
): AsyncGenerator<RosterGroup> {
  const wanted = new Map(active.map((group) => [group.externalId, group]));
  const reading = openRoster(plan.roster.file, flags, context.settings.rules);
  for await (const { definition, duplicatesDropped } of reading.groups()) {
    const planned = wanted.get(definition.externalId);
    if (planned === undefined) continue;
    // Without the permission to remove, `update` would still remove what is under the limits of one group.
    const keeps = plan.options.policy === 'update' && !plan.options.allowRemovals && planned.kept.length > 0;
    yield { definition, duplicatesDropped, ...(keeps ? { conflictPolicy: 'adopt' as const } : {}) };
  }
  if (reading.digest() !== plan.roster.digest) {
    throw new CliError(EXIT.usage, {
      type: 'RosterChanged',
      message: `${plan.roster.file} is not the file that was planned.`,
      hint: 'Make the plan again: onboard plan <roster> --out plan.json.',
    });
  }
}
