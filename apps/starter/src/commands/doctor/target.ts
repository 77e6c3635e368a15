import { createTargetClient, type ProbeResult, type TargetSettings } from '@scim-onboarding/scim-core/client';
import type { Check, Report } from './check.ts';

const CHECKS = ['token', 'api', 'groups', 'users'] as const;
const TIMEOUT_MS = 30_000;

/** Codes that mean "no proper answer from the server". */
const UNREACHABLE = new Set<string | undefined>([
  'connection_failed',
  'connection_lost',
  'timeout',
  'token_unavailable',
]);

/** Checks that a token can be had, which API groups are written by and why, and that its paths for groups and users answer. Reads only. */
export async function checkTarget(settings: TargetSettings | undefined, report: Report): Promise<void> {
  const answered = settings === undefined ? [] : await probe(settings);
  for (const result of answered) report(toCheck(result));
  const why = skipReason(settings, answered);
  for (const check of CHECKS) {
    if (!answered.some((result) => result.check === check))
      report({ check, state: 'skipped', message: `not checked: ${why}` });
  }
}

function skipReason(settings: TargetSettings | undefined, answered: readonly ProbeResult[]): string {
  if (settings === undefined) return 'settings are missing';
  return answered.some(({ check, ok }) => check === 'token' && ok)
    ? 'it is not known which API groups are written by'
    : 'there is no token';
}

async function probe(settings: TargetSettings): Promise<ProbeResult[]> {
  const client = createTargetClient(settings);
  try {
    return await client.probe(AbortSignal.timeout(TIMEOUT_MS));
  } finally {
    await client.close();
  }
}

function toCheck({ check, ok, request, message, hint, code }: ProbeResult): Check {
  // The message about the API says itself what was asked.
  if (ok) return { check, state: 'ok', message: check === 'api' ? message : `${request} ${message}` };
  const where = message.includes(request) ? message : `${request}: ${message}`;
  return {
    check,
    state: 'failed',
    reason: UNREACHABLE.has(code) ? 'unreachable' : 'other',
    message: where,
    ...(hint !== undefined && { hint }),
  };
}
