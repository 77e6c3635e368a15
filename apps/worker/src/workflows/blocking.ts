import {
  CancellationScope,
  condition,
  currentUpdateInfo,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import {
  DEFAULT_BLOCKED,
  FAILURE_TYPES,
  groupBlocked,
  RESOLUTION_ACTIONS,
  resolveOnboarding,
  type OnboardGroupInput,
  type Resolution,
  type Step,
} from '@scim-onboarding/onboarding-contract/workflow';
import { describeFailure, finalFailure } from './failures.ts';
import type { Progress } from './progress.ts';

/** A decision that was taken, and the update that brought it. */
export interface Taken {
  readonly resolution: Resolution;
  readonly updateId: string | undefined;
  /** The block that it answers. */
  readonly block: number;
}

/** Lets a person decide about a run that cannot go on by itself. */
export interface Blocking {
  /**
   * Parks the run until a person decides.
   *
   * @throws the error itself, if nobody did within the deadline
   */
  wait(error: unknown, step: Step): Promise<Taken>;
  /** An abort that came while the run was not blocked; its scope was cancelled. */
  readonly aborted: Resolution | undefined;
  /** Cancelled by an abort: what runs in it ends. */
  readonly scope: CancellationScope;
}

/** Steps that the group can do without; what they did not do shows in the outcome. */
const SKIPPABLE: ReadonlySet<Step> = new Set(['sync-members', 'verify-group']);

/** Registers the update `resolve`. Called before anything is awaited, or an early update would find no handler. */
export function listenForResolutions(input: OnboardGroupInput, progress: Progress): Blocking {
  const scope = new CancellationScope();
  const times = input.blocked ?? DEFAULT_BLOCKED;
  const early = new Map<number, Taken>();
  let block = 0;
  let open: { readonly step: Step; readonly allowed: readonly Resolution['action'][] } | undefined;
  let taken: Taken | undefined;
  let aborted: Resolution | undefined;

  setHandler(
    resolveOnboarding,
    (resolution) => {
      const decision: Taken = { resolution, updateId: currentUpdateInfo()?.id, block: resolution.block ?? block };
      if (open !== undefined && decision.block === block) {
        taken = decision;
        return { action: resolution.action, block, step: open.step };
      }
      if (resolution.action === 'abort') {
        aborted = resolution;
        scope.cancel();
        return { action: 'abort', block: 0 };
      }
      // A reset brings old decisions again, before the run is blocked: they are kept for the block that they answered.
      early.set(decision.block, decision);
      return { action: resolution.action, block: decision.block };
    },
    {
      description:
        'Decide about a blocked run: {"action":"retry"|"skip"|"adopt"|"abort"}, with "groupId" for adopt and "compensate" for abort',
      validator: (resolution) =>
        refuseWrong(resolution, { open, block, externalId: input.definition.externalId, taken: taken !== undefined }),
    },
  );

  return {
    scope,
    get aborted() {
      return aborted;
    },
    async wait(error, step) {
      block += 1;
      const allowed = RESOLUTION_ACTIONS.filter((action) => action !== 'skip' || SKIPPABLE.has(step));
      open = { step, allowed };
      taken = early.get(block);
      const since = Date.now();
      const until = since + times.giveUpAfterSeconds * 1000;
      const { type, message, details } = describeFailure(error);
      progress.blocked({
        block,
        step,
        type,
        message,
        ...(details === undefined ? {} : { hint: details.hint }),
        ...(details?.correlationId === undefined ? {} : { correlationId: details.correlationId }),
        since: new Date(since).toISOString(),
        until: new Date(until).toISOString(),
        allowed,
      });
      log.warn('onboarding blocked', { step, failureType: type, block });
      await tellRoster(input, type, message);
      try {
        while (taken === undefined) {
          const left = Math.min(times.remindAfterSeconds * 1000, until - Date.now());
          if (left <= 0) throw error;
          const decided = await condition(() => taken !== undefined, left, {
            summary: `blocked at ${step}: wait for a person`,
          });
          if (decided) break;
          progress.reminded();
          log.warn('onboarding still blocked', { step, failureType: type, block });
        }
        return taken as Taken;
      } finally {
        open = undefined;
        taken = undefined;
      }
    },
  };
}

/** A roster goes on with its other groups when one is blocked. It may have ended: then there is nobody to tell. */
async function tellRoster({ roster, definition }: OnboardGroupInput, type: string, message: string): Promise<void> {
  const parent = workflowInfo().parent?.workflowId;
  if (roster === undefined || parent === undefined) return;
  try {
    await getExternalWorkflowHandle(parent).signal(groupBlocked, {
      externalId: definition.externalId,
      type,
      message: message.slice(0, 500),
    });
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.info('the roster of this onboarding has ended', { parent });
  }
}

interface Situation {
  readonly open: { readonly step: Step; readonly allowed: readonly Resolution['action'][] } | undefined;
  readonly block: number;
  readonly externalId: string;
  readonly taken: boolean;
}

/** Refuses what cannot be done, before it is written to the history. */
function refuseWrong(resolution: Resolution, { open, block, externalId, taken }: Situation): void {
  const refuse = (message: string, hint: string): never => {
    throw finalFailure(FAILURE_TYPES.resolutionRefused, { message, hint });
  };
  if (typeof resolution !== 'object' || resolution === null || !RESOLUTION_ACTIONS.includes(resolution.action)) {
    refuse(`The action must be one of ${RESOLUTION_ACTIONS.join(', ')}.`, 'Send for example {"action":"retry"}.');
  }
  if (resolution.action === 'adopt' && (typeof resolution.groupId !== 'string' || resolution.groupId === '')) {
    refuse('adopt needs the id of a group.', 'Send {"action":"adopt","groupId":"…"}.');
  }
  if (
    resolution.action === 'retry' &&
    resolution.definition !== undefined &&
    resolution.definition.externalId !== externalId
  ) {
    refuse(
      `The amended definition has the externalId ${JSON.stringify(resolution.definition.externalId)}, the run is about ${JSON.stringify(externalId)}.`,
      'Start an onboarding of its own for another externalId.',
    );
  }
  if (resolution.action === 'abort') return;
  const answers = resolution.block ?? block;
  if (open === undefined || answers !== block) {
    if (resolution.block !== undefined && resolution.block > block) return;
    throw finalFailure(FAILURE_TYPES.notBlocked, {
      message:
        open === undefined
          ? 'The run is not blocked.'
          : `The run is blocked for the ${block}. time; the decision is about block ${answers}.`,
      hint: 'Look at the run before you decide: onboard show.',
    });
  }
  if (taken) refuse('A decision about this block was taken a moment ago.', 'Look at the run: onboard show.');
  if (!open.allowed.includes(resolution.action)) {
    refuse(`The step ${open.step} cannot be skipped.`, `Allowed: ${open.allowed.join(', ')}.`);
  }
}
