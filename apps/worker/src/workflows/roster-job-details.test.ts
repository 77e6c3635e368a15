import { describe, expect, it } from 'vitest';
import { renderJob } from './roster-job-details.ts';

const job = { tenant: 'default', roster: 'hr/roster.csv', mode: 'apply', schedule: 'nightly' } as const;
const base = { mode: 'apply', roster: job.roster, digest: 'd', groups: 30 } as const;

describe('the details of a job', () => {
  it('name roster, mode and schedule while it works', () => {
    expect(renderJob(job, { state: 'planning' })).toBe(
      '**Roster** `hr/roster.csv` · **Mode** apply · **Schedule** `nightly`\n\n**State** planning',
    );
  });

  it('say what failed, and what to do', () => {
    const text = renderJob(job, { state: 'failed', type: 'EmptyRoster', message: 'It is empty.', hint: 'Look.' });
    expect(text).toContain('### Failed: EmptyRoster\n\n**What happened** It is empty.\n\n**What to do** Look.');
    expect(text).toContain('docs/errors.md#emptyroster');
  });

  it('list what waits for a person, and how it is approved', () => {
    const held = Array.from({ length: 12 }, (_, index) => ({
      externalId: `g-${index}`,
      action: 'held' as const,
      reason: 'too many removals',
    }));
    const actions = { create: 0, unchanged: 5, held: 25 };
    const text = renderJob(job, {
      state: 'done',
      result: { ...base, outcome: 'nothing-to-do', actions, held },
    });
    expect(text).toContain('**Outcome** nothing-to-do · 30 groups: 5 unchanged, 25 held');
    expect(text).toContain('- `g-9` held: too many removals\n- and 15 more');
    expect(text).toContain('prints the approval');
  });

  it('list differences', () => {
    const differences = { count: 2, groups: 1, lines: ['one', 'two'] };
    const text = renderJob(job, {
      state: 'done',
      result: { ...base, outcome: 'drift', actions: { update: 1 }, differences },
    });
    expect(text).toContain('**Outcome** drift · 30 groups: 1 differ');
    expect(text).toContain('### 2 differences\n\n- one\n- two');
  });
});
