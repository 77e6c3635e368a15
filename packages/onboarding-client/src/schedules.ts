import {
  ROSTER_JOB_WORKFLOW,
  rosterJobId,
  rosterJobInputSchema,
  SCHEDULE_ID_PATTERN,
  searchAttributes,
  TASK_QUEUES,
  type RosterJobInput,
} from '@scim-onboarding/onboarding-contract';
import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError as TemporalScheduleNotFound,
  type Client,
  type ScheduleDescription,
  type ScheduleHandle,
  type ScheduleSummary,
} from '@temporalio/client';
import * as z from 'zod';
import { createCalls, type Calls } from './calls.ts';
import {
  InvalidArgumentError,
  ScheduleExistsError,
  ScheduleNotFoundError,
  TemporalUnavailableError,
} from './errors.ts';
import { causes } from './failure.ts';
import { scheduledRuns, type ScheduledRun } from './scheduled-runs.ts';

/** Memo key of what a schedule was created with: Temporal keeps a cron expression as calendars. */
const CONTENT_MEMO = 'rosterSchedule';
const MAX_CRON = 200;
const MAX_NOTE = 1_000;
/** A time that was missed because Temporal was down is made up for within this; later ones are left out. */
const CATCHUP_WINDOW = '1 hour';
const DEFAULT_TIME_ZONE = 'UTC';
/** Milliseconds between two looks for the run that was triggered. */
const POLL_MS = 200;

export interface RosterScheduleOptions {
  /** Cron expression with five fields, or what else Temporal takes, such as `@daily`. */
  readonly cron: string;
  /** Name of the IANA time zone database. Default `UTC`. */
  readonly timeZone?: string | undefined;
  readonly job: Omit<RosterJobInput, 'schedule'>;
  /** For people; shown in the Temporal UI, never encrypted. At most 1000 characters. */
  readonly note?: string | undefined;
}

/** A schedule as it was created, and when it runs. */
export interface RosterSchedule {
  readonly id: string;
  readonly cron: string;
  readonly timeZone: string;
  readonly job: RosterJobInput;
  readonly note?: string;
  readonly paused: boolean;
  /** ISO 8601, the next first. */
  readonly next: readonly string[];
}

/** With what has come of it. */
export interface ScheduleDetails extends RosterSchedule {
  /** ISO 8601. */
  readonly createdAt: string;
  readonly runsStarted: number;
  /** Times at which the run before was still open. */
  readonly skipped: number;
  /** Times that were over when Temporal could have run them. */
  readonly missed: number;
  /** The last runs, the newest first, at most 5. */
  readonly runs: readonly ScheduledRun[];
}

export interface CreatedSchedule {
  readonly schedule: RosterSchedule;
  /** False if a schedule of the same content was there. */
  readonly created: boolean;
}

/** A run that was started by hand. */
export interface TriggeredRun {
  readonly workflowId: string;
  readonly runId: string;
}

/** Schedules of rosters. All methods throw subclasses of `OnboardingClientError`, and `ScheduleNotFoundError` for an unknown id. */
export interface RosterSchedules {
  /**
   * @throws InvalidArgumentError before anything is sent, and if Temporal does not take the cron expression or the time zone
   * @throws ScheduleExistsError if the id is taken by a schedule with another content
   */
  create(id: string, options: RosterScheduleOptions): Promise<CreatedSchedule>;
  /** Schedules of other programs are left out. */
  list(): AsyncIterable<RosterSchedule>;
  show(id: string): Promise<ScheduleDetails>;
  /**
   * Starts a run now, also of a paused schedule.
   *
   * @returns its workflow; undefined if the run before is still open, and none was started
   * @throws TemporalUnavailableError if Temporal does not start one in time
   */
  trigger(id: string): Promise<TriggeredRun | undefined>;
  pause(id: string, note: string): Promise<void>;
  resume(id: string): Promise<void>;
  /** Open runs go on. */
  delete(id: string): Promise<void>;
}

const contentSchema = z.object({
  cron: z.string().max(MAX_CRON),
  timeZone: z.string().max(MAX_CRON),
  job: rosterJobInputSchema,
  note: z.string().max(MAX_NOTE).exactOptional(),
});
type Content = z.infer<typeof contentSchema>;

/**
 * Makes {@link RosterSchedules} on a connected Temporal client.
 *
 * @param deadlineMs milliseconds that one call to the server may take
 */
