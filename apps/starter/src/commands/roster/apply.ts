import { startRoster, type StartedRoster } from '@scim-onboarding/onboarding-client';
import { rosterWorkflowId } from '@scim-onboarding/onboarding-contract';
import {
  activeGroups,
  activeSummaries,
  fileDigest,
  releaseHeld,
  RosterChangedError,
  rosterStart,
  UnreadableRosterError,
  type ActiveGroup,
  type GroupSummary,
  type PlannedRoster,
} from '@scim-onboarding/roster';
import type { Client } from '@temporalio/client';
import { CliError } from '../../cli-error.ts';
import { withTemporal, type Context } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { confirm } from '../many.ts';
import { followRoster } from './follow.ts';
import { changedGroups, interruptedError, makePlan, type MadePlan, type PlanFlags } from './make-plan.ts';
import { readPlan } from './plan.ts';
import { isRosterError, openRosterFile, withRosterErrors } from './read-file.ts';
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

const CONFIRM_HINT = 'Look at what it would do with onboard plan, then answer yes, or add --yes.';

/** `onboard apply`: does what a plan says; of a roster, it makes the plan first and asks. */
export async function apply(context: Context, file: string, flags: ApplyFlags): Promise<ExitCode> {
  const { output } = context;
  const { plan, excluded, fromFile } = await planOf(context, file, flags);
  const active = activeSummaries(plan, excluded);
  for (const message of excluded.values()) output.line(`! ${message}`);
  if (active.length === 0) {
    output.line('Nothing to do.');
    output.json({ plan: plan.totals, started: 0 });
    return needsPerson(plan, excluded.size) ? EXIT.failed : EXIT.done;
  }
  output.line(`Going to onboard ${active.length} groups.`);
  if (flags.yes !== true) await confirm(context, `${active.length} groups`, CONFIRM_HINT);
  return withTemporal(context.env, async ({ client }) => {
    const startedAt = new Date().toISOString();
    const started = await handOver(context, client, { plan, active, fromFile }, flags);
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

interface ToHandOver {
  readonly plan: PlannedRoster;
  readonly active: readonly GroupSummary[];
  /** The plan was made by another call of the command, which may have had other flags or settings. */
  readonly fromFile: boolean;
}

/** Starts the roster. Its groups are read from the file once more, and sent a part at a time. */
async function handOver(
  { output, settings, interrupted }: Context,
  client: Client,
  { plan, active, fromFile }: ToHandOver,
  flags: ApplyFlags,
): Promise<StartedRoster> {
  const { roster } = plan.header;
  const groups = (signal?: AbortSignal): AsyncGenerator<ActiveGroup> =>
    activeGroups(plan, active, openRosterFile(roster.file, flags, settings.rules, signal));
  // Before anything is started: a reader of JSON gives groups before it has seen the end of the file.
  await withRosterErrors(async () => {
    try {
      await checkUnchanged(roster);
      if (fromFile) for await (const _ of groups(interrupted)) continue;
    } catch (error) {
      throw interrupted.aborted ? interruptedError(error) : error;
    }
  });
  if (interrupted.aborted) throw interruptedError();
  try {
    return await startRoster(client, groups(), {
      ...rosterStart(plan.header),
      groups: active.length,
      onPart: (part, parts) => output.live(`handed over ${part} of ${parts} parts`),
    });
  } catch (error) {
    if (!isRosterError(error)) throw error;
    throw new CliError(
      EXIT.failed,
      {
        type: 'RosterIncomplete',
        message: `${roster.file} was changed while it was handed over. Groups of it may be under way; the others do not come. ${error.message}`,
        hint: `See which: onboard roster watch ${rosterWorkflowId(plan.header.options.tenant, roster.digest)}. Then apply the file as it is now.`,
      },
      { cause: error },
    );
  }
}

async function checkUnchanged({ file, digest }: PlannedRoster['header']['roster']): Promise<void> {
  const now = await fileDigest(file).catch((error: unknown) => {
    throw error instanceof Error ? new UnreadableRosterError(file, error) : error;
  });
  if (now !== digest) throw new RosterChangedError(file);
}

/** The plan with its held groups released, if the approval is for exactly its removals. */
function approved(plan: PlannedRoster, approval: string): PlannedRoster {
  try {
    return releaseHeld(plan, approval);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new CliError(EXIT.usage, {
      type: 'NotApproved',
      message,
      hint: 'onboard plan <roster> prints the approval of the plan as it is now.',
    });
  }
}

function needsPerson({ totals }: PlannedRoster, excluded: number): boolean {
  return (totals.byAction.held ?? 0) + (totals.byAction.conflict ?? 0) + excluded > 0;
}

interface PlanToApply {
  /** Closed: its summaries say what is to be done. */
  readonly plan: PlannedRoster;
  /** Groups that are left out because their state changed since the plan was made, each with what to say. */
  readonly excluded: ReadonlyMap<string, string>;
  readonly fromFile: boolean;
}

async function planOf(context: Context, file: string, flags: ApplyFlags): Promise<PlanToApply> {
  const given = await readPlan(file);
  const made = given === undefined ? await makePlan(context, file, flags) : { plan: given };
  const { plan } = made;
  try {
    if ('estimate' in made) await showMade(context, made);
    return {
      fromFile: given !== undefined,
      excluded: given === undefined ? new Map() : await changedGroups(context, given),
      plan: flags.approve === undefined ? plan : approved(plan, flags.approve),
    };
  } finally {
    await plan.close();
  }
}

async function showMade({ output }: Context, { plan, estimate, notices }: MadePlan): Promise<void> {
  for (const notice of notices) output.line(`! ${notice}`);
  await showPlan(output, plan, estimate, false);
}
