import { CancellationScope, condition, getExternalWorkflowHandle, setHandler } from '@temporalio/workflow';
import {
  getPartResults,
  getUnfinishedGroups,
  groupBlocked,
  partDone,
  partProgress,
  steerPart,
  type PartReport,
  type RosterControl,
  type RosterGroupResult,
  type RosterPartGroup,
  type RosterPartInput,
} from '@scim-onboarding/onboarding-contract/workflow';
import { trackPart } from './part-results.ts';
import { runRosterGroup } from './roster-group.ts';

const DEFAULT_WINDOW = 10;
/** A roster that never came, or was ended, must not leave its parts waiting for ever. */
const WAIT_FOR_ROSTER = '7 days';

/** Onboards a part of a roster: some groups at a time, each in a run of its own that may outlive the roster. */
export async function onboardRosterPart(input: RosterPartInput): Promise<PartReport> {
  const results = trackPart(input);
  /** Groups at work that do not wait for a person. */
  const atWork = new Map<string, { readonly scope: CancellationScope; readonly settled: () => void }>();
  const settle = (externalId: string): void => {
    atWork.get(externalId)?.settled();
    atWork.delete(externalId);
  };
  let control: RosterControl = { seq: 0, paused: false };
  const take = (next: RosterControl): void => {
    if (next.seq <= control.seq) return;
    control = next;
    if (control.cancel?.withGroups === true) for (const { scope } of atWork.values()) scope.cancel();
  };
  setHandler(steerPart, take);
  setHandler(groupBlocked, ({ externalId, type, message }) => {
    results.blocked(externalId, type, message);
    settle(externalId);
  });
  setHandler(getPartResults, () => results.list(), { description: 'What became of the groups of this part' });
  setHandler(getUnfinishedGroups, () => ({
    tenant: input.tenant,
    options: input.options,
    groups: results.unfinished(),
  }));
  CancellationScope.current().cancelRequested.catch(() =>
    take({ seq: control.seq + 1, paused: false, cancel: { withGroups: true } }),
  );

  return CancellationScope.nonCancellable(async () => {
    if (!(await condition(() => control.seq > 0, WAIT_FOR_ROSTER))) {
      results.end();
      return results.report();
    }
    const tell = createTeller(input, results.report, () =>
      // There is no roster any more that could be resumed, so what was not begun is not begun.
      take({ seq: control.seq + 1, paused: false, cancel: { withGroups: false } }),
    );
    const waiting = [...input.groups];
    const window = input.options.window ?? DEFAULT_WINDOW;
    // A group that waits for a person does not hold the others back.
    const runOne = (group: RosterPartGroup): Promise<void> =>
      new Promise((settled, reject) => {
        const { externalId } = group.definition;
        const scope = new CancellationScope();
        atWork.set(externalId, { scope, settled });
        const ended = (result: RosterGroupResult): void => {
          results.ended(result);
          settle(externalId);
        };
        scope.run(() => runRosterGroup(input, group)).then(ended, reject);
      });
    const runNext = async (): Promise<void> => {
      for (;;) {
        if (control.paused) await condition(() => !control.paused || control.cancel !== undefined);
        const group = control.cancel === undefined ? waiting.shift() : undefined;
        if (group === undefined) return;
        await runOne(group);
        if (results.settled() % window === 0) await tell(partProgress);
      }
    };
    await Promise.all(Array.from({ length: window }, runNext));
    results.end();
    return tell(partDone);
  });
}

/** Reports to the roster, one report at a time: each says what changed since the last one. */
function createTeller(
  input: RosterPartInput,
  report: () => PartReport,
  onNoRoster: () => void,
): (signal: typeof partProgress) => Promise<PartReport> {
  const roster = getExternalWorkflowHandle(input.rosterId);
  let last: Promise<unknown> = Promise.resolve();
  const send = async (signal: typeof partProgress): Promise<PartReport> => {
    const told = report();
    await roster.signal(signal, told).catch(onNoRoster);
    return told;
  };
  return (signal) => {
    const sending = last.then(() => send(signal));
    last = sending;
    return sending;
  };
}