export function createRosterSchedules(client: Client, deadlineMs = 10_000): RosterSchedules {
  const calls = createCalls(client, deadlineMs);
  const { schedule: schedules } = client;
  const change = async (id: string, call: string, run: (handle: ScheduleHandle) => Promise<void>): Promise<void> => {
    await describe(calls, id);
    await onSchedule(calls, id, call, () => run(schedules.getHandle(id)));
  };
  return {
    create: (id, options) => create(calls, id, options),
    async *list() {
      // Each page is a call of its own; the deadline is that of all.
      const all = await onSchedule(calls, '', 'list', async () => {
        const found: RosterSchedule[] = [];
        // Those of other programs are not even read: their memos may be encrypted with keys that are not ours.
        for await (const summary of schedules.list({ query: `${searchAttributes.tenant.name} IS NOT NULL` })) {
          const ours = summary.action?.workflowType === ROSTER_JOB_WORKFLOW ? read(summary) : undefined;
          if (ours !== undefined) found.push(ours);
        }
        return found;
      });
      yield* all;
    },
    async show(id) {
      const found = await describe(calls, id);
      const { info } = found;
      return {
        ...ours(found),
        createdAt: info.createdAt.toISOString(),
        runsStarted: info.numActionsTaken,
        skipped: info.numActionsSkippedOverlap,
        missed: info.numActionsMissedCatchupWindow,
        runs: await scheduledRuns(calls, info.recentActions),
      };
    },
    trigger: (id) => trigger(calls, id),
    pause: (id, note) => change(id, 'pause', (handle) => handle.pause(note)),
    async resume(id) {
      // The note of the pause has had its time.
      const { note = 'Resumed by onboard' } = contentOf(await describe(calls, id)) ?? {};
      await onSchedule(calls, id, 'resume', () => schedules.getHandle(id).unpause(note));
    },
    delete: (id) => change(id, 'delete', (handle) => handle.delete()),
  };
}

async function create(calls: Calls, id: string, options: RosterScheduleOptions): Promise<CreatedSchedule> {
  const content = checked(id, options);
  const { cron, timeZone, job, note } = content;
  try {
    await onSchedule(calls, id, 'create', () =>
      calls.client.schedule
        .create({
          scheduleId: id,
          spec: { cronExpressions: [cron], timezone: timeZone },
          action: {
            type: 'startWorkflow',
            workflowType: ROSTER_JOB_WORKFLOW,
            workflowId: rosterJobId(job.tenant, id),
            taskQueue: TASK_QUEUES.onboarding,
            args: [job],
            typedSearchAttributes: [{ key: searchAttributes.tenant, value: job.tenant }],
            staticSummary: `${job.mode} ${job.roster}`.slice(0, 200),
          },
          // A roster that takes long is not begun a second time; one that fails is tried again the next time.
          policies: { overlap: 'SKIP', catchupWindow: CATCHUP_WINDOW, pauseOnFailure: false },
          memo: { [CONTENT_MEMO]: content },
          typedSearchAttributes: [{ key: searchAttributes.tenant, value: job.tenant }],
          ...(note === undefined ? {} : { state: { note } }),
        })
        .catch((error: unknown) => {
          throw specError(error, content);
        }),
    );
  } catch (error) {
    if (!(error instanceof ScheduleExistsError)) throw error;
    return { schedule: await sameSchedule(calls, id, content), created: false };
  }
  return { schedule: ours(await describe(calls, id)), created: true };
}

/** @throws ScheduleExistsError */
async function sameSchedule(calls: Calls, id: string, content: Content): Promise<RosterSchedule> {
  const { client } = calls;
  const found = await onSchedule(calls, id, 'describe', () => client.schedule.getHandle(id).describe());
  const there = contentOf(found);
  if (there === undefined) throw new ScheduleExistsError(id, 'a workflow that is not ours');
  const parts = ['cron', 'timeZone', 'job', 'note'] as const;
  const differs = parts.filter((part) => sorted(there[part]) !== sorted(content[part]));
  if (differs.length === 0) return readContent(found, there);
  const words = {
    cron: 'another cron expression',
    timeZone: 'another time zone',
    job: 'another job',
    note: 'another note',
  };
  throw new ScheduleExistsError(id, differs.map((part) => words[part]).join(' and '));
}

function sorted(value: string | object | undefined): string | undefined {
  return typeof value === 'object' ? JSON.stringify(value, Object.keys(value).sort()) : value;
}

