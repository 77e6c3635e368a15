import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, REGIONS, regionProblem } from './regions.ts';

describe('regions', () => {
  it('has each of the 18 once', () => {
    expect(new Set(REGIONS.map((region) => region.domain)).size).toBe(18);
    expect(new Set(REGIONS.map((region) => region.aws)).size).toBe(18);
  });

  it.each(REGIONS.map((region) => region.domain))('takes %s', (domain) => {
    expect(regionProblem(domain)).toBeUndefined();
  });

  it.each(REGIONS.map((region) => [region.aws, region.domain]))('refuses the AWS name %s with %s', (aws, domain) => {
    expect(regionProblem(aws)).toContain(`use ${domain}`);
  });

  it.each([
    ['mypurecloud.co', 'mypurecloud.com'],
    ['usw2.pure.clod', 'usw2.pure.cloud'],
    ['api.mypurecloud.de', 'mypurecloud.de'],
    ['login.euw2.pure.cloud', 'euw2.pure.cloud'],
    ['us-gov-pure.cloud', 'use2.us-gov-pure.cloud'],
    ['edee2.eusc-pure.cloud', 'edee1.eusc-pure.cloud'],
    // Attackers own look-alikes; an allow list by pattern would take these.
    ['mypurecloud.com.evil.example', 'mypurecloud.com'],
    ['evil.pure.cloud', '.pure.cloud'],
  ])('refuses %s and names %s', (value, hint) => {
    expect(regionProblem(value)).toContain('did you mean');
    expect(regionProblem(value)).toContain(hint);
  });
});

describe('editDistance', () => {
  const word = fc.string({ maxLength: 12 });

  it('is a metric', () => {
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        expect(editDistance(a, a)).toBe(0);
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
      }),
    );
  });

  it.each([
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
  ])('of %j and %j is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });
});
