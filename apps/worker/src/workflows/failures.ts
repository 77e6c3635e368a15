import { ActivityFailure, ApplicationFailure, rootCause, TimeoutFailure } from '@temporalio/workflow';
import {
  ambiguousText,
  FAILURE_TYPES,
  failureDocs,
  nameConflictText,
  type FailureDetails,
  type FailureType,
} from '@scim-onboarding/onboarding-contract/workflow';
import type { ConflictDecision } from './conflict.ts';

interface Identity {
  readonly externalId: string;
  readonly displayName: string;
}

/** The failure of a conflict that only a person can decide. */
export function conflictFailure(
  own: Identity,
  decision: Exclude<ConflictDecision, { kind: 'adopt' | 'none' }>,
): ApplicationFailure {
  switch (decision.kind) {
    case 'name-held':
      return finalFailure(FAILURE_TYPES.nameConflict, nameConflictText(own, decision.holder));
    case 'ambiguous':
      return finalFailure(
        FAILURE_TYPES.ambiguousGroup,
        ambiguousText(
          own.externalId,
          decision.groups.map((group) => group.groupId),
        ),
      );
    case 'exists':
      return finalFailure(FAILURE_TYPES.groupExists, {
        message: `Group ${decision.group.groupId} has the externalId ${JSON.stringify(own.externalId)} already, and the conflict policy is "fail". Nothing was written.`,
        hint: 'Start the onboarding with another conflict policy, or leave the group as it is.',
      });
  }
}

/** The target says 409, and shows no group that explains it. */
export function unexplainedConflict(own: Identity, listedAll: boolean): ApplicationFailure {
  return finalFailure(FAILURE_TYPES.conflictWithoutGroup, {
    message: `The target says that ${JSON.stringify(own.displayName)} (externalId ${JSON.stringify(own.externalId)}) exists, but no group that this client may see has that name or externalId${listedAll ? ', also in the full list' : ''}.`,
    hint: 'Look for a deleted or hidden group of that name in the target, or give the client the right to see it, then try again.',
  });
}

/** A final failure with what to do about it. */
export function finalFailure(
  type: FailureType,
  { message, hint }: { readonly message: string; readonly hint: string },
): ApplicationFailure {
  const details: FailureDetails = { hint, docs: failureDocs(type) };
  return ApplicationFailure.create({ type, message, nonRetryable: true, details: [details] });
}

export interface FailureReport {
  readonly type: string;
  readonly message: string;
  readonly details?: FailureDetails;
}

/** What the last attempt of a step failed with: a step that ran out of time carries it under its time-out. */
export function describeFailure(error: unknown): FailureReport {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at instanceof ApplicationFailure) {
      const details = at.details?.[0] as FailureDetails | undefined;
      return {
        type: at.type ?? FAILURE_TYPES.internalError,
        message: at.message,
        ...(details === undefined ? {} : { details }),
      };
    }
  }
  const timedOut = error instanceof ActivityFailure && error.cause instanceof TimeoutFailure;
  return {
    type: timedOut ? FAILURE_TYPES.timeout : FAILURE_TYPES.internalError,
    message: rootCause(error) ?? String(error),
  };
}
