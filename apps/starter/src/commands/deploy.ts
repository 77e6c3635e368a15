import { setTimeout as sleep } from 'node:timers/promises';
import {
  countOpenRuns,
  deploymentStatus,
  promote,
  ramp,
  type DeploymentVersionStatus,
} from '@scim-onboarding/temporal-connection';
import { CliError } from '../cli-error.ts';
import { withTemporal, type Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { formatTable } from '../table.ts';

export interface DeployFlags {
  readonly deployment?: string;
  /** Seconds. */
  readonly wait?: number;
}

const DEFAULT_DEPLOYMENT = 'onboarding';
const DEFAULT_WAIT_SECONDS = 60;
const POLL_MS = 1_000;

function nameOf({ env }: Context, flags: DeployFlags): string {
  return flags.deployment ?? (env['WORKER_DEPLOYMENT_NAME'] || DEFAULT_DEPLOYMENT);
}

function waitMs({ wait = DEFAULT_WAIT_SECONDS }: DeployFlags): number {
  return wait * 1000;
}

/** `onboard deploy status`: the builds of the worker. */
export async function deployStatus(context: Context, flags: DeployFlags): Promise<ExitCode> {
  const status = await withTemporal(context.env, ({ client }) => deploymentStatus(client, nameOf(context, flags)));
  const { output } = context;
  for (const line of formatTable(['build', 'state', 'open runs'], status.versions.map(versionRow))) output.line(line);
  if (!status.versions.some(({ state }) => state === 'current')) {
    output.line('No build is current: versioned workers get no new run. Use onboard deploy promote <buildId>.');
  }
  output.json(status);
  return EXIT.done;
}

function versionRow({ buildId, state, percentage, openRuns }: DeploymentVersionStatus): string[] {
  return [buildId, percentage === undefined ? state : `${state} ${percentage} %`, String(openRuns)];
}

/** `onboard deploy promote`: all new runs go to a build. */
export async function deployPromote(context: Context, buildId: string, flags: DeployFlags): Promise<ExitCode> {
  const name = nameOf(context, flags);
  const { output } = context;
  output.line(
    `Sends all new runs of ${name} to build ${buildId}, once its workers poll. Open runs stay on their builds.`,
  );
  await withTemporal(context.env, ({ client }) => promote(client, name, buildId, waitMs(flags)));
  output.line(`\u2713 ${buildId} is current`);
  output.json({ deployment: name, buildId, state: 'current' });
  return EXIT.done;
}

/** `onboard deploy ramp`: a part of the new runs goes to a build. */
export async function deployRamp(
  context: Context,
  buildId: string,
  flags: DeployFlags & { readonly percent: number },
): Promise<ExitCode> {
  const name = nameOf(context, flags);
  const { output } = context;
  const percentage = flags.percent;
  output.line(
    percentage === 0
      ? `Ends the ramp of ${name}: all new runs go to the current build.`
      : `Sends ${percentage} % of the new runs of ${name} to build ${buildId}, once its workers poll.`,
  );
  await withTemporal(context.env, ({ client }) => ramp(client, name, { buildId, percentage, waitMs: waitMs(flags) }));
  output.line(percentage === 0 ? '\u2713 the ramp has ended' : `\u2713 ${buildId} gets ${percentage} %`);
  output.json({ deployment: name, buildId, percentage });
  return EXIT.done;
}

/** `onboard deploy drain`: waits until a build has nothing left to do. */
export async function deployDrain(context: Context, buildId: string, flags: DeployFlags): Promise<ExitCode> {
  const name = nameOf(context, flags);
  const { output, interrupted } = context;
  const deadline = Date.now() + waitMs(flags);
  return withTemporal(context.env, async ({ client }) => {
    const { versions } = await deploymentStatus(client, name);
    if (versions.some((version) => version.buildId === buildId && ['current', 'ramping'].includes(version.state))) {
      throw new CliError(EXIT.usage, {
        type: 'StillRouted',
        message: `Build ${buildId} still gets new runs.`,
        hint: 'Promote another build first: onboard deploy promote <buildId>.',
      });
    }
    for (let before = -1; ;) {
      const left = await countOpenRuns(client, name, buildId);
      if (left !== before)
        output.line(
          left === 0
            ? `\u2713 ${buildId} has no open run: its workers can be stopped`
            : `${left} open runs on ${buildId}`,
        );
      before = left;
      if (left === 0) {
        output.json({ deployment: name, buildId, openRuns: 0 });
        return EXIT.done;
      }
      if (Date.now() >= deadline || interrupted.aborted) {
        throw new CliError(interrupted.aborted ? EXIT.interrupted : EXIT.deadline, {
          type: 'NotDrained',
          message: `Build ${buildId} has ${left} open runs.`,
          hint: `Keep its workers. Look at the runs: onboard list --where 'TemporalWorkerDeploymentVersion = "${name}:${buildId}"'.`,
        });
      }
      await sleep(POLL_MS, undefined, { signal: interrupted }).catch(() => undefined);
    }
  });
}
