import type { OnboardingSummary } from '@scim-onboarding/onboarding-client';
import { describe, expect, it } from 'vitest';
import { createChanges } from './watch.ts';

const run: OnboardingSummary = {
  workflowId: 'w',
  runId: 'r1',
  execution: 'RUNNING',
  stage: 'creating',
  startedAt: '2026-01-01T00:00:00.000Z',
};

describe('createChanges', () => {
  it('tells each change once', () => {
    const changes = createChanges();
    expect(changes([run])).toEqual([{ run, to: 'creating' }]);
    expect(changes([run])).toEqual([]);
    const blocked = { ...run, stage: 'blocked', blockedReason: 'Forbidden' } as const;
    expect(changes([blocked])).toEqual([{ run: blocked, from: 'creating', to: 'blocked (Forbidden)' }]);
    const done = { ...run, execution: 'COMPLETED', outcome: 'created' } as const;
    const other = { ...run, runId: 'r2' };
    expect(changes([done, other])).toEqual([
      { run: done, from: 'blocked (Forbidden)', to: 'created' },
      { run: other, to: 'creating' },
    ]);
  });
});
