import { expect, it } from 'vitest';
import type { RosterProgress } from '@scim-onboarding/onboarding-contract';
import { renderRoster } from './roster-details.ts';

const ID = 'onboard-roster:default:0123456789abcdef';
const progress: RosterProgress = {
  tenant: 'default',
  name: 'roster.csv',
  digest: 'd',
  run: 'r',
  groups: 100,
  settled: 60,
  counts: { created: 36, blocked: 24 },
  paused: false,
  partsDone: 1,
  partsBegun: 1,
  parts: 2,
  missingParts: [],
  problems: Array.from({ length: 20 }, (_, index) => ({
    externalId: `hr-${index}`,
    outcome: 'blocked' as const,
    failureType: 'NameConflict',
  })),
  startedAt: '2026-11-25T00:00:00.000Z',
};

it('shows counts, the first blocked groups by their workflow ids, and commands', () => {
  const text = renderRoster(progress, ID);
  expect(text).toContain('**Roster** roster.csv · running');
  expect(text).toContain('60 of 100 groups settled, 1 of 2 parts done');
  expect(text).toContain('- `onboard-group:default:hr-19` NameConflict\n- and 4 more');
  expect(text).not.toContain('**Failed**');
  expect(text).toContain(`onboard watch ${ID}\nonboard roster pause ${ID}\nonboard roster cancel ${ID}`);
  expect(text).toContain(`onboard list --blocked --where "ParentWorkflowId STARTS_WITH '${ID}/'"`);
});

it('says how it stands, and what can be done then', () => {
  const state = (more: Partial<RosterProgress>): string => renderRoster({ ...progress, ...more }, ID);
  expect(state({ paused: true })).toContain(`onboard roster resume ${ID}`);
  expect(state({ cancel: { withGroups: true } })).toContain('cancelled with its groups');
  const ended = state({ partsDone: 2, cancel: { withGroups: false }, counts: { created: 60, 'not-started': 40 } });
  expect(ended).toContain('· cancelled');
  expect(ended).toContain(`onboard roster retry ${ID}`);
  expect(ended).not.toContain('onboard watch');
  expect(state({ missingParts: [1] })).toContain('1 parts were not handed over, or were ended by hand: 1');
  expect(state({ partsDone: 2, webhook: { state: 'undelivered', reason: 'status 503' } })).toContain(
    '**Summary to the HRIS** undelivered: status 503',
  );
});
