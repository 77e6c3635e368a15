import type {
  PartReport,
  RosterCounts,
  RosterGroupResult,
  RosterPartGroup,
  RosterPartInput,
} from '@scim-onboarding/onboarding-contract/workflow';

/** Results of the groups of a part. */
export interface PartResults {
  ended(result: RosterGroupResult): void;
  blocked(externalId: string, failureType: string, message: string): void;
  /** No group will be begun any more. */
  end(): void;
  /** How many ended or wait for a person. */
  settled(): number;
  list(): readonly RosterGroupResult[];
  /** Groups that did not get a group in the target; without those that wait for a person. */
  unfinished(): readonly RosterPartGroup[];
  /** Counts, and the problems that are new since the last report. */
  report(): PartReport;
}

const PROBLEMS: ReadonlySet<RosterGroupResult['outcome']> = new Set(['blocked', 'failed']);
/** Ended without a group, or as one that nobody wanted; a retry runs it again. */
const UNFINISHED: ReadonlySet<RosterGroupResult['outcome'] | undefined> = new Set([
  'failed',
  'cancelled',
  'not-started',
  undefined,
]);

export function trackPart({ part, groups }: Pick<RosterPartInput, 'part' | 'groups'>): PartResults {
  const results = new Map<string, RosterGroupResult>();
  const names = new Map(groups.map(({ definition }) => [definition.externalId, definition.displayName]));
  const told = new Map<string, RosterGroupResult['outcome']>();

  const news = (): PartReport['problems'] =>
    [...results.values()].flatMap(({ externalId, outcome, failureType = 'Unknown' }): PartReport['problems'] => {
      const before = told.get(externalId);
      if (before === outcome) return [];
      if (outcome === 'blocked' || outcome === 'failed') {
        told.set(externalId, outcome);
        return [{ externalId, outcome, failureType }];
      }
      told.delete(externalId);
      return before === undefined ? [] : [{ externalId, outcome: 'solved' }];
    });

  return {
    ended(result) {
      results.set(result.externalId, result);
    },
    blocked(externalId, failureType, message) {
      // A child of this part; what else sends the signal is not counted.
      const displayName = names.get(externalId);
      const known = results.get(externalId);
      if (displayName === undefined || (known !== undefined && !PROBLEMS.has(known.outcome))) return;
      results.set(externalId, { externalId, displayName, outcome: 'blocked', failureType, message });
    },
    end() {
      for (const [externalId, displayName] of names)
        if (!results.has(externalId)) results.set(externalId, { externalId, displayName, outcome: 'not-started' });
    },
    settled: () => results.size,
    list: () => [...results.values()],
    unfinished: () => groups.filter(({ definition }) => UNFINISHED.has(results.get(definition.externalId)?.outcome)),
    report: () => ({ part, counts: countsOf(results.values()), problems: news() }),
  };
}

/** Counts results by outcome. */
function countsOf(results: Iterable<RosterGroupResult>): RosterCounts {
  const counts: Partial<Record<RosterGroupResult['outcome'], number>> = {};
  for (const { outcome } of results) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}
