import { expect, it } from 'vitest';
import type { RosterProgress } from '@scim-onboarding/onboarding-contract';
import { outcomeLines } from './tell-outcome.ts';

const progress: RosterProgress = {
  tenant: 'acme',
  name: 'roster.csv',
  digest: 'd',
  run: 'r',
  groups: 10,
  settled: 10,
  counts: { created: 10 },
  paused: false,
  partsDone: 1,
  partsBegun: 1,
  parts: 1,
  missingParts: [],
  problems: [],
  startedAt: '2026-11-25T00:00:00.000Z',
};
const ID = 'onboard-roster:acme:1';

it('says nothing of a roster that got through', () => {
  expect(outcomeLines(ID, progress)).toEqual([]);
});

it('names what did not get through, and the commands for it', () => {
  const lines = outcomeLines(ID, {
    ...progress,
    counts: { created: 3, blocked: 3, failed: 1, 'not-started': 3 },
    problems: [
      { externalId: 'hr-1', outcome: 'blocked', failureType: 'NameConflict' },
      { externalId: 'hr-2', outcome: 'failed', failureType: 'AlreadyOpen' },
    ],
    webhook: { state: 'undelivered', reason: 'status 503' },
  });
  expect(lines).toEqual([
    '✗ hr-1 blocked: NameConflict  (onboard show onboard-group:acme:hr-1)',
    '  and 2 more',
    '✗ hr-2 failed: AlreadyOpen  (onboard show onboard-group:acme:hr-2)',
    '! the HRIS did not take the summary: status 503',
    `3 blocked, to decide about: onboard resolve --where "ParentWorkflowId STARTS_WITH '${ID}/'" --retry`,
    `1 failed, 0 cancelled, 3 not started; again: onboard roster retry ${ID}`,
    `each group: onboard roster show ${ID}`,
  ]);
});
