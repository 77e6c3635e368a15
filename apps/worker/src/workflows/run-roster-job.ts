import {
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import {
  FAILURE_TYPES,
  ROSTER_DRIFT_EVENT,
  searchAttributes,
  type RosterDriftEvent,
  type RosterJobInput,
  type RosterJobResult,
  type WebhookReport,
} from '@scim-onboarding/onboarding-contract/workflow';
import { runStep } from './activity-proxies.ts';
import { describeFailure } from './failures.ts';
import type { PlannedJob, RosterJobActivities } from './roster-job-activities.ts';
import { renderJob } from './roster-job-details.ts';
import { ROSTER_JOB_POLICIES } from './roster-job-policies.ts';
import { undelivered } from './undelivered.ts';

const { planRosterJob } = proxyActivities<RosterJobActivities>(ROSTER_JOB_POLICIES['plan-roster']);
const { startRosterJob } = proxyActivities<RosterJobActivities>(ROSTER_JOB_POLICIES['start-roster']);

/** A file that is written anew between plan and start is planned again this often. */
const ROUNDS = 3;

/**
 * What a schedule runs: plans a roster of the worker's folder, and starts it or tells what differs. Nothing is approved here: what is held
 * stays held. It does not wait for the roster, which is a workflow of its own.
 */
export async function runRosterJob(job: RosterJobInput): Promise<RosterJobResult> {
  setCurrentDetails(renderJob(job, { state: 'planning' }));
  try {
    const result = job.mode === 'drift' ? await compare(job) : await apply(job);
    const waits = job.mode === 'apply' && (result.actions['held'] ?? 0) > 0 ? FAILURE_TYPES.removalsHeld : undefined;
    show(job, { state: 'done', result }, result.outcome, waits);
    return result;
  } catch (error) {
    const { type, message, details } = describeFailure(error);
    const hint = details?.hint;
    if (isCancellation(error)) show(job, { state: 'cancelled' }, 'cancelled');
    else show(job, { state: 'failed', type, message, ...(hint === undefined ? {} : { hint }) }, 'failed', type);
    throw error;
  }
}

function show(job: RosterJobInput, state: Parameters<typeof renderJob>[1], outcome: string, reason?: string): void {
  setCurrentDetails(renderJob(job, state));
  upsertSearchAttributes([
    { key: searchAttributes.outcome, value: outcome },
    ...(reason === undefined ? [] : [{ key: searchAttributes.blockedReason, value: reason }]),
  ]);
}

/** Its id ends in the number of the round, from the second one on. */
function plan(job: RosterJobInput, round = 1): Promise<PlannedJob> {
  const activityId = round === 1 ? 'plan-roster' : `plan-roster-${round}`;
  return planRosterJob.executeWithOptions({ activityId, summary: `Plan ${job.roster}` }, [job]);
}

async function apply(job: RosterJobInput): Promise<RosterJobResult> {
  const { workflowId, runId } = workflowInfo();
  // The run's own id: one that was reset starts the roster anew.
  const startId = `${workflowId}/${runId}`;
  for (let round = 1; ; round++) {
    const planned = await plan(job, round);
    const { selection = { groups: 0, packed: '' } } = planned;
    if (selection.groups === 0) return { ...resultOf(job, planned), outcome: 'nothing-to-do' };
    const activityId = round === 1 ? 'start-roster' : `start-roster-${round}`;
    const summary = `Start the roster: ${selection.groups} groups`;
    const input = { job, startId, digest: planned.digest, selection };
    try {
      const { rosterId, joined } = await startRosterJob.executeWithOptions({ activityId, summary }, [input]);
      const outcome = joined ? 'joined' : 'started';
      return { ...resultOf(job, planned), outcome, rosterId, ...(joined ? {} : { started: selection.groups }) };
    } catch (error) {
      if (round === ROUNDS || describeFailure(error).type !== FAILURE_TYPES.rosterChanged) throw error;
    }
  }
}

async function compare(job: RosterJobInput): Promise<RosterJobResult> {
  const planned = await plan(job);
  const base = resultOf(job, planned);
  if ((planned.differences?.count ?? 0) === 0) return { ...base, outcome: 'in-sync' };
  setCurrentDetails(renderJob(job, { state: 'notifying' }));
  return { ...base, outcome: 'drift', webhook: await notify(job, planned) };
}

function resultOf({ mode, roster }: RosterJobInput, planned: PlannedJob): Omit<RosterJobResult, 'outcome'> {
  const { digest, groups, actions, held, differences } = planned;
  return {
    mode,
    roster,
    digest,
    groups,
    actions,
    ...(held === undefined ? {} : { held }),
    ...(differences === undefined ? {} : { differences }),
  };
}

/** A receiver that stays down does not fail the comparison: its result has what differs. */
async function notify(job: RosterJobInput, planned: PlannedJob): Promise<WebhookReport> {
  if (planned.webhook === undefined) return { state: 'not-configured' };
  const { workflowId, originalExecutionRunId } = workflowInfo();
  // Made of the first run's id, so that a reset sends the same id and the receiver drops the second delivery.
  const id = `msg_${originalExecutionRunId}`;
  const { roster, tenant, schedule } = job;
  const event: RosterDriftEvent = {
    event: ROSTER_DRIFT_EVENT,
    type: ROSTER_DRIFT_EVENT,
    timestamp: new Date(Date.now()).toISOString(),
    data: {
      roster,
      tenant,
      target: planned.target,
      ...(schedule === undefined ? {} : { schedule }),
      groups: planned.groups,
      differences: planned.differences?.count ?? 0,
      groupsThatDiffer: planned.differences?.groups ?? 0,
      externalIds: planned.externalIds ?? [],
      workflowId,
      runId: originalExecutionRunId,
    },
  };
  const summary = `Tell the HRIS: ${event.event}`;
  const scheduleToCloseTimeout = `${planned.webhook.giveUpAfterSeconds} seconds` as const;
  try {
    const { attempts } = await runStep(
      'send-webhook',
      'send-webhook',
      { id, event },
      { summary, scheduleToCloseTimeout },
    );
    return { state: 'delivered', id, attempts };
  } catch (error) {
    return undelivered(id, error);
  }
}
