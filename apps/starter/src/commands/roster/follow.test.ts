import { expect, it } from 'vitest';
import { progressLine } from './follow.ts';

const base = {
  groups: 200,
  settled: 50,
  counts: { created: 40, blocked: 6, failed: 4 },
  paused: false,
  partsDone: 1,
  parts: 4,
  missingParts: [],
};

it('shows a bar, counts, rate and time left', () => {
  expect(progressLine(base, 50, 10_000)).toBe(
    '████████░░░░░░░░░░░░░░░░░░░░░░ 50/200  40 done, 6 blocked, 4 failed, 5.0 groups/s, 30 s left',
  );
  expect(progressLine({ ...base, paused: true }, 50, 10_000)).toContain('4 failed paused');
  expect(progressLine({ ...base, settled: 200, counts: { created: 200 } }, 200, 10_000)).toBe(
    '██████████████████████████████ 200/200  200 done, 0 blocked, 0 failed',
  );
});
