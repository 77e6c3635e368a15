/** What is known about a failed request; each has a row in `docs/errors.md`. */
export type ScimErrorCode = keyof typeof SCIM_ERRORS;

interface ScimErrorKind {
  /** True if the same request may succeed later without a person doing something. */
  readonly retryable: boolean;
  /** Whether the target may have acted on the request: a write that is `unclear` is looked up before it is sent again. */
  readonly effect: 'none' | 'unclear';
  /** What to do, for a person. */
  readonly hint: string;
}

const kind = (retryable: boolean, effect: ScimErrorKind['effect'], hint: string): ScimErrorKind => ({
  retryable,
  effect,
  hint,
});

/** The one table of request errors: whether to try again, what may have happened at the target, and what to do. */
export const SCIM_ERRORS = {
  invalid_client: kind(
    false,
    'none',
    'Check GENESYS_CLIENT_ID, GENESYS_CLIENT_SECRET and GENESYS_REGION (SCIM_CLIENT_ID, SCIM_CLIENT_SECRET and SCIM_TOKEN_URL for another SCIM server): the login server does not know this client. A wrong region looks the same as a wrong secret.',
  ),
  token_refused: kind(
    false,
    'none',
    'The login server refuses the request for a token: check the grant type (client credentials) and the scopes of the OAuth client (GENESYS_OAUTH_SCOPE).',
  ),
  token_rate_limited: kind(
    true,
    'none',
    'The token endpoint is rate limited; it is tried again. If it lasts, look for another program that uses the same OAuth client.',
  ),
  token_unavailable: kind(
    true,
    'none',
    'The token endpoint does not answer properly; it is tried again. Check GENESYS_REGION, GENESYS_LOGIN_URL or SCIM_TOKEN_URL if it lasts.',
  ),
  unauthorized: kind(
    false,
    'none',
    'The target refuses a token that was just issued: check that GENESYS_REGION and GENESYS_API_URL belong to the same organization as the OAuth client, and its IP allow list. For SCIM_BASE_URL check SCIM_BEARER_TOKEN.',
  ),
  forbidden: kind(
    false,
    'none',
    'Give the OAuth client the scope or permission that the message names, then try again.',
  ),
  not_found: kind(
    false,
    'none',
    'The target has no such resource. For the groups path itself: check SCIM_BASE_PATH or SCIM_BASE_URL.',
  ),
  conflict: kind(false, 'none', 'A group with this name or externalId exists; the workflow looks for it.'),
  stale: kind(true, 'none', 'Somebody changed the group meanwhile; it is read again and the change is planned anew.'),
  rate_limited: kind(
    true,
    'unclear',
    'The target limits the rate, or the request was held back to stay under its limit; it is sent again after the time that the answer names.',
  ),
  request_refused: kind(
    false,
    'none',
    'The target refuses the request; its words are in the message. Correct the definition.',
  ),
  payload_too_large: kind(
    false,
    'none',
    'The request is larger than the target takes; the group has too many members for one request.',
  ),
  server_error: kind(
    true,
    'unclear',
    'The target failed; the request is tried again. If it lasts, give the correlation id to the vendor.',
  ),
  timeout: kind(true, 'unclear', 'The target did not answer in time; the request is tried again.'),
  connection_failed: kind(
    true,
    'none',
    'The target cannot be reached; the request is tried again. Check GENESYS_API_URL, GENESYS_REGION or SCIM_BASE_URL, DNS and proxy if it lasts.',
  ),
  connection_lost: kind(
    true,
    'unclear',
    'The connection broke before the answer was complete; the request is tried again.',
  ),
  malformed_json: kind(
    true,
    'unclear',
    'The target answered with something that is not JSON; it is tried again. Check that no proxy changes answers if it lasts.',
  ),
  html_instead_of_json: kind(
    true,
    'unclear',
    'An HTML page came instead of JSON: usually a login page or proxy. Check GENESYS_API_URL and SCIM_BASE_PATH, or SCIM_BASE_URL, if it lasts.',
  ),
  empty_body: kind(
    true,
    'unclear',
    'The target answered success without a body; what it did is looked up before anything is sent again.',
  ),
  unexpected_shape: kind(
    true,
    'unclear',
    'The answer is JSON, but not what RFC 7644 asks for. Check that SCIM_BASE_PATH or SCIM_BASE_URL is the address of a SCIM server if it lasts.',
  ),
  body_too_large: kind(false, 'unclear', 'The answer is larger than this client reads; nothing was concluded from it.'),
  pagination_stuck: kind(
    false,
    'none',
    'The target sends the same page again and again, so the list cannot be read to its end. Report it to the vendor.',
  ),
} as const satisfies Record<string, ScimErrorKind>;

