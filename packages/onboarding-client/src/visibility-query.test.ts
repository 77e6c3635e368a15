import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoted, visibilityQuery } from './visibility-query.ts';

describe('visibilityQuery', () => {
  it('asks for onboardings only', () => {
    expect(visibilityQuery({})).toBe("WorkflowType = 'onboardGroup'");
  });

  it('joins what is given', () => {
    expect(visibilityQuery({ blocked: true, tenant: 'acme', query: "StartTime > '2026-01-01'" })).toBe(
      "WorkflowType = 'onboardGroup' AND OnboardingStage = 'blocked' AND ExecutionStatus = 'Running' AND OnboardingTenant = 'acme' AND (StartTime > '2026-01-01')",
    );
    expect(visibilityQuery({ failed: true })).toContain("ExecutionStatus IN ('Failed', 'TimedOut')");
    expect(visibilityQuery({ stuck: true })).toContain('TemporalReportedProblems IS NOT NULL');
  });

  it.each([
    ['a = 1) OR (b = 2', 'parenthesis'],
    ['(a = 1', 'parenthesis'],
    ["a = 'x", 'string'],
    ["a = 'x\\'", 'string'],
    ['a = 1; b', 'semicolon'],
    ['a = 1 -- ', 'comment'],
    ['a = 1 /* ', 'comment'],
    ['a = 1 ORDER BY StartTime', 'ORDER BY'],
    ['  ', 'empty'],
    ['x'.repeat(4_001), 'longer'],
  ])('refuses %j', (query, why) => {
    expect(() => visibilityQuery({ query })).toThrow(why);
  });

  it.each(["a = ')'", `a = "it's (" AND (b = 1)`, "a = 'order by'", "a = 'x\\'y)'"])('takes %j', (query) => {
    expect(visibilityQuery({ query })).toContain(`(${query})`);
  });
});

describe('quoted', () => {
  it('is one string whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("'", '\\', '"', 'a', ' ') }), (text) => {
        const written = quoted(text);
        expect(written).toMatch(/^'(?:[^'\\]|\\.)*'$/su);
        expect(written.slice(1, -1).replace(/\\(.)/gsu, '$1')).toBe(text);
      }),
    );
  });
});
