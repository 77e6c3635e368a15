import {
  isGrpcCancelledError,
  isGrpcDeadlineError,
  isGrpcServiceError,
  NamespaceNotFoundError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import {
  OnboardingClientError,
  OnboardingFailedError,
  OnboardingNotFoundError,
  PayloadUnreadableError,
  TemporalRefusedError,
  TemporalUnavailableError,
} from './errors.ts';
import { causes, readFailure } from './failure.ts';

/** Which call failed; it stands in the message. */
export interface CallFacts {
  /** For example `start`, `describe`. */
  readonly call: string;
  readonly namespace: string;
  readonly workflowId: string;
  /** What the call was about, where that is no workflow. Default `workflow <id>`. */
  readonly subject?: string;
  readonly runId?: string;
  readonly deadlineMs: number;
}

/** Codes of gRPC that are told apart here (https://grpc.io/docs/guides/status-codes/). */
const GRPC = {
  invalidArgument: 3,
  permissionDenied: 7,
  unimplemented: 12,
  unavailable: 14,
  unauthenticated: 16,
} as const;

const IDEMPOTENT = 'The call may have arrived; it is safe to make it again.';

/** Maps what the Temporal client throws to an error of this package. An error of this package stays as it is. */
export function toClientError(error: unknown, facts: CallFacts): OnboardingClientError {
  if (error instanceof OnboardingClientError) return error;
  const options = { cause: error };
  if (error instanceof WorkflowFailedError) {
    return new OnboardingFailedError(readFailure(error.cause), facts.workflowId, facts.runId ?? '', options);
  }
  if (error instanceof WorkflowNotFoundError) {
    // The server gives NOT_FOUND for a closed run too, when a call needs an open one.
    const closed = /already completed/u.test(error.message)
      ? `Workflow ${facts.workflowId} has ended already.`
      : undefined;
    return new OnboardingNotFoundError(facts.workflowId, facts.namespace, closed, options);
  }
  if (error instanceof NamespaceNotFoundError) {
    return new TemporalRefusedError(
      'NamespaceNotFound',
      `Temporal has no namespace ${facts.namespace}.`,
      'Create it, or correct TEMPORAL_NAMESPACE.',
      options,
    );
  }
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) {
    return new TemporalUnavailableError(
      `No worker took the call ${facts.call} of workflow ${facts.workflowId} within ${facts.deadlineMs} ms.`,
      `Check that a worker is up (\`onboard doctor\`). ${IDEMPOTENT}`,
      options,
    );
  }
  const undecrypted = causes(error).find(isDecryptionFailure);
  if (undecrypted !== undefined)
    return new PayloadUnreadableError(facts.workflowId, undecrypted.message, options, subjectOf(facts));
  if (isGrpcDeadlineError(error) || isGrpcCancelledError(error)) {
    return new TemporalUnavailableError(
      `Temporal did not answer the call ${facts.call} of ${subjectOf(facts)} within ${facts.deadlineMs} ms.`,
      `Check that the server at TEMPORAL_ADDRESS is up. ${IDEMPOTENT}`,
      options,
    );
  }
  return fromGrpc(error, facts);
}

/** Names of the errors of payload-encryption, and what the SDK says without a codec that knows the encoding. */
function isDecryptionFailure({ name, message }: Error): boolean {
  return (
    name === 'EncryptionKeyNotFoundError' || name === 'PayloadDecryptionError' || message.startsWith('Unknown encoding')
  );
}

function subjectOf({ subject, workflowId }: CallFacts): string {
  return subject ?? `workflow ${workflowId}`;
}

function fromGrpc(error: unknown, facts: CallFacts): OnboardingClientError {
  const { call } = facts;
  const chain = causes(error);
  const grpc = chain.find(isGrpcServiceError);
  const options = { cause: error };
  const text = grpc?.details ?? chain.at(-1)?.message ?? String(error);
  const where = `Temporal refused the call ${call} of ${subjectOf(facts)}: ${text}`;
  switch (grpc?.code) {
    case GRPC.invalidArgument:
      return /search attribute/iu.test(text)
        ? new TemporalRefusedError(
            'SearchAttributesMissing',
            where,
            'Register the search attributes with `onboard setup`.',
            options,
          )
        : new TemporalRefusedError('RequestRefused', where, 'Correct what the message names.', options);
    case GRPC.permissionDenied:
    case GRPC.unauthenticated:
      return new TemporalRefusedError(
        'PermissionDenied',
        where,
        'Check TEMPORAL_API_KEY or the client certificate, and its permissions in the namespace.',
        options,
      );
    case GRPC.unimplemented:
      return new TemporalRefusedError(
        'RequestRefused',
        where,
        'Check that TEMPORAL_ADDRESS is a Temporal server.',
        options,
      );
    case GRPC.unavailable:
    case undefined:
      return new TemporalUnavailableError(
        `The call ${call} of ${subjectOf(facts)} did not get through to Temporal: ${text}`,
        `Check TEMPORAL_ADDRESS and that the server is up. ${IDEMPOTENT}`,
        options,
      );
    default:
      return new TemporalRefusedError(
        'RequestRefused',
        where,
        'Try again; if it stays, look at the log of the Temporal server.',
        options,
      );
  }
}
