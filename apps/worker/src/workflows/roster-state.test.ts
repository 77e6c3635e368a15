import { describe, expect, it } from 'vitest';
import {
  GROUPS_PER_PART,
  ROSTER_PROBLEMS,
  type OnboardRosterInput,
  type RosterProblem,
} from '@scim-onboarding/onboarding-contract';
import { beginRoster, carriedState, losePart, progressOf, takeReport, type RosterRun } from './roster-state.ts';

const input: OnboardRosterInput = { tenant: 'default', name: 'a.csv', digest: 'd', parts: 3, groups: 12 };
const begin = (more: Partial<OnboardRosterInput> = {}): RosterRun =>
  beginRoster({ ...input, ...more }, 'run', '2026-11-25T00:00:00.000Z');

function problems(count: number, outcome: RosterProblem['outcome'], from = 0): RosterProblem[] {
  return Array.from({ length: count }, (_, index) => ({
    externalId: `${outcome}-${index + from}`.padEnd(255, 'x'),
    outcome,
    failureType: 'ConflictWithoutGroup',
  }));
}

describe('the state of a roster', () => {
  it('counts a part while it works and once when it is through', () => {
    const roster = begin();
    roster.active.set(0, {}).set(1, {});
    takeReport(roster, { part: 0, counts: { created: 2 }, problems: [] }, false);
    takeReport(roster, { part: 1, counts: { blocked: 1 }, problems: problems(1, 'blocked') }, false);
    expect(progressOf(roster)).toMatchObject({ settled: 3, counts: { created: 2, blocked: 1 }, partsDone: 0 });
    takeReport(roster, { part: 0, counts: { created: 4, 'not-started': 1 }, problems: [] }, true);
    // A report that comes after the last one is an old one.
    takeReport(roster, { part: 0, counts: { created: 3 }, problems: [] }, false);
    expect(progressOf(roster)).toMatchObject({
      settled: 5,
      counts: { created: 4, blocked: 1, 'not-started': 1 },
      partsDone: 1,
    });
  });

  it('is the same after it was carried over', () => {
    const roster = begin();
    roster.active.set(0, {}).set(1, {});
    roster.next = 2;
    takeReport(roster, { part: 0, counts: { created: 4 }, problems: problems(2, 'failed') }, true);
    takeReport(roster, { part: 1, counts: { adopted: 1 }, problems: problems(1, 'blocked') }, false);
    roster.control = { seq: 4, paused: true };
    roster.missing.push(2);
    const next = begin({
      carried: JSON.parse(JSON.stringify(carriedState(roster))) as ReturnType<typeof carriedState>,
    });
    expect(progressOf(next)).toEqual(progressOf(roster));
    expect(carriedState(next)).toEqual(carriedState(roster));
    takeReport(next, { part: 1, counts: { adopted: 4 }, problems: [] }, true);
    expect(progressOf(next)).toMatchObject({ settled: 8, partsDone: 2, paused: true });
  });

  it('names a limited number of problems, and forgets what was solved', () => {
    const roster = begin();
    roster.active.set(0, {});
    takeReport(roster, { part: 0, counts: {}, problems: problems(ROSTER_PROBLEMS + 5, 'blocked') }, false);
    takeReport(roster, { part: 0, counts: {}, problems: problems(3, 'failed') }, false);
    expect(roster.problems.size).toBe(ROSTER_PROBLEMS + 3);
    const { externalId } = problems(1, 'failed')[0] ?? { externalId: '' };
    takeReport(roster, { part: 0, counts: {}, problems: [{ externalId, outcome: 'solved' }] }, false);
    expect(progressOf(roster).problems.some((problem) => problem.externalId === externalId)).toBe(false);
  });

  it('keeps what a part told that cannot be reached any more', () => {
    const roster = begin();
    roster.active.set(0, {});
    takeReport(roster, { part: 0, counts: { created: 2 }, problems: [] }, false);
    losePart(roster, 0);
    losePart(roster, 0);
    expect(progressOf(roster)).toMatchObject({ counts: { created: 2 }, missingParts: [0], partsDone: 0 });
  });

  it('stays small: 100,000 groups, four parts at work, all problems with the longest names, each part missing', () => {
    const parts = 100_000 / GROUPS_PER_PART;
    const roster = begin({ parts, groups: 100_000 });
    for (let part = 0; part < 4; part++) {
      roster.active.set(part, {});
      const told = [
        ...problems(GROUPS_PER_PART, 'blocked', part * 50),
        ...problems(GROUPS_PER_PART, 'failed', part * 50),
      ];
      takeReport(roster, { part, counts: { blocked: 50, failed: 50 }, problems: told }, false);
    }
    for (let part = 4; part < parts; part++) roster.missing.push(part);
    expect(JSON.stringify(carriedState(roster)).length).toBeLessThan(32_000);
    expect(JSON.stringify(progressOf(roster)).length).toBeLessThan(32_000);
  });
});
