import { join } from 'node:path';
import { type Simulator, startSimulator } from '@scim-onboarding/genesys-simulator';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { peersFolder } from './support/paths.ts';
import { describeWith } from './support/peer-suite.ts';
import { freshSecret } from './support/peers.ts';
import { run, runToAnyEnd } from './support/run.ts';
import { simulatorToken } from './support/simulator-token.ts';
import {
  type AllowedFailure,
  SCIM2_TESTER_ALLOWED,
  SCIM2_TESTER_REQUIRED,
  SCIM_SANITY_ALLOWED,
  SCIM_SANITY_REQUIRED,
} from './tester-findings.ts';

const TIMEOUT_MS = 60_000;
const SCIM_BASE_PATH = '/api/v2/users/scim';

/** One check of a tester. */
interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly says: string;
}

describeWith('scim2', 'testers against the SCIM side of the simulator', (python) => {
  const clientSecret = freshSecret();
  let simulator: Simulator | undefined;
  let token = '';

  beforeAll(async () => {
    simulator = await startSimulator({ clientSecret, scimBasePath: SCIM_BASE_PATH });
    token = await simulatorToken(simulator, 'demo-client', clientSecret);
  });

  afterAll(async () => {
    await simulator?.close();
  });

  it('scim2-tester finds what is allowed, and nothing else', { timeout: TIMEOUT_MS }, async () => {
    const script = join(peersFolder, 'scim2_tester_report.py');
    const report = await run(python, [script, baseUrl(simulator)], {
      env: { PEER_TOKEN: token, PYTHONDONTWRITEBYTECODE: '1' },
      timeoutMs: TIMEOUT_MS,
    });
    const findings = (JSON.parse(report) as Scim2TesterResult[]).map(({ status, title, reason }) => ({
      check: title,
      ok: status === 'SUCCESS',
      says: reason ?? '',
    }));

    expectAllowed(findings, SCIM2_TESTER_ALLOWED);
    expectPassed(findings, SCIM2_TESTER_REQUIRED);
  });

  it('scim-sanity finds what is allowed, and nothing else', { timeout: TIMEOUT_MS }, async () => {
    // It ends with 1 when a check failed, so what it wrote counts and not its exit code.
    const options = ['--token', token, '--resource', 'Group', '--json-output', '--i-accept-side-effects'];
    const report = await runToAnyEnd(python, ['-m', 'scim_sanity', 'probe', baseUrl(simulator), ...options], {
      env: { PYTHONDONTWRITEBYTECODE: '1' },
      timeoutMs: TIMEOUT_MS,
    });
    const findings = (JSON.parse(report) as ScimSanityReport).results
      .filter(({ status }) => status === 'pass' || status === 'fail' || status === 'error')
      .map(({ status, name, message }) => ({ check: name, ok: status === 'pass', says: message ?? '' }));

    expectAllowed(findings, SCIM_SANITY_ALLOWED);
    expectPassed(findings, SCIM_SANITY_REQUIRED);
  });
});

interface Scim2TesterResult {
  readonly status: string;
  readonly title: string;
  readonly reason: string | null;
}

interface ScimSanityReport {
  readonly results: readonly { readonly status: string; readonly name: string; readonly message?: string | null }[];
}

function baseUrl(simulator: Simulator | undefined): string {
  if (simulator === undefined) throw new Error('the simulator was not started');
  return `${simulator.url}${SCIM_BASE_PATH}`;
}

/** Both ways: a failure that is not allowed, and an allowance that nothing needs any more. */
function expectAllowed(findings: readonly Finding[], allowed: readonly AllowedFailure[]): void {
  const failures = findings.filter(({ ok }) => !ok);
  const isAllowed = (finding: Finding, { check, says }: AllowedFailure): boolean =>
    finding.check === check && finding.says.startsWith(says);
  expect(failures.filter((failure) => !allowed.some((entry) => isAllowed(failure, entry)))).toEqual([]);
  expect(allowed.filter((entry) => !failures.some((failure) => isAllowed(failure, entry)))).toEqual([]);
}

function expectPassed(findings: readonly Finding[], required: readonly string[]): void {
  const passed = new Set(findings.filter(({ ok }) => ok).map(({ check }) => check));
  expect(required.filter((check) => !passed.has(check))).toEqual([]);
}