async function trigger(calls: Calls, id: string): Promise<TriggeredRun | undefined> {
  const before = (await describe(calls, id)).info;
  const seen = new Set(before.recentActions.map(({ action }) => action.workflow.firstExecutionRunId));
  await onSchedule(calls, id, 'trigger', () => calls.client.schedule.getHandle(id).trigger('SKIP'));
  // The schedule takes it up after the call was answered.
  const until = Date.now() + calls.deadlineMs;
  for (;;) {
    const { info } = await describe(calls, id);
    const started = info.recentActions.find(({ action }) => !seen.has(action.workflow.firstExecutionRunId));
    if (started !== undefined) {
      const { workflowId, firstExecutionRunId: runId } = started.action.workflow;
      return { workflowId, runId };
    }
    if (info.numActionsSkippedOverlap > before.numActionsSkippedOverlap) return undefined;
    if (Date.now() > until) {
      throw new TemporalUnavailableError(
        `The schedule ${id} was triggered, and no run of it is seen after ${calls.deadlineMs} ms.`,
        `Look again: \`onboard schedule show ${id}\`.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function checked(id: string, { cron, timeZone = DEFAULT_TIME_ZONE, job, note }: RosterScheduleOptions): Content {
  const nothing = 'Correct it. Nothing was created.';
  if (!SCHEDULE_ID_PATTERN.test(id)) {
    throw new InvalidArgumentError(
      `The id of a schedule must begin with a letter or digit and hold at most 100 letters, digits, dots, underscores and hyphens, not ${JSON.stringify(id)}.`,
      nothing,
    );
  }
  const content = {
    cron: cron.trim(),
    timeZone,
    job: { ...job, schedule: id },
    ...(note === undefined ? {} : { note }),
  };
  const parsed = contentSchema.safeParse(content);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new InvalidArgumentError(`The schedule is not valid: ${problems.join('; ')}.`, nothing);
  }
  // Temporal takes an empty expression for a schedule without times.
  if (parsed.data.cron === '') throw new InvalidArgumentError('The cron expression is empty.', nothing);
  return parsed.data;
}

/** @throws ScheduleNotFoundError also for a schedule of another program: this one must not touch it */
async function describe(calls: Calls, id: string): Promise<ScheduleDescription> {
  const found = await onSchedule(calls, id, 'describe', () => calls.client.schedule.getHandle(id).describe());
  if (contentOf(found) !== undefined) return found;
  throw new ScheduleNotFoundError(
    id,
    `The schedule ${id} was not made by \`onboard schedule create\`: it starts ${found.action.workflowType}. Nothing was changed.`,
  );
}

type Found = Pick<ScheduleSummary, 'memo' | 'state' | 'info' | 'scheduleId' | 'action'>;

function contentOf({ memo, action }: Pick<Found, 'memo' | 'action'>): Content | undefined {
  if (action?.workflowType !== ROSTER_JOB_WORKFLOW) return undefined;
  const parsed = contentSchema.safeParse(memo?.[CONTENT_MEMO]);
  return parsed.success ? parsed.data : undefined;
}

function read(found: Found): RosterSchedule | undefined {
  const content = contentOf(found);
  return content === undefined ? undefined : readContent(found, content);
}

function readContent({ scheduleId, state, info }: Found, content: Content): RosterSchedule {
  const note = state.note === undefined || state.note === '' ? content.note : state.note;
  return {
    id: scheduleId,
    cron: content.cron,
    timeZone: content.timeZone,
    job: content.job,
    ...(note === undefined ? {} : { note }),
    paused: state.paused,
    next: info.nextActionTimes.slice(0, 5).map((time) => time.toISOString()),
  };
}

function ours(found: ScheduleDescription): RosterSchedule {
  const schedule = read(found);
  if (schedule === undefined) throw new Error(`schedule ${found.scheduleId} is not ours`);
  return schedule;
}

async function onSchedule<T>(calls: Calls, id: string, call: string, run: () => Promise<T>): Promise<T> {
  const subject = id === '' ? 'the schedules' : `the schedule ${id}`;
  return calls.call({ call, workflowId: '', subject }, async () => {
    try {
      return await run();
    } catch (error) {
      throw scheduleError(error, id);
    }
  });
}

function scheduleError(error: unknown, id: string): unknown {
  if (error instanceof ScheduleAlreadyRunning) return new ScheduleExistsError(id, 'an unknown content');
  if (error instanceof TemporalScheduleNotFound) {
    return new ScheduleNotFoundError(id, `There is no schedule ${id}.`, { cause: error });
  }
  return error;
}

/** What the server says about a cron expression or a time zone; the SDK makes a TypeError of it. */
function specError(error: unknown, { cron, timeZone }: Content): unknown {
  const refused = causes(error).find(({ name, message }) => name === 'TypeError' || /schedule spec/iu.test(message));
  if (refused === undefined) return error;
  const words = refused.message.replace(/^3 INVALID_ARGUMENT: /u, '');
  return new InvalidArgumentError(
    `Temporal does not take the cron expression ${JSON.stringify(cron)} with the time zone ${JSON.stringify(timeZone)}: ${words}. Nothing was created.`,
    'Correct it: minute, hour, day of month, month, day of week, for example --cron "0 2 * * 1-5" --time-zone Europe/Berlin.',
    { cause: error },
  );
}
