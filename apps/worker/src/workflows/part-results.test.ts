import { expect, it } from 'vitest';
import type { RosterPartGroup } from '@scim-onboarding/onboarding-contract';
import { trackPart } from './part-results.ts';

const groups = ['a', 'b', 'c'].map((externalId): RosterPartGroup => ({
  definition: { externalId, displayName: `Team_${externalId}`, members: [] },
  duplicatesDropped: 0,
}));
const result = (externalId: string, outcome: 'created' | 'failed') => ({
  externalId,
  displayName: `Team_${externalId}`,
  outcome,
});

it('reports each problem once, and that it was solved', () => {
  const part = trackPart({ part: 7, groups });
  part.blocked('a', 'NameConflict', 'held');
  part.ended({ ...result('b', 'failed'), failureType: 'Aborted' });
  expect(part.report()).toEqual({
    part: 7,
    counts: { blocked: 1, failed: 1 },
    problems: [
      { externalId: 'a', outcome: 'blocked', failureType: 'NameConflict' },
      { externalId: 'b', outcome: 'failed', failureType: 'Aborted' },
    ],
  });
  expect(part.report().problems).toEqual([]);
  part.ended(result('a', 'created'));
  // Somebody decided about it before the part ended; a late signal changes nothing of that.
  part.blocked('a', 'NameConflict', 'held');
  expect(part.report()).toMatchObject({
    counts: { created: 1, failed: 1 },
    problems: [{ externalId: 'a', outcome: 'solved' }],
  });
});

it('takes no word of a group that it has not', () => {
  const part = trackPart({ part: 0, groups });
  part.blocked('x', 'NameConflict', 'held');
  expect(part.list()).toEqual([]);
});

it('knows what is to be tried again: not what is done, and not what waits for a person', () => {
  const part = trackPart({ part: 0, groups });
  part.blocked('a', 'NameConflict', 'held');
  part.ended(result('b', 'created'));
  expect(part.unfinished().map(({ definition }) => definition.externalId)).toEqual(['c']);
  part.end();
  expect(part.report().counts).toEqual({ blocked: 1, created: 1, 'not-started': 1 });
  expect(part.unfinished().map(({ definition }) => definition.externalId)).toEqual(['c']);
});
