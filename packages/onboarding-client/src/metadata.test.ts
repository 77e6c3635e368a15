import { describe, expect, it } from 'vitest';
import { cutToBytes, runDetails, runSummary } from './metadata.ts';

const definition = { externalId: 'g1', displayName: 'Team', members: [{ id: 'u1', email: 'someone@example.com' }] };

describe('runSummary', () => {
  it('names the group and counts its members', () => {
    expect(runSummary(definition)).toBe('Onboard Team (1 member)');
    expect(runSummary({ ...definition, members: [] })).toBe('Onboard Team (0 members)');
  });

  it('stays within 200 bytes for a name of 256 characters of 4 bytes', () => {
    const summary = runSummary({ ...definition, displayName: '😀'.repeat(128) });
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(200);
    expect(summary).toMatch(/^Onboard (?:😀)+… \(1 member\)$/u);
  });
});

describe('cutToBytes', () => {
  it('leaves what fits', () => {
    expect(cutToBytes('äöü', 6)).toBe('äöü');
  });

  it('cuts between code points', () => {
    expect(cutToBytes('äöü', 5)).toBe('ä…');
  });
});

describe('runDetails', () => {
  it('lists what an operator needs, without member data', () => {
    const details = runDetails({
      definition: {
        ...definition,
        parentExternalId: 'p1',
        roles: Array.from({ length: 12 }, (_, index) => `role-${index}`),
      },
      duplicatesDropped: 2,
      tenant: 'acme',
      requestedBy: 'hris',
      digest: 'abc',
    });
    expect(details).toContain('- **External id**: `g1`');
    expect(details).toContain('- **Members**: 1, 2 duplicates dropped');
    expect(details).toContain('- **Parent**: `p1`');
    expect(details).toContain('`role-9` and 2 more');
    expect(details).toContain('- **Requested by**: `hris`');
    expect(details).not.toContain('someone@example.com');
    expect(details).not.toContain('u1');
  });

  it('does not let a value end its code span', () => {
    const details = runDetails({
      definition: { ...definition, displayName: 'a`b' },
      duplicatesDropped: 0,
      tenant: 't',
      digest: 'd',
    });
    expect(details).toContain("`a'b`");
  });
});
