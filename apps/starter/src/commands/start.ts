import { checkedDefinition, type OnboardingClient, type StartedOnboarding } from '@scim-onboarding/onboarding-client';
import {
  DEFAULT_BLOCKED,
  type BlockedTimes,
  type ConflictPolicy,
  type OnboardGroupResult,
  type OnFailure,
} from '@scim-onboarding/onboarding-contract';
import { CliError } from '../cli-error.ts';
import { uiAddress, withOnboarding, type Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { formatRows, resultRows } from '../format.ts';
import { showProgress } from '../progress.ts';
import { readDefinition } from '../read-definition.ts';

/** A query that is slower than this would hold up the next look at the run. */
const QUERY_DEADLINE_MS = 1_000;

export interface StartFlags {
  readonly wait?: boolean;
  readonly tenant?: string;
  /** Seconds that `--wait` waits. */
  readonly timeout: number;
  readonly conflictPolicy?: ConflictPolicy;
  readonly onFailure?: OnFailure;
  readonly allowRemovals?: boolean;
  /** Seconds. */
  readonly remindAfter?: number;
  /** Seconds. */
  readonly giveUpAfter?: number;
}

/** `onboard start <file|->`: checks the definition, then starts or joins its onboarding. `--wait` ends when the run is blocked, too. */
export async function start(context: Context, file: string, flags: StartFlags): Promise<ExitCode> {
  const { output, settings } = context;
  const { definition } = checkedDefinition(await readDefinition(file, context.stdin), settings.rules);
  const tenant = flags.tenant ?? settings.tenant;
  const { conflictPolicy, onFailure, allowRemovals } = flags;
  return withOnboarding(context, tenant, async (onboarding) => {
    const run = await onboarding.start(definition, {
      ...(conflictPolicy !== undefined && { conflictPolicy }),
      ...(onFailure !== undefined && { onFailure }),
      ...(allowRemovals !== undefined && { allowRemovals }),
      ...blockedTimes(flags),
    });
    const { workflowId, runId, joined, uiPath } = run;
    const address = uiAddress(settings, uiPath);
    output.line(`${joined ? 'Joined the open run of' : 'Started'} ${workflowId}`);
    const runFacts = { workflowId, runId, joined, uiPath, ...(settings.uiUrl !== undefined && { uiUrl: address }) };
    const next = flags.wait === true ? undefined : `onboard status ${workflowId}`;
    for (const row of formatRows([
      ['run', runId],
      ['UI', address],
      ['next', next],
    ]))
      output.line(row);
    if (flags.wait !== true) {
      output.json(runFacts);
      return EXIT.done;
    }
    const result = await waitFor(context, onboarding, run, flags.timeout * 1_000);
    output.line(`${result.outcome === 'partial' ? '!' : '✓'} ${workflowId} is done`);
    for (const row of formatRows([...resultRows(result), ['UI', address]])) output.line(row);
    output.json({ ...runFacts, result });
    return EXIT.done;
  });
}

async function waitFor(
  { output, interrupted }: Context,
  onboarding: OnboardingClient,
  run: StartedOnboarding,
  deadlineMs: number,
): Promise<OnboardGroupResult> {
  const read = () => onboarding.status(run.workflowId, { queryDeadlineMs: QUERY_DEADLINE_MS, deadlineMs: 2_000 });
  const finish = showProgress({ output, read });
  try {
    return await Promise.race([run.result({ deadlineMs, whenBlocked: 'throw' }), interruption(interrupted, run)]);
  } finally {
    await finish();
  }
}

function interruption(signal: AbortSignal, { workflowId, runId }: StartedOnboarding): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void =>
      reject(
        new CliError(EXIT.interrupted, {
          type: 'Interrupted',
          message: 'Stopped waiting. The run goes on.',
          hint: `Follow it with \`onboard status ${workflowId}\`.`,
          workflowId,
          runId,
        }),
      );
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

/** How long the run waits for a person, where the flags say so. */
function blockedTimes({ remindAfter, giveUpAfter }: StartFlags): { readonly blocked?: BlockedTimes } {
  if (remindAfter === undefined && giveUpAfter === undefined) return {};
  return {
    blocked: {
      remindAfterSeconds: remindAfter ?? DEFAULT_BLOCKED.remindAfterSeconds,
      giveUpAfterSeconds: giveUpAfter ?? DEFAULT_BLOCKED.giveUpAfterSeconds,
    },
  };
}
