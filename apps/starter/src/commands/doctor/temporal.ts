import { SEARCH_ATTRIBUTE_TYPES, TASK_QUEUES } from '@scim-onboarding/onboarding-contract';
import { missingSearchAttributes, type TemporalClient } from '@scim-onboarding/temporal-connection';
import { toCliError } from '../../cli-error.ts';
import type { Environment } from '../../config.ts';
import { withTemporal } from '../../context.ts';
import { EXIT } from '../../exit-codes.ts';
import type { Check, Report } from './check.ts';

const CALL_DEADLINE_MS = 5_000;
/** A worker polls for up to 60 seconds at a time; the server lists its pollers for 5 minutes, also when they are gone. */
const POLLER_FRESH_MS = 90_000;

/** Numbers of `temporal.api.enums.v1.TaskQueueType`. */
const QUEUE_TYPE = { workflow: 1, activity: 2 } as const;

const QUEUES = [
  { name: TASK_QUEUES.onboarding, type: 'workflow' },
  { name: TASK_QUEUES.target, type: 'activity' },
  { name: TASK_QUEUES.webhooks, type: 'activity' },
] as const;

/** Checks that Temporal answers, has the namespace and the search attributes, and that workers poll. */
export async function checkTemporal(env: Environment, report: Report): Promise<void> {
  try {
    await withTemporal(env, async (temporal) => {
      const { client, address, namespace } = temporal;
      const reachable = await attempt('temporal', async () => {
        await client.withDeadline(Date.now() + CALL_DEADLINE_MS, () =>
          client.workflowService.describeNamespace({ namespace }),
        );
        return { check: 'temporal', state: 'ok', message: `${address}, namespace ${namespace}` };
      });
      report(reachable);
      if (reachable.state === 'ok') {
        report(await attempt('search-attributes', () => searchAttributes(temporal)));
        for (const queue of QUEUES) report(await attempt(`worker ${queue.name}`, () => worker(temporal, queue)));
      } else skipRest(report, `the namespace ${namespace} does not answer`);
    });
  } catch (error) {
    report(failed('temporal', error));
    skipRest(report, 'Temporal does not answer');
  }
}

function skipRest(report: Report, why: string): void {
  report({ check: 'search-attributes', state: 'skipped', message: `not checked: ${why}` });
  for (const { name } of QUEUES) report({ check: `worker ${name}`, state: 'skipped', message: `not checked: ${why}` });
}

async function searchAttributes({ connection, namespace }: TemporalClient): Promise<Check> {
  const missing = await missingSearchAttributes(connection, namespace, SEARCH_ATTRIBUTE_TYPES);
  if (missing.length === 0) return { check: 'search-attributes', state: 'ok', message: 'registered' };
  return {
    check: 'search-attributes',
    state: 'failed',
    message: `not registered in namespace ${namespace}: ${missing.join(', ')}`,
    hint: 'Run `onboard setup`.',
  };
}

async function worker({ client, namespace }: TemporalClient, { name, type }: (typeof QUEUES)[number]): Promise<Check> {
  const check = `worker ${name}`;
  const { pollers } = await client.withDeadline(Date.now() + CALL_DEADLINE_MS, () =>
    client.workflowService.describeTaskQueue({ namespace, taskQueue: { name }, taskQueueType: QUEUE_TYPE[type] }),
  );
  const fresh = pollers.filter(
    ({ lastAccessTime }) => Date.now() - (lastAccessTime?.seconds?.toNumber() ?? 0) * 1_000 < POLLER_FRESH_MS,
  );
  if (fresh.length > 0) return { check, state: 'ok', message: `${fresh.length} polling for ${type} tasks` };
  return {
    check,
    state: 'failed',
    message: `nobody polls for ${type} tasks`,
    hint: 'Start a worker with the same TEMPORAL_* settings.',
  };
}

async function attempt(check: string, run: () => Promise<Check>): Promise<Check> {
  try {
    return await run();
  } catch (error) {
    return failed(check, error);
  }
}

function failed(check: string, error: unknown): Check {
  const { exitCode, report } = toCliError(error);
  const known = exitCode === EXIT.usage ? 'settings' : exitCode === EXIT.unreachable ? 'unreachable' : 'other';
  if (report.type !== 'Unforeseen')
    return { check, state: 'failed', reason: known, message: report.message, hint: report.hint };
  const message = rootMessage(error);
  const gone = /DEADLINE_EXCEEDED|UNAVAILABLE/u.test(message);
  const hint = /NOT_FOUND/u.test(message)
    ? 'Check TEMPORAL_NAMESPACE, or create the namespace.'
    : 'Check TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and TEMPORAL_API_KEY.';
  return { check, state: 'failed', reason: gone ? 'unreachable' : 'other', message, hint };
}

function rootMessage(error: unknown): string {
  return error instanceof Error
    ? error.cause instanceof Error
      ? rootMessage(error.cause)
      : error.message
    : String(error);
}
