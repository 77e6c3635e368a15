import { parseTargetSettings, type TargetSettings } from '@scim-onboarding/scim-core/client';
import { parseSettings, type Environment } from '../config.ts';
import type { Output } from '../output.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { checkTarget } from './doctor/target.ts';
import { checkTemporal } from './doctor/temporal.ts';
import type { Check } from './doctor/check.ts';

/** `onboard doctor`: checks everything that an onboarding needs, and goes on after a failure. Changes nothing. */
export async function doctor(output: Output, env: Environment): Promise<ExitCode> {
  const checks: Check[] = [];
  const report = (check: Check): void => {
    checks.push(check);
    for (const line of checkLines(check)) output.line(line);
  };
  const target = checkSettings(env, report);
  await checkTemporal(env, report);
  await checkTarget(target, report);
  const exitCode = exitOf(checks);
  output.json({ ok: exitCode === EXIT.done, checks });
  return exitCode;
}

function checkSettings(env: Environment, report: (check: Check) => void): TargetSettings | undefined {
  const own = parseSettings(env);
  const target = parseTargetSettings(env);
  const problems = [...(own.ok ? [] : own.problems), ...(target.ok ? [] : target.problems)];
  report(
    problems.length === 0
      ? { check: 'settings', state: 'ok', message: 'all settings are valid' }
      : {
          check: 'settings',
          state: 'failed',
          reason: 'settings',
          message: problems.join('; '),
          hint: 'Set these environment variables, or put them into .env.',
        },
  );
  return target.ok ? target.settings : undefined;
}

/** Bad settings come first: what follows from them is not a fault of a server. */
export function exitOf(checks: readonly Check[]): ExitCode {
  const reasons = new Set(checks.filter((check) => check.state === 'failed').map((check) => check.reason ?? 'other'));
  if (reasons.has('settings')) return EXIT.usage;
  if (reasons.has('unreachable')) return EXIT.unreachable;
  return reasons.size === 0 ? EXIT.done : EXIT.failed;
}

const MARKS = { ok: '✓', failed: '✗', skipped: '!' } as const;

function checkLines({ check, state, message, hint }: Check): string[] {
  return [`${MARKS[state]} ${check.padEnd(17)} ${message}`, ...(hint === undefined ? [] : [`  → ${hint}`])];
}
