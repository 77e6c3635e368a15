import { describe, expect, it } from 'vitest';
import { formatDuration, formatRows, formatStep, resultRows } from './format.ts';

describe('formatDuration', () => {
  it.each([
    [0, '0 ms'],
    [41.6, '42 ms'],
    [3_249, '3.2 s'],
    [59_999, '59.9 s'],
    [250_000, '4 min 10 s'],
    [7_500_000, '2 h 5 min'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('formatStep', () => {
  it('shows mark, name, duration and note', () => {
    expect(
      formatStep({
        step: 'validate-group',
        activityId: 'validate-group',
        state: 'done',
        startedAfterMs: 3,
        endedAfterMs: 45,
      }),
    ).toBe('✓ validate-group      42 ms');
    expect(
      formatStep({
        step: 'create-group',
        activityId: 'create-group',
        state: 'failed',
        startedAfterMs: 0,
        endedAfterMs: 5,
        note: '403',
      }),
    ).toBe('✗ create-group         5 ms  403');
    expect(
      formatStep({ step: 'sync-members', activityId: 'sync-members', state: 'running', startedAfterMs: 0 }),
    ).toContain('running');
  });
});

describe('formatRows', () => {
  it('aligns and leaves out what is not there', () => {
    expect(
      formatRows([
        ['a', '1'],
        ['long', '2'],
        ['no', undefined],
      ]),
    ).toEqual(['  a     1', '  long  2']);
  });
});

describe('resultRows', () => {
  const result = {
    outcome: 'partial',
    status: 'success',
    tenant: 't',
    externalId: 'e',
    displayName: 'Team',
    groupId: 'g1',
    target: 'scim',
    recovered: true,
    members: {
      requested: 8,
      added: 1,
      removed: 3,
      missing: 7,
      missingIds: ['a', 'b', 'c', 'd', 'e', 'f', 'g'],
      duplicatesDropped: 2,
    },
    latencyMs: 12,
    webhook: { state: 'undelivered', attempts: 1, reason: '410 Gone' },
  } as const;

  it('says what is missing, and why the webhook was not delivered', () => {
    const rows = Object.fromEntries(resultRows(result));
    expect(rows['members']).toBe(
      '8 requested, 1 added by this run, 3 removed, 7 missing: a, b, c, d, e, …, 2 duplicates dropped',
    );
    expect(rows['webhook']).toBe('undelivered, 1 attempt: 410 Gone');
    expect(rows['target']).toContain('found again');
  });
});
