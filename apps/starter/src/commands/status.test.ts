import type { OnboardingStatus } from '@scim-onboarding/onboarding-client';
import { describe, expect, it } from 'vitest';
import { statusLines } from './status.ts';

const open: OnboardingStatus = {
  workflowId: 'onboard-group:default:g1',
  runId: 'r1',
  uiPath: '/p',
  execution: 'RUNNING',
  stage: 'creating',
  startedAt: '2026-01-01T00:00:00.000Z',
  state: 'live',
  pendingActivities: [],
  problems: [],
};

describe('statusLines', () => {
  it('shows the steps of an open run', () => {
    const steps = [
      { step: 'validate-group', state: 'done', activityId: 'validate-group', startedAfterMs: 0, endedAfterMs: 42 },
    ] as const;
    const lines = statusLines({ ...open, steps }, 'http://ui/p');
    expect(lines).toContain('  stage      creating');
    expect(lines).toContain('  UI         http://ui/p');
    expect(lines.at(-1)).toBe('✓ validate-group      42 ms');
  });

  it('shows what is being retried, why, and when again', () => {
    const retry = {
      activityId: 'create-group',
      attempt: 3,
      state: 'waiting',
      paused: false,
      lastFailure: 'POST: 503',
      nextAttemptAt: '2026-01-01T00:01:00.000Z',
    } as const;
    expect(statusLines({ ...open, pendingActivities: [retry] }, 'ui').at(-1)).toBe(
      '! create-group: attempt 3, next at 2026-01-01T00:01:00.000Z; the last one failed: POST: 503',
    );
  });

  it('says when no worker answered', () => {
    expect(statusLines({ ...open, state: 'unavailable' }, 'ui').at(-1)).toContain('no worker answered');
  });

  it('shows the failure with its issues and what to do', () => {
    const issues = [{ path: '$.members[0].id', code: 'unknown_member', message: 'is not in the directory' }];
    const details = { hint: 'h', docs: 'd', issues };
    const failure = { type: 'ValidationFailed', message: '1 problem', hint: 'Correct it.', cancelled: false, details };
    expect(statusLines({ ...open, execution: 'FAILED', failure }, 'ui').slice(-3)).toEqual([
      '✗ ValidationFailed: 1 problem',
      '    $.members[0].id: is not in the directory (unknown_member)',
      '  → Correct it.',
    ]);
  });

  it('shows why it is blocked, and until when; without a worker the reason alone', () => {
    const blocked = {
      block: 1,
      step: 'create-group',
      type: 'Forbidden',
      message: 'POST: 403',
      since: 's',
      until: 'u',
      allowed: ['retry'],
    } as const;
    const lines = statusLines({ ...open, stage: 'blocked', blocked, blockedReason: 'Forbidden' }, 'ui').join('\n');
    expect(lines).toContain('! blocked at create-group since s: Forbidden: POST: 403');
    expect(lines).toContain(`onboard resolve ${open.workflowId} --retry`);
    const alone = statusLines({ ...open, state: 'unavailable', blockedReason: 'Forbidden' }, 'ui');
    expect(alone.at(-1)).toBe('! blocked: Forbidden');
  });
});
