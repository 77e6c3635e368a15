import type { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';

type History = ReturnType<typeof historyFromJSON>;
type HistoryEvent = NonNullable<History['events']>[number];

/** The first place where the workflow code does something else than the history says. */
export interface Divergence {
  /** Number of the event in the history; undefined if the SDK does not name one. */
  readonly eventId: number | undefined;
  /** The step that the place belongs to: id of the activity that was scheduled last up to there. */
  readonly step: string | undefined;
  /** What the history has. */
  readonly expected: string;
  /** What the code did. */
  readonly found: string;
}

/**
 * Reads the SDK's words on a failed replay (TMPRL1100) and puts them into plain ones. What it does not know it passes on.
 *
 * @param message of the `DeterminismViolationError`
 */
export function explainDivergence(message: string, history: History): Divergence {
  const events = history.events ?? [];
  const words = /Nondeterminism error: (?<words>.*?)", source:/su.exec(message)?.groups?.['words'] ?? message;
  const mismatch =
    /^Activity (?<what>id|type) of scheduled event '(?<was>[^']*)' does not match activity \w+ of activity command '(?<is>[^']*)'/u.exec(
      words,
    );
  if (mismatch?.groups !== undefined) {
    const { what = '', was = '', is = '' } = mismatch.groups;
    const event = events.find(
      (candidate) => scheduled(candidate)?.[what === 'id' ? 'activityId' : 'activityType'] === was,
    );
    const label = what === 'id' ? 'the step' : 'the activity';
    return { ...placeOf(event, events), expected: `${label} ${was}`, found: `${label} ${is}` };
  }
  const unhandled =
    /(?<machine>\w+?)(?:Machine| machine) does not handle (?:this event: )?HistoryEvent\(id: (?<id>\d+), (?<type>\w+)\)/u.exec(
      words,
    );
  if (unhandled?.groups !== undefined) {
    const { machine = '', id = '', type = '' } = unhandled.groups;
    const event = events.find((candidate) => Number(candidate.eventId) === Number(id));
    return {
      ...placeOf(event, events),
      expected: `${type}${detail(event)}`,
      found: COMMANDS[machine] ?? `a command of the kind ${machine}`,
    };
  }
  const none = /No command scheduled for event HistoryEvent\(id: (?<id>\d+), (?<type>\w+)\)/u.exec(words);
  if (none?.groups !== undefined) {
    const event = events.find((candidate) => Number(candidate.eventId) === Number(none.groups?.['id']));
    return {
      ...placeOf(event, events),
      expected: `${none.groups['type']}${detail(event)}`,
      found: 'nothing: the code waits, or has ended',
    };
  }
  return { eventId: undefined, step: undefined, expected: 'the history', found: words };
}

/** What the code does where the SDK names the machine that did not fit. */
const COMMANDS: Readonly<Record<string, string>> = {
  Activity: 'the code runs an activity here',
  LocalActivity: 'the code runs a local activity here',
  Timer: 'the code starts a timer here (a step failed or threw, and the run is blocked)',
  UpsertWorkflowSearchAttributes: 'the code sets search attributes here',
  CompleteWorkflow: 'the code ends the run here',
  FailWorkflow: 'the code fails the run here',
  CancelWorkflow: 'the code ends the run as cancelled here',
};

function placeOf(
  event: HistoryEvent | undefined,
  events: readonly HistoryEvent[],
): Pick<Divergence, 'eventId' | 'step'> {
  if (event === undefined) return { eventId: undefined, step: undefined };
  const eventId = Number(event.eventId);
  const step = events.findLast(
    (candidate) => Number(candidate.eventId) <= eventId && scheduled(candidate) !== undefined,
  );
  return { eventId, step: step === undefined ? undefined : scheduled(step)?.activityId };
}

function scheduled(event: HistoryEvent): { readonly activityId: string; readonly activityType: string } | undefined {
  const attributes = event.activityTaskScheduledEventAttributes;
  if (attributes == null) return undefined;
  return { activityId: attributes.activityId ?? '', activityType: attributes.activityType?.name ?? '' };
}

function detail(event: HistoryEvent | undefined): string {
  const activity = event === undefined ? undefined : scheduled(event);
  return activity === undefined ? '' : `: the step ${activity.activityId}`;
}

/** The divergence as lines for a terminal. */
export function renderDivergence({ eventId, step, expected, found }: Divergence): string {
  const place = [
    eventId === undefined ? 'at an event that the SDK does not name' : `at event ${eventId}`,
    ...(step === undefined ? [] : [`in or after the step ${step}`]),
  ];
  return [
    `The workflow code of this working tree does not fit the history: it diverges ${place.join(', ')}.`,
    `  expected (history)  ${expected}`,
    `  found (code)        ${found}`,
    'If the change is wanted, keep runs that are open on the old build (worker versioning), or guard it with patched().',
  ].join('\n');
}
