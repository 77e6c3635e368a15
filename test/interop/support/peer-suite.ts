import { describe, expect, inject, it } from 'vitest';
import { INSTALLATIONS_KEY, isCi, type InstallationName } from './installed.ts';

/**
 * Tests that need an installation. One of them is that it is there: without it, that one fails in CI, and is skipped elsewhere with the
 * reason in its title. The others are skipped then.
 *
 * @param tests gets the path of the installation
 */
export function describeWith(installation: InstallationName, title: string, tests: (path: string) => void): void {
  const installed = inject(INSTALLATIONS_KEY)[installation];
  const missing = installed.ok ? '' : ` (missing: ${installed.reason})`;
  const path = installed.ok ? installed.path : '';

  it.skipIf(!installed.ok && !isCi(process.env))(`${title}: the peer is installed${missing}`, () => {
    expect(installed, 'in CI a missing peer is a failure').toMatchObject({ ok: true });
  });

  describe.runIf(installed.ok)(`${title}`, () => {
    tests(path);
  });
}
