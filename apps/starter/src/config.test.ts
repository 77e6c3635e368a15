import { describe, expect, it } from 'vitest';
import { loadSettings, parseSettings } from './config.ts';

describe('parseSettings', () => {
  it('has defaults, also for variables that are set to nothing', () => {
    const parsed = parseSettings({ MAX_GROUP_MEMBERS: '', TEMPORAL_UI_URL: '', ONBOARDING_TENANT: '' });
    expect(parsed).toMatchObject({ ok: true, settings: { tenant: 'default', rules: { maxMembers: 500 } } });
    expect(parsed).not.toHaveProperty('settings.uiUrl');
  });

  it('reads what is set', () => {
    const env = {
      MAX_GROUP_MEMBERS: '7',
      GROUP_NAME_PATTERN: '^x+$',
      ONBOARDING_TENANT: 'acme',
      TEMPORAL_UI_URL: 'http://localhost:8233/',
    };
    expect(parseSettings(env)).toEqual({
      ok: true,
      settings: { tenant: 'acme', uiUrl: 'http://localhost:8233', rules: { maxMembers: 7, namePattern: /^x+$/u } },
    });
  });

  it('names every variable that is wrong', () => {
    const parsed = parseSettings({
      MAX_GROUP_MEMBERS: 'many',
      GROUP_NAME_PATTERN: '(',
      ONBOARDING_TENANT: 'a:b',
      TEMPORAL_UI_URL: 'ftp://x',
    });
    const problems = parsed.ok ? [] : parsed.problems;
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'MAX_GROUP_MEMBERS',
      'GROUP_NAME_PATTERN',
      'ONBOARDING_TENANT',
      'TEMPORAL_UI_URL',
    ]);
  });
});

describe('loadSettings', () => {
  it('ends the command with exit code 2', () => {
    expect(() => loadSettings({ MAX_GROUP_MEMBERS: '0' })).toThrow(expect.objectContaining({ exitCode: 2 }));
  });
});
