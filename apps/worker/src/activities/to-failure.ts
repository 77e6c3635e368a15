import { ApplicationFailure } from '@temporalio/common';
import {
  FAILURE_TYPES,
  failureDocs,
  type FailureDetails,
  type FailureType,
} from '@scim-onboarding/onboarding-contract/workflow';
import { isScimError, type ScimError, type ScimErrorCode } from '@scim-onboarding/scim-core';

/** The one table from a request's error to the failure type that the Temporal UI shows. */
export const FAILURE_OF_CODE = {
  invalid_client: FAILURE_TYPES.invalidClient,
  token_refused: FAILURE_TYPES.tokenRefused,
  token_rate_limited: FAILURE_TYPES.tokenRateLimited,
  token_unavailable: FAILURE_TYPES.tokenUnavailable,
  unauthorized: FAILURE_TYPES.unauthorized,
  forbidden: FAILURE_TYPES.forbidden,
  not_found: FAILURE_TYPES.notFound,
  conflict: FAILURE_TYPES.conflict,
  stale: FAILURE_TYPES.staleVersion,
  rate_limited: FAILURE_TYPES.rateLimited,
  request_refused: FAILURE_TYPES.requestRefused,
  payload_too_large: FAILURE_TYPES.payloadTooLarge,
  server_error: FAILURE_TYPES.serverError,
  timeout: FAILURE_TYPES.timeout,
  connection_failed: FAILURE_TYPES.connectionFailed,
  connection_lost: FAILURE_TYPES.connectionLost,
  malformed_json: FAILURE_TYPES.malformedJson,
  html_instead_of_json: FAILURE_TYPES.htmlInsteadOfJson,
  empty_body: FAILURE_TYPES.emptyBody,
  unexpected_shape: FAILURE_TYPES.unexpectedShape,
  body_too_large: FAILURE_TYPES.bodyTooLarge,
  pagination_stuck: FAILURE_TYPES.paginationStuck,
} as const satisfies Record<ScimErrorCode, FailureType>;

/** The failure that an activity throws for a request that did not succeed. It is the root of the chain: no cause, so no foreign text. */
function scimFailure(error: ScimError): ApplicationFailure {
  return typedFailure(FAILURE_OF_CODE[error.code], error.message, error.hint, {
    retryable: error.retryable,
    retryAfterMs: error.facts.retryAfterMs,
    details: requestDetails(error),
  });
}

/** Status, request and correlation id of an error, for a failure's details. */
export function requestDetails({ facts }: ScimError): Pick<FailureDetails, 'status' | 'request' | 'correlationId'> {
  return {
    request: `${facts.method} ${facts.url}`,
    ...(facts.status === undefined ? {} : { status: facts.status }),
    ...(facts.correlationId === undefined ? {} : { correlationId: facts.correlationId }),
  };
}

export interface FailureOptions {
  /** Default false: a failure is final unless it is known to pass. */
  readonly retryable?: boolean;
  /** Milliseconds until the next attempt, where the other side or the case asks for it; else the step's policy decides. */
  readonly retryAfterMs?: number | undefined;
  readonly details?: Omit<FailureDetails, 'hint' | 'docs'>;
}

/** An `ApplicationFailure` with a type of the contract. The details say what to do and where to read more. */
export function typedFailure(
  type: FailureType,
  message: string,
  hint: string,
  options: FailureOptions = {},
): ApplicationFailure {
  const details: FailureDetails = { hint, docs: failureDocs(type), ...options.details };
  return ApplicationFailure.create({
    type,
    message,
    nonRetryable: options.retryable !== true,
    details: [details],
    ...retryDelay(options.retryAfterMs),
  });
}

/** Turns whatever an activity's body threw into what Temporal should see. */
export function toFailure(error: unknown): unknown {
  return isScimError(error) ? scimFailure(error) : error;
}

/** The Temporal server takes a delay of 0 for the end of all tries (`RETRY_STATE_TIMEOUT`): "try again at once" is left to the retry policy. */
function retryDelay(retryAfterMs: number | undefined): { nextRetryDelay?: number } {
  return retryAfterMs === undefined || retryAfterMs <= 0 ? {} : { nextRetryDelay: retryAfterMs };
}
