import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ServiceProviderConfig } from './discovery.ts';
import { SCIM_PROFILES } from './profiles.ts';
import { scimAbilities } from './scim-capabilities.ts';

const limit = fc.option(fc.nat(1000), { nil: undefined });
const config: fc.Arbitrary<ServiceProviderConfig> = fc
  .record({ patch: fc.boolean(), etag: fc.boolean(), filter: fc.boolean(), maxResults: limit, maxOperations: limit })
  .map(({ maxResults, maxOperations, ...rest }) => ({
    ...rest,
    ...(maxResults === undefined ? {} : { maxResults }),
    ...(maxOperations === undefined ? {} : { maxOperations }),
  }));

describe('scimAbilities', () => {
  it('limits are only made smaller, and never 0', () => {
    fc.assert(
      fc.property(config, fc.constantFrom(...Object.values(SCIM_PROFILES)), (told, profile) => {
        const { membersPerRequest, pageSize } = scimAbilities(profile, told).capabilities;
        expect(membersPerRequest).toBeGreaterThan(0);
        expect(membersPerRequest).toBeLessThanOrEqual(profile.membersPerRequest);
        expect(pageSize).toBeGreaterThan(0);
        expect(pageSize).toBeLessThanOrEqual(profile.pageSize);
      }),
    );
  });

  it('what a profile fixes, a server does not change', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.boolean(), fc.boolean(), (patch, etag, filter) => {
        const { capabilities, filters, patches } = scimAbilities(SCIM_PROFILES['aws-identity-center'], {
          patch,
          etag,
          filter,
        });
        expect([capabilities.checksVersion, filters, patches]).toEqual([false, true, true]);
      }),
    );
  });
});
