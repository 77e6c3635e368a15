import { describe, expect, it } from 'vitest';
import { exitOf } from './doctor.ts';

const failed = (reason?: 'settings' | 'unreachable' | 'other') =>
  ({ check: 'c', state: 'failed', message: 'm', ...(reason && { reason }) }) as const;

describe('exitOf', () => {
  it.each([
    [0, []],
    [0, [{ check: 'c', state: 'skipped', message: 'm' } as const]],
    [1, [failed()]],
    [3, [failed(), failed('unreachable')]],
    [2, [failed('unreachable'), failed('settings'), failed('other')]],
  ])('is %i', (exitCode, checks) => {
    expect(exitOf(checks)).toBe(exitCode);
  });
});
