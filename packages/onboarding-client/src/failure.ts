import { FAILURE_TYPES, type FailureDetails } from '@scim-onboarding/onboarding-contract';
import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  TerminatedFailure,
  TimeoutFailure,
} from '@temporalio/common';
import * as z from 'zod';
import type { OnboardingFailure } from './errors.ts';

const KNOWN = new Set<string>(Object.values(FAILURE_TYPES));

const failureDetailsSchema: z.ZodType<FailureDetails> = z
  .object({
    hint: z.string(),
    docs: z.string(),
    status: z.number().exactOptional(),
    request: z.string().exactOptional(),
    correlationId: z.string().exactOptional(),
    issues: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })).exactOptional(),
    attempts: z.number().exactOptional(),
  })
  .readonly();

/**
 * Reads the cause of a failed run. Of a chain of failures the outermost one with a type of the contract counts: it is what the
 * workflow decided; what is below it is the evidence. Without one, the outermost `ApplicationFailure` counts.
 *
 * @param cause `WorkflowFailedError.cause`
 */
export function readFailure(cause: unknown): OnboardingFailure {
  const chain = causes(cause);
  const ended = endedFromOutside(chain);
  if (ended !== undefined) return ended;
  const applications = chain.filter((error) => error instanceof ApplicationFailure);
  const failure = applications.find((error) => KNOWN.has(error.type ?? '')) ?? applications[0];
  if (failure !== undefined) return fromApplicationFailure(failure);
  const last = chain.at(-1);
  return {
    type: last instanceof TimeoutFailure ? 'Timeout' : (last?.name ?? 'Unknown'),
    message: last?.message ?? 'The run failed, and the server holds no cause.',
    hint: 'Look at the last events of the run in the Temporal UI.',
    cancelled: false,
  };
}

/** The messages of a chain of failures, the outermost first. */
export function causes(error: unknown): Error[] {
  const chain: Error[] = [];
  for (let next = error; next instanceof Error && !chain.includes(next); next = next.cause) chain.push(next);
  return chain;
}

function endedFromOutside(chain: readonly Error[]): OnboardingFailure | undefined {
  const [first, second] = chain;
  if (first instanceof CancelledFailure || (first instanceof ActivityFailure && second instanceof CancelledFailure)) {
    return {
      type: 'Cancelled',
      message: 'The run was cancelled.',
      hint: 'Start it again if the group is still wanted; what was written before stays and will be found.',
      cancelled: true,
    };
  }
  if (first instanceof TerminatedFailure) {
    return {
      type: 'Terminated',
      message: `The run was terminated: ${first.message}`,
      hint: 'Start it again if the group is still wanted; what was written before stays and will be found.',
      cancelled: false,
    };
  }
  if (first instanceof TimeoutFailure) {
    return {
      type: 'TimedOut',
      message: 'The run reached its execution timeout.',
      hint: 'Look in the Temporal UI at what it waited for, remove the reason, and start it again.',
      cancelled: false,
    };
  }
  return undefined;
}

function fromApplicationFailure(failure: ApplicationFailure): OnboardingFailure {
  const details = failureDetailsSchema.safeParse(failure.details?.[0]);
  return {
    type: failure.type ?? 'Unknown',
    message: failure.message,
    hint: details.success ? details.data.hint : 'Look at the last events of the run in the Temporal UI.',
    ...(details.success && { details: details.data }),
    cancelled: false,
  };
}
