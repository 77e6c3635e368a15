import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';

import { GRPC_STATUS, grpcStatus } from './grpc-status.ts';

/** One build of the workers, as Temporal sees it. */
export interface DeploymentVersionStatus {
  readonly buildId: string;
  /** `current` and `ramping` get new runs; `draining` only finishes what it began; `drained` can be stopped; `inactive` got no run yet. */
  readonly state: 'current' | 'ramping' | 'draining' | 'drained' | 'inactive';
  /** Share of new runs, in per cent; only while ramping. */
  readonly percentage?: number;
  /** Open runs that are pinned to it. */
  readonly openRuns: number;
}

export interface DeploymentStatus {
  readonly deploymentName: string;
  /** Newest first. */
  readonly versions: readonly DeploymentVersionStatus[];
}

/** Temporal knows no worker of this deployment or build. */
export class DeploymentNotFoundError extends Error {
  override readonly name = 'DeploymentNotFoundError';

  constructor(what: string) {
    super(
      `Temporal knows no ${what}. Start a worker with WORKER_DEPLOYMENT_NAME and WORKER_BUILD_ID set to it, and wait until it polls.`,
    );
  }
}

const CALL_MS = 10_000;
const POLL_MS = 250;
const DRAINED = 2;
const DRAINING = 1;

/**
 * Reads the versions of a deployment.
 *
 * @throws {DeploymentNotFoundError}
 */
export async function deploymentStatus(client: Client, deploymentName: string): Promise<DeploymentStatus> {
  const info = await describe(client, deploymentName);
  if (info === undefined) throw new DeploymentNotFoundError(`deployment ${deploymentName}`);
  const routing = info.routingConfig;
  const current = routing?.currentDeploymentVersion?.buildId;
  const ramping = routing?.rampingDeploymentVersion?.buildId;
  const versions = await Promise.all(
    (info.versionSummaries ?? []).map(async (summary): Promise<DeploymentVersionStatus> => {
      const buildId = summary.deploymentVersion?.buildId ?? '';
      const openRuns = await countOpenRuns(client, deploymentName, buildId);
      if (buildId === current) return { buildId, state: 'current', openRuns };
      if (buildId === ramping) {
        return { buildId, state: 'ramping', percentage: routing?.rampingVersionPercentage ?? 0, openRuns };
      }
      const drainage = summary.drainageInfo?.status ?? summary.drainageStatus;
      const state = drainage === DRAINED ? 'drained' : drainage === DRAINING ? 'draining' : 'inactive';
      return { buildId, state, openRuns };
    }),
  );
  return { deploymentName, versions };
}

/**
 * Sends all new runs to a build. A versioned worker gets no task before this was done once; so it waits until the build's workers poll.
 *
 * @param waitMs how long to wait for the build's workers
 * @throws {DeploymentNotFoundError} if none polls by then
 */
export async function promote(client: Client, deploymentName: string, buildId: string, waitMs: number): Promise<void> {
  await whenPolled(client, { deploymentName, buildId, waitMs }, () =>
    client.workflowService.setWorkerDeploymentCurrentVersion({
      namespace: client.options.namespace,
      deploymentName,
      buildId,
    }),
  );
}

/**
 * Sends a share of the new runs to a build.
 *
 * @param percentage 0 to 100; 0 ends the ramp
 * @throws {DeploymentNotFoundError} as {@link promote}
 */
export async function ramp(
  client: Client,
  deploymentName: string,
  { buildId, percentage, waitMs }: { readonly buildId: string; readonly percentage: number; readonly waitMs: number },
): Promise<void> {
  await whenPolled(client, { deploymentName, buildId, waitMs }, () =>
    client.workflowService.setWorkerDeploymentRampingVersion({
      namespace: client.options.namespace,
      deploymentName,
      // An empty build id ends a ramp.
      buildId: percentage === 0 ? '' : buildId,
      percentage,
    }),
  );
}

/** Open runs that are pinned to a build; the build's workers may be stopped when it is 0 and the build is not current. */
export async function countOpenRuns(client: Client, deploymentName: string, buildId: string): Promise<number> {
  const version = JSON.stringify(`${deploymentName}:${buildId}`);
  const query = `TemporalWorkerDeploymentVersion = ${version} AND ExecutionStatus = "Running"`;
  const { count } = await client.withDeadline(Date.now() + CALL_MS, () => client.workflow.count(query));
  return count;
}

interface Build {
  readonly deploymentName: string;
  readonly buildId: string;
  readonly waitMs: number;
}

/**
 * Makes a call once the workers of a build poll. The server knows a build from its first poller on, but refuses to route to it until all
 * task queues of the present build are polled by it too.
 */
async function whenPolled(
  client: Client,
  { deploymentName, buildId, waitMs }: Build,
  call: () => Promise<unknown>,
): Promise<void> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    const info = await describe(client, deploymentName);
    if (info?.versionSummaries?.some((summary) => summary.deploymentVersion?.buildId === buildId) === true) {
      try {
        await client.withDeadline(Date.now() + CALL_MS, call);
        return;
      } catch (error) {
        if (grpcStatus(error) !== GRPC_STATUS.FAILED_PRECONDITION || Date.now() >= deadline) throw error;
      }
    }
    if (Date.now() >= deadline)
      throw new DeploymentNotFoundError(`build ${buildId} of the deployment ${deploymentName}`);
    await sleep(POLL_MS);
  }
}

async function describe(client: Client, deploymentName: string) {
  try {
    const { workerDeploymentInfo } = await client.withDeadline(Date.now() + CALL_MS, () =>
      client.workflowService.describeWorkerDeployment({ namespace: client.options.namespace, deploymentName }),
    );
    return workerDeploymentInfo ?? undefined;
  } catch (error) {
    if (grpcStatus(error) === GRPC_STATUS.NOT_FOUND) return undefined;
    throw error;
  }
}
