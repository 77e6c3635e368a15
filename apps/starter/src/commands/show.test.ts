import type { OnboardingStory } from '@scim-onboarding/onboarding-client';
import { describe, expect, it } from 'vitest';
import { storyLines } from './show.ts';

const step = {
  activityType: 'createGroup',
  scheduledAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:00:42.000Z',
  attempts: 1,
  eventId: 5,
} as const;

const story: OnboardingStory = {
  workflowId: 'w',
  runId: 'r',
  events: 31,
  steps: [
    { ...step, activityId: 'validate-group', state: 'done' },
    {
      ...step,
      activityId: 'create-group',
      state: 'done',
      attempts: 3,
      lastFailure: {
        type: 'ServerError',
        message: 'POST https://x/groups: 503',
        request: 'POST https://x/groups',
        status: 503,
      },
    },
    { ...step, activityId: 'sync-members', state: 'pending', attempts: 0 },
  ],
  decisions: [
    {
      action: 'adopt',
      block: 1,
      by: 'ann',
      amended: false,
      groupId: 'g7',
      at: '2026-01-01T00:01:00.000Z',
      updateId: 'u',
    },
    { action: 'retry', amended: true, allowRemovals: true, at: '2026-01-01T00:02:00.000Z', updateId: 'v' },
  ],
  resets: [{ fromRunId: 'r0', reason: 'wrong group', at: '2026-01-01T00:00:00.000Z' }],
};
const pendingActivities = [{ activityId: 'sync-members', attempt: 4, state: 'waiting', paused: false }] as const;
const steps = [
  { step: 'validate-group', state: 'done', activityId: 'validate-group', startedAfterMs: 0, note: '2 members exist' },
] as const;

describe('storyLines', () => {
  it('tells steps with attempts and failures, decisions and resets', () => {
    expect(storyLines(story, { pendingActivities, steps })).toEqual([
      'Steps, 31 events',
      '  STEP            SCHEDULED (UTC)      TOOK    ATTEMPTS    RESULT',
      '✓ validate-group  2026-01-01 00:00:00  42.0 s  1 attempt   2 members exist',
      '✓ create-group    2026-01-01 00:00:00  42.0 s  3 attempts',
      '    an attempt before failed: ServerError: POST https://x/groups: 503 (HTTP 503)',
      '… sync-members    2026-01-01 00:00:00  42.0 s  4 attempts',
      'Decisions',
      '  2026-01-01T00:01:00.000Z  adopt group g7, block 1, by ann',
      '  2026-01-01T00:02:00.000Z  retry, with an amended definition, removals allowed',
      'Resets',
      '  2026-01-01T00:00:00.000Z  from run r0: wrong group',
    ]);
  });

  it('needs no worker', () => {
    expect(storyLines(story, { pendingActivities: [] })[2]).toMatch(/1 attempt$/u);
  });
});
