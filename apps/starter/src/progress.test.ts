import type { OnboardingStatus } from '@scim-onboarding/onboarding-client';
import { describe, expect, it } from 'vitest';
import { createOutput } from './output.ts';
import { createProgressLines, liveLine, showProgress } from './progress.ts';

const base: OnboardingStatus = {
  workflowId: 'w',
  runId: 'r',
  uiPath: '/p',
  execution: 'RUNNING',
  startedAt: '2026-01-01T00:00:00.000Z',
  state: 'live',
  pendingActivities: [],
  problems: [],
};
const activityId = 'validate-group';
const validated = { step: activityId, activityId, state: 'done', startedAfterMs: 0, endedAfterMs: 42 } as const;
const creating = { step: 'create-group', activityId: 'create-group', state: 'running', startedAfterMs: 42 } as const;

describe('createProgressLines', () => {
  it('tells each step once, when it has ended', () => {
    const lines = createProgressLines();
    expect(
      lines({ ...base, steps: [{ step: activityId, activityId, state: 'running', startedAfterMs: 0 }] }, 0),
    ).toEqual([]);
    expect(lines({ ...base, steps: [validated] }, 10)).toEqual(['✓ validate-group      42 ms']);
    expect(lines({ ...base, steps: [validated] }, 20)).toEqual([]);
  });

  it('tells the same step again when it is done again', () => {
    const lines = createProgressLines();
    expect(lines({ ...base, steps: [validated] }, 0)).toHaveLength(1);
    expect(lines({ ...base, steps: [validated, validated] }, 0)).toHaveLength(1);
  });

  it('tells each failed attempt once', () => {
    const lines = createProgressLines();
    const retry = {
      activityId: 'create-group',
      attempt: 2,
      lastFailure: '503',
      nextAttemptAt: '2026-01-01T10:11:12.000Z',
      state: 'waiting',
      paused: false,
    } as const;
    const status = { ...base, pendingActivities: [retry] };
    expect(lines(status, 0)).toEqual(['! create-group    attempt 1 failed: 503; attempt 2 at 10:11:12 UTC']);
    expect(lines(status, 0)).toEqual([]);
    expect(lines({ ...base, pendingActivities: [{ ...retry, attempt: 3 }] }, 0)).toHaveLength(1);
  });

  it('says that no worker answers, after three seconds', () => {
    const lines = createProgressLines();
    const status: OnboardingStatus = { ...base, state: 'unavailable' };
    expect(lines(status, 2_999)).toEqual([]);
    expect(lines(status, 3_000)).toEqual([expect.stringContaining('no worker answers')]);
    expect(lines(status, 9_000)).toEqual([]);
  });

  it('tells of problems that the server reports', () => {
    expect(createProgressLines()({ ...base, problems: ['category=WorkflowTaskFailed'] }, 0)).toEqual([
      expect.stringContaining('category=WorkflowTaskFailed'),
    ]);
  });
});

describe('liveLine', () => {
  it('names the running step, or the stage', () => {
    expect(liveLine({ ...base, steps: [validated, creating] }, 1_500)).toBe('… create-group        1.5 s');
    expect(liveLine({ ...base, stage: 'creating' }, 10)).toContain('creating');
    expect(liveLine(undefined, 10)).toContain('starting');
  });
});

describe('showProgress', () => {
  it('shows what happened between the last look and the end, and survives a look that fails', async () => {
    let written = '';
    const sink = { write: (text: string) => void (written += text) };
    const answers = [() => Promise.reject(new Error('gone')), () => Promise.resolve({ ...base, steps: [validated] })];
    const finish = showProgress({
      output: createOutput({ stdout: sink, stderr: sink, asJson: false }),
      read: () => (answers.shift() ?? (() => Promise.reject(new Error('once more'))))(),
    });
    await finish();
    expect(written).toBe('✓ validate-group      42 ms\n');
  });
});
