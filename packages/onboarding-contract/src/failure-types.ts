/**
 * Types of the failures that a run can end with or an activity can be retried for: the `type` of an `ApplicationFailure`, stable.
 * `docs/errors.md` says what each means and what to do.
 */
export const FAILURE_TYPES = {
  validationFailed: 'ValidationFailed',
  nameConflict: 'NameConflict',
  conflictWithoutGroup: 'ConflictWithoutGroup',
  ambiguousGroup: 'AmbiguousGroup',
  outcomeUnknown: 'OutcomeUnknown',
  groupNotVisible: 'GroupNotVisible',
  verificationFailed: 'VerificationFailed',
  webhookRefused: 'WebhookRefused',
  webhookUnavailable: 'WebhookUnavailable',
  auditUnavailable: 'AuditUnavailable',
  groupExists: 'GroupExists',
  groupHasOtherOwner: 'GroupHasOtherOwner',
  removalsHeld: 'RemovalsHeld',
  aborted: 'Aborted',
  staleVersion: 'StaleVersion',
  notBlocked: 'NotBlocked',
  resolutionRefused: 'ResolutionRefused',
  internalError: 'InternalError',
  invalidClient: 'InvalidClient',
  tokenRefused: 'TokenRefused',
  tokenRateLimited: 'TokenRateLimited',
  tokenUnavailable: 'TokenUnavailable',
  unauthorized: 'Unauthorized',
  forbidden: 'Forbidden',
  notFound: 'NotFound',
  conflict: 'Conflict',
  rateLimited: 'RateLimited',
  requestRefused: 'RequestRefused',
  payloadTooLarge: 'PayloadTooLarge',
  serverError: 'ServerError',
  timeout: 'Timeout',
  connectionFailed: 'ConnectionFailed',
  connectionLost: 'ConnectionLost',
  malformedJson: 'MalformedJson',
  htmlInsteadOfJson: 'HtmlInsteadOfJson',
  emptyBody: 'EmptyBody',
  unexpectedShape: 'UnexpectedShape',
  bodyTooLarge: 'BodyTooLarge',
  paginationStuck: 'PaginationStuck',
  rosterFolderNotSet: 'RosterFolderNotSet',
  rosterPathRefused: 'RosterPathRefused',
  rosterUnreadable: 'RosterUnreadable',
  invalidRoster: 'InvalidRoster',
  emptyRoster: 'EmptyRoster',
  rosterChanged: 'RosterChanged',
  invalidJob: 'InvalidJob',
} as const;

export type FailureType = (typeof FAILURE_TYPES)[keyof typeof FAILURE_TYPES];

/** First element of an `ApplicationFailure`'s details. */
export interface FailureDetails {
  /** What a person should do next. */
  readonly hint: string;
  /** Section of `docs/errors.md`, for example `docs/errors.md#nameconflict`. */
  readonly docs: string;
  /** HTTP status of the target's answer, where there was one. */
  readonly status?: number;
  /** METHOD and URL of the request that failed. */
  readonly request?: string;
  readonly correlationId?: string;
  /** Problems of the definition, for `ValidationFailed`. */
  readonly issues?: readonly { readonly path: string; readonly code: string; readonly message: string }[];
  /** Attempts that a delivery took. */
  readonly attempts?: number;
}

/** The address of a failure type in the documentation. */
export function failureDocs(type: FailureType): string {
  return `docs/errors.md#${type.toLowerCase()}`;
}
