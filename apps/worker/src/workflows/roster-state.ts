import {
  ROSTER_PROBLEMS,
  type OnboardRosterInput,
  type PartReport,
  type RosterControl,
  type RosterCounts,
  type RosterProblem,
  type RosterProgress,
  type RosterState,
  type WebhookReport,
} from '@scim-onboarding/onboarding-contract/workflow';

/** What a roster knows of its parts. Groups are known to the parts only, but for the first that did not get through. */
export interface RosterRun {
  readonly input: OnboardRosterInput;
  /** First run id of the roster. */
  readonly run: string;
  readonly startedAt: string;
  /** At least those of the input. */
  parts: number;
  next: number;
  partsDone: number;
  /** Counts of the parts that are through. */
  counts: RosterCounts;
  readonly active: Map<number, RosterCounts>;
  readonly missing: number[];
  readonly problems: Map<string, RosterProblem>;
  control: RosterControl;
  endedAt: string | undefined;
  webhook: WebhookReport | undefined;
}

/** Begins where the run before this one was, or at the beginning. */
export function beginRoster(input: OnboardRosterInput, run: string, now: string): RosterRun {
  const { carried } = input;
  return {
    input,
    run,
    startedAt: carried?.startedAt ?? now,
    parts: carried?.parts ?? input.parts,
    next: carried?.next ?? 0,
    partsDone: carried?.partsDone ?? 0,
    counts: carried?.counts ?? {},
    active: new Map(carried?.active.map(({ part, counts }) => [part, counts])),
    missing: [...(carried?.missingParts ?? [])],
    problems: new Map(carried?.problems.map((problem) => [problem.externalId, problem])),
    control: carried?.control ?? { seq: 1, paused: false },
    endedAt: undefined,
    webhook: undefined,
  };
}

/** What the next run has to know. */
export function carriedState(roster: RosterRun): RosterState {
  const { startedAt, parts, next, partsDone, counts, active, missing, problems, control } = roster;
  return {
    startedAt,
    parts,
    next,
    partsDone,
    counts,
    active: [...active].map(([part, of]) => ({ part, counts: of })),
    missingParts: missing,
    problems: [...problems.values()],
    control,
  };
}

/** Takes over that there are more parts. Fewer there cannot be, nor more than groups. */
export function takeParts(roster: RosterRun, parts: number): void {
  if (Number.isInteger(parts) && parts <= roster.input.groups) roster.parts = Math.max(roster.parts, parts);
}

/** Takes the report of a part over. What comes of a part that is not at work is old. */
export function takeReport(roster: RosterRun, { part, counts, problems }: PartReport, done: boolean): void {
  if (!roster.active.has(part)) return;
  roster.active.set(part, counts);
  for (const problem of problems) {
    roster.problems.delete(problem.externalId);
    if (problem.outcome !== 'solved' && named(roster, problem.outcome) < ROSTER_PROBLEMS)
      roster.problems.set(problem.externalId, problem);
  }
  if (!done) return;
  roster.active.delete(part);
  roster.partsDone += 1;
  roster.counts = sum([roster.counts, counts]);
}

/** A part that cannot be reached: what became of its groups is not known, but for what it told. */
export function losePart(roster: RosterRun, part: number): void {
  const counts = roster.active.get(part);
  if (counts === undefined) return;
  roster.active.delete(part);
  roster.missing.push(part);
  roster.counts = sum([roster.counts, counts]);
}

export function progressOf(roster: RosterRun): RosterProgress {
  const { input, control, startedAt, endedAt, webhook } = roster;
  const counts = sum([roster.counts, ...roster.active.values()]);
  return {
    tenant: input.tenant,
    name: input.name,
    digest: input.digest,
    run: roster.run,
    ...(input.retryOf === undefined ? {} : { retryOf: input.retryOf }),
    groups: input.groups,
    settled: total(counts) - (counts['not-started'] ?? 0),
    counts,
    paused: control.paused,
    ...(control.cancel === undefined ? {} : { cancel: control.cancel }),
    partsDone: roster.partsDone,
    partsBegun: roster.next,
    parts: roster.parts,
    missingParts: [...roster.missing],
    problems: [...roster.problems.values()],
    startedAt,
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(webhook === undefined ? {} : { webhook }),
  };
}

/** All groups that are counted. */
export function total(counts: RosterCounts): number {
  return Object.values(counts).reduce((all, count) => all + count, 0);
}

function named({ problems }: RosterRun, outcome: RosterProblem['outcome']): number {
  return [...problems.values()].filter((problem) => problem.outcome === outcome).length;
}

function sum(all: readonly RosterCounts[]): RosterCounts {
  const totals: Record<string, number> = {};
  for (const counts of all)
    for (const [outcome, count] of Object.entries(counts)) totals[outcome] = (totals[outcome] ?? 0) + count;
  return totals;
}
