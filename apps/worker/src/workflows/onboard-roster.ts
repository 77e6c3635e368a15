import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  setCurrentDetails,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import {
  cancelRoster,
  expectParts,
  getRosterProgress,
  partDone,
  partProgress,
  pauseRoster,
  rosterPartId,
  STARTS_PER_RUN,
  steerPart,
  type OnboardRosterInput,
  type RosterCancel,
  type RosterControl,
  type RosterProgress,
} from '@scim-onboarding/onboarding-contract/workflow';
import { renderRoster } from './roster-details.ts';
import { notifyOfRoster } from './roster-notify.ts';
import {
  beginRoster,
  carriedState,
  losePart,
  progressOf,
  takeParts,
  takeReport,
  type RosterRun,
} from './roster-state.ts';

const DEFAULT_PARTS_AT_ONCE = 4;

/** How often a part is looked for that is not there yet: parts are handed over after the roster was started. Some ten minutes. */
const PATIENCE = 65;
/** The first looks are a second apart, as the first part comes in a moment; later ones are ten. */
const QUICK_LOOKS = 5;
/** Once a part is missing, whoever handed the parts over is gone: those after it are there, or will not come. */
const PATIENCE_AFTER_A_MISSING_PART = 1;
const PATIENCE_OF_A_CANCELLED_ROSTER = 11;

/**
 * Onboards a roster: lets its parts begin, some at a time, keeps count, and tells the HRIS at the end. Continues as new before its history
 * grows. Cancelled by the server's own request, it ends as after the signal `cancelRoster`: with its result.
 */
export async function onboardRoster(input: OnboardRosterInput): Promise<RosterProgress> {
  const { workflowId, firstExecutionRunId } = workflowInfo();
  const roster = beginRoster(input, firstExecutionRunId, new Date(Date.now()).toISOString());
  /** Set while the HRIS is told. */
  let delivery: CancellationScope | undefined;
  const begun = new Set(roster.active.keys());
  const show = (): void => setCurrentDetails(renderRoster(progressOf(roster), workflowId));

  const steer = async (part: number): Promise<boolean> => {
    const handle = getExternalWorkflowHandle(rosterPartId(workflowId, roster.run, part));
    try {
      for (;;) {
        const { control } = roster;
        await handle.signal(steerPart, control);
        begun.add(part);
        // What changed while the signal was on its way is sent too.
        if (control.seq === roster.control.seq) return true;
      }
    } catch {
      // A part reports before it ends. One that had begun, did not report and cannot be reached was ended by hand.
      if (begun.has(part)) losePart(roster, part);
      return false;
    }
  };
  const change = (by: Omit<RosterControl, 'seq'>): Promise<void> =>
    // Not in the scope of the workflow: after a cancel request it could send nothing.
    CancellationScope.nonCancellable(async () => {
      roster.control = { ...by, seq: roster.control.seq + 1 };
      show();
      await Promise.all([...roster.active.keys()].filter((part) => begun.has(part)).map(steer));
      show();
    });
  const cancel = async (withGroups: boolean): Promise<void> => {
    if (delivery !== undefined) delivery.cancel();
    else
      await change({ paused: false, cancel: { withGroups: withGroups || roster.control.cancel?.withGroups === true } });
  };

  setHandler(getRosterProgress, () => progressOf(roster), { description: 'Where the roster is' });
  setHandler(expectParts, (parts) => takeParts(roster, parts), {
    description: 'There are more parts than at the start (from the caller who hands them over)',
  });
  setHandler(partProgress, (report) => {
    takeReport(roster, report, false);
    show();
  });
  setHandler(partDone, (report) => {
    takeReport(roster, report, true);
    show();
  });
  // People send these two from the Temporal UI too: what has not the right form must not make the workflow fail.
  setHandler(pauseRoster, (paused) => change({ ...roster.control, paused: (paused as unknown) === true }), {
    description: 'true: begin no further group; false: begin groups again',
  });
  setHandler(cancelRoster, (how: Partial<RosterCancel> | undefined) => cancel(how?.withGroups === true), {
    description: 'Begin no further group; {"withGroups":true} cancels those at work too',
  });
  CancellationScope.current().cancelRequested.catch(() => cancel(false));
  show();

  return CancellationScope.nonCancellable(async () => {
    await beginParts(roster, steer);
    await condition(() => roster.active.size === 0 || workflowInfo().continueAsNewSuggested);
    if (roster.active.size > 0) await goOnAsNew(roster);
    const endedAt = new Date(Date.now()).toISOString();
    roster.endedAt = endedAt;
    delivery = new CancellationScope();
    show();
    roster.webhook = await notifyOfRoster(progressOf(roster), endedAt, delivery);
    show();
    await condition(allHandlersFinished);
    return progressOf(roster);
  });
}

/** Lets the parts begin one after the other, as many at a time as there may be. */
async function beginParts(roster: RosterRun, steer: (part: number) => Promise<boolean>): Promise<void> {
  const { partsAtOnce = DEFAULT_PARTS_AT_ONCE, startsPerRun = STARTS_PER_RUN } = roster.input;
  const mayBegin = (): boolean =>
    roster.active.size < partsAtOnce && (!roster.control.paused || roster.control.cancel !== undefined);
  let starts = 0;
  while (roster.next < roster.parts) {
    const isLong = (): boolean => starts >= startsPerRun || workflowInfo().continueAsNewSuggested;
    await condition(() => mayBegin() || isLong());
    if (isLong()) await goOnAsNew(roster);
    const part = roster.next;
    roster.next += 1;
    roster.active.set(part, {});
    starts += 1;
    if (!(await reach(roster, part, steer))) losePart(roster, part);
  }
}

/** Lets a part begin, or end if the roster was cancelled. False if it is not handed over. */
async function reach(roster: RosterRun, part: number, steer: (part: number) => Promise<boolean>): Promise<boolean> {
  const patience = (): number =>
    roster.missing.length > 0
      ? PATIENCE_AFTER_A_MISSING_PART
      : roster.control.cancel === undefined
        ? PATIENCE
        : PATIENCE_OF_A_CANCELLED_ROSTER;
  for (let attempt = 1; ; attempt++) {
    if ((await steer(part)) || !roster.active.has(part)) return true;
    if (attempt >= patience()) return false;
    await sleep(attempt <= QUICK_LOOKS ? '1 second' : '10 seconds', {
      summary: `wait until part ${part} is handed over`,
    });
  }
}

/** What the next run has to know goes with it. Signals that come meanwhile are delivered to it. */
async function goOnAsNew(roster: RosterRun): Promise<never> {
  await condition(allHandlersFinished);
  const { carried: _, ...input } = roster.input;
  return continueAsNew<(next: OnboardRosterInput) => Promise<RosterProgress>>({
    ...input,
    carried: carriedState(roster),
  });
}
