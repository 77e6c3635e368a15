import * as z from 'zod';
import { cleanText, ScimError, type ScimErrorCode, type ScimErrorFacts } from '../errors.ts';
import { parseRetryAfter } from '../retry-after.ts';
import { correlationIdOf, parseJson } from './correlation.ts';
import type { Dialect } from './dialects.ts';
import type { HttpRequest, HttpResponse } from './http.ts';

/** Facts of an answer, for a {@link ScimError}. Both error shapes of the vendor are read on any status: SCIM's and the gateway's. */
export function responseFacts(request: Pick<HttpRequest, 'method' | 'url'>, response: HttpResponse): ScimErrorFacts {
  const body = errorBodySchema.safeParse(parseJson(response.body)).data;
  const text = body?.detail ?? body?.message ?? body?.error_description ?? body?.description;
  const detail = text ?? (response.body.trim() === '' ? undefined : cleanText(response.body, 200));
  const reason = body?.scimType ?? body?.code ?? body?.error;
  return {
    method: request.method,
    url: request.url.href,
    status: response.status,
    detail: detail === undefined ? undefined : cleanText(detail),
    reason: reason === undefined ? undefined : cleanText(reason, 100),
    correlationId: correlationIdOf(response),
    retryAfterMs: retryAfter(response, text),
  };
}

const shortText = z.string().max(10_000).optional().catch(undefined);

/** ScimError (RFC 7644 section 3.12), the vendor's ErrorBody, and OAuth's error (RFC 6749 section 5.2): what we read of them. */
const errorBodySchema = z.object({
  detail: shortText,
  scimType: shortText,
  message: shortText,
  code: shortText,
  error: shortText,
  error_description: shortText,
  description: shortText,
});

/** `Retry-After`; where a 429 has none, what else says how long: another header, or the vendor's sentence with `[seconds]`. */
function retryAfter({ status, headers }: HttpResponse, text: string | undefined): number | undefined {
  const now = Date.now();
  const standard = parseRetryAfter(headers['retry-after'], now);
  if (standard !== undefined || status !== 429) return standard;
  return (
    parseRetryAfter(headers['x-retry-after'], now) ??
    (windowIsUsedUp(headers) ? parseRetryAfter(headers['inin-ratelimit-reset'], now) : undefined) ??
    parseRetryAfter(/\bin \[(\d+)\] seconds/u.exec(text ?? '')?.[1], now)
  );
}

/** The end of the window is worth waiting for only where the window is what is used up; else the limit is another one. */
function windowIsUsedUp(headers: HttpResponse['headers']): boolean {
  const [count, allowed] = [headers['inin-ratelimit-count'], headers['inin-ratelimit-allowed']].map(Number);
  return count !== undefined && allowed !== undefined && count >= allowed;
}

/** The error that a status of the target stands for; undefined for 2xx. */
export function statusError(request: HttpRequest, response: HttpResponse, dialect: Dialect): ScimError | undefined {
  if (response.status >= 200 && response.status < 300) return undefined;
  const facts = responseFacts(request, response);
  const code = codeOf(request, facts, dialect);
  if (code === 'forbidden') return new ScimError(code, { ...facts, detail: forbiddenDetail(request, facts, dialect) });
  const redirect = redirectDetail(response);
  return new ScimError(code, redirect === undefined ? facts : { ...facts, detail: redirect });
}

/** Words of the vendor for a version that is old, in an answer that has no scimType. */
const OLD_VERSION = /does not match (?:the )?current version/iu;

/** Words of the vendor for a name that another group has; PUT declares no code for it. */
const NAME_IN_USE = /group name is currently in use/iu;

function codeOf(request: HttpRequest, facts: ScimErrorFacts, dialect: Dialect): ScimErrorCode {
  const { status, reason } = facts;
  if (status === 400 || status === 409 || status === 412) {
    // Creating a group with a name in use is a 400 in the vendor's Groups API.
    if (reason === 'group.name.in.use' || NAME_IN_USE.test(facts.detail ?? '')) return 'conflict';
    if (status === 400 && reason === 'uniqueness') return 'conflict';
    // The published SCIM text says 400 with invalidVers, its contract 409, RFC 7644 section 3.14 says 412.
    if (status === 412 || reason === 'invalidVers' || OLD_VERSION.test(facts.detail ?? '')) return 'stale';
    if (status === 409) return isStaleConflict(request, reason, dialect) ? 'stale' : 'conflict';
  }
  return codeOfStatus(status ?? 0);
}

function isStaleConflict(request: HttpRequest, reason: string | undefined, dialect: Dialect): boolean {
  if (request.method === 'POST' || reason === 'uniqueness') return false;
  return dialect.conflictIsStale || request.headers['if-match'] !== undefined;
}

function codeOfStatus(status: number): ScimErrorCode {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not_found';
  if (status === 413) return 'payload_too_large';
  if (status === 429) return 'rate_limited';
  // 408 is the vendor's client.timeout: it gave up on us, what it did is open.
  if (status === 408) return 'timeout';
  // 501 is a decision, not an accident: the server will not do it later either (RFC 7644 section 3.12).
  if (status >= 500 && status !== 501) return 'server_error';
  return 'request_refused';
}

/** Names what is missing: the words of the target where it names it, and the scope or permission that such a request needs. */
function forbiddenDetail(request: HttpRequest, facts: ScimErrorFacts, dialect: Dialect): string {
  const lacks =
    facts.reason === 'app.not.authorized.for.scope'
      ? 'the OAuth client lacks a scope'
      : 'the OAuth client lacks a permission';
  const words = facts.detail === undefined ? '' : `${facts.detail}; `;
  return `${words}${lacks}: this request needs ${dialect.needs(request)}`;
}

/** A redirect is an error: the token would go where an answer says. Only the host is named, the rest may hold a secret. */
function redirectDetail({ status, headers }: HttpResponse): string | undefined {
  const location = headers['location'];
  if (status < 300 || status >= 400 || location === undefined || !URL.canParse(location)) return undefined;
  return `redirects to ${new URL(location).origin}, which is not followed`;
}

/** Parses a 2xx answer as JSON. */
export function jsonBody(request: HttpRequest, response: HttpResponse): unknown {
  const value = parseJson(response.body);
  if (value !== undefined) return value;
  const facts = { ...responseFacts(request, response), reason: undefined };
  if (response.body.trim() === '') throw new ScimError('empty_body', { ...facts, detail: undefined });
  const html = /^\s*</u.test(response.body) || (response.headers['content-type'] ?? '').includes('html');
  throw new ScimError(html ? 'html_instead_of_json' : 'malformed_json', {
    ...facts,
    detail: cleanText(
      `content type ${response.headers['content-type'] ?? 'absent'}, begins with ${JSON.stringify(response.body.slice(0, 120))}`,
    ),
  });
}
