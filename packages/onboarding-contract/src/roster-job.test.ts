import { describe, expect, it } from 'vitest';
import { rosterPathProblem } from './roster-job.ts';

describe('the path of a roster', () => {
  it.each(['roster.csv', 'hr/2026/roster.csv', './roster.csv', 'a..b.csv', '.hidden', 'Mitarbeiter übersicht.csv'])(
    'may be %j',
    (path) => expect(rosterPathProblem(path)).toBeUndefined(),
  );

  it.each([
    ['', 'empty'],
    ['/etc/passwd', 'absolute'],
    ['C:/roster.csv', 'absolute'],
    ['c:roster.csv', 'absolute'],
    ['..', '".."'],
    ['../roster.csv', '".."'],
    ['hr/../../roster.csv', '".."'],
    ['hr\\..\\roster.csv', 'backslash'],
    ['a\0b', 'control'],
    ['a\nb', 'control'],
    ['a'.repeat(1_025), 'longer'],
  ])('may not be %j', (path, why) => expect(rosterPathProblem(path)).toContain(why));
});