/** The facts of a failed request. */
export interface ScimErrorFacts {
  readonly method: string;
  /** URL without credentials, as it was requested. */
  readonly url: string;
  readonly status?: number | undefined;
  /** The target's words, at most 300 characters, cleaned of control characters. */
  readonly detail?: string | undefined;
  /** `scimType` of a SCIM error (RFC 7644 section 3.12) or the vendor's error code. */
  readonly reason?: string | undefined;
  /** Value of the vendor's `inin-correlation-id` header; quote it to the vendor's support. */
  readonly correlationId?: string | undefined;
  /** Milliseconds that the target asks us to wait. */
  readonly retryAfterMs?: number | undefined;
}

/** A request to the target or its login server that did not succeed. Its message never holds a token or a secret. */
export class ScimError extends Error {
  override readonly name = 'ScimError';
  readonly code: ScimErrorCode;
  readonly facts: ScimErrorFacts;

  constructor(code: ScimErrorCode, facts: ScimErrorFacts, options?: ErrorOptions) {
    super(describe(code, facts), options);
    this.code = code;
    this.facts = facts;
  }

  get retryable(): boolean {
    return SCIM_ERRORS[this.code].retryable;
  }

  /** True if the target may have done what was asked although no proper answer came. */
  get outcomeUnclear(): boolean {
    return SCIM_ERRORS[this.code].effect === 'unclear';
  }

  get hint(): string {
    return SCIM_ERRORS[this.code].hint;
  }
}

/** True for a {@link ScimError}, of the given codes where any are given. */
export function isScimError(error: unknown, ...codes: readonly ScimErrorCode[]): error is ScimError {
  return error instanceof ScimError && (codes.length === 0 || codes.includes(error.code));
}

function describe(code: ScimErrorCode, facts: ScimErrorFacts): string {
  const status = facts.status === undefined ? code.replaceAll('_', ' ') : `status ${facts.status} (${code})`;
  const detail = facts.detail === undefined ? '' : `: ${facts.detail}`;
  const reason = facts.reason === undefined ? '' : ` [${facts.reason}]`;
  const correlation = facts.correlationId === undefined ? '' : ` (correlation id ${facts.correlationId})`;
  return `${facts.method} ${facts.url}: ${status}${detail}${reason}${correlation}. ${SCIM_ERRORS[code].hint}`;
}

/** Characters that are read for each one that may be kept: cleaning shortens some. */
const READ_FOR_EACH = 10;

/** Makes foreign text fit for a message: one line, no control characters, no bearer tokens, no e-mail addresses, at most `max` characters. */
export function cleanText(text: string, max = 300): string {
  const oneLine = text
    // A whole answer may come here. What is looked for takes the square of a long run of letters.
    .slice(0, max * READ_FOR_EACH)
    // eslint-disable-next-line no-control-regex -- control characters are what it removes
    .replace(/[\u0000-\u001f\u007f\u2028\u2029]+/gu, ' ')
    .replace(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gu, '<e-mail>')
    .replace(/\b(bearer|basic)\s+[\w.~+/=-]+/giu, '$1 ***')
    .replace(/("?(?:access_token|refresh_token|client_secret|password)"?\s*[:=]\s*)"?[^\s",&]+"?/giu, '$1***')
    .trim();
  return oneLine.length > max ? `${oneLine.slice(0, max - 1)}…` : oneLine;
}
