import { describe, expect, it } from 'vitest';
import { blockedLines, resolveCommands } from './blocked.ts';

const blocked = {
  block: 1,
  step: 'sync-members',
  type: 'RemovalsHeld',
  message: '40 of 50 members would be removed.',
  hint: 'Check the source.',
  correlationId: 'c-1',
  since: '2026-01-01T00:00:00.000Z',
  until: '2026-01-08T00:00:00.000Z',
  allowed: ['retry', 'skip', 'adopt', 'abort'],
} as const;

describe('resolveCommands', () => {
  it('gives each allowed decision as a command of the shell', () => {
    const commands = resolveCommands("onboard-group:t:o'brien & co", blocked).map(({ command }) => command);
    const id = `'onboard-group:t:o'\\''brien & co'`;
    expect(commands).toEqual([
      `onboard resolve ${id} --retry`,
      `onboard resolve ${id} --retry --definition amended.json`,
      `onboard resolve ${id} --retry --allow-removals`,
      `onboard resolve ${id} --skip`,
      `onboard resolve ${id} --adopt <groupId>`,
      `onboard resolve ${id} --abort`,
      `onboard resolve ${id} --abort --compensate`,
    ]);
  });

  it('offers nothing that is not allowed, or has no use', () => {
    const commands = resolveCommands('w', { ...blocked, type: 'Forbidden', allowed: ['retry'] });
    expect(commands.map(({ command }) => command)).toEqual([
      'onboard resolve w --retry',
      'onboard resolve w --retry --definition amended.json',
    ]);
  });
});

describe('blockedLines', () => {
  it('say what happened, what to do, and how long there is', () => {
    const text = blockedLines('w', blocked).join('\n');
    for (const part of ['sync-members', 'RemovalsHeld', '40 of 50', 'c-1', '→ Check the source.', blocked.until])
      expect(text).toContain(part);
  });
});
