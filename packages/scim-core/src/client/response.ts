import * as z from 'zod';
import { cleanText, ScimError, type ScimErrorCode, type ScimErrorFacts } from '../errors.ts';
import { parseRetryAfter } from '../retry-after.ts';
import type { HttpRequest, HttpResponse } from './http.ts';

/** Facts of an answer, for a {@link ScimError}. Both error shapes of the vendor are read on any status: SCIM's and the gateway's. */
export function responseFacts(
  request: Pick<HttpRequest, 'method' | 'url'>,
  response: HttpResponse,
): ScimErrorFacts & { readonly reason?: string | undefined } {
  const body = errorBodySchema.safeParse(parseJson(response.body)).data;
  const text = body?.detail ?? body?.message ?? body?.error_description ?? body?.description;
  const detail = text ?? (response.body.trim() === '' ? undefined : cleanText(response.body, 200));
  return {
    method: request.method,
    url: request.url.href,
    status: response.status,
    detail: detail === undefined ? undefined : cleanText(detail),
    reason: body?.scimType ?? body?.code ?? body?.error,
    correlationId: response.headers['inin-correlation-id'] ?? body?.contextId,
    retryAfterMs: parseRetryAfter(response.headers['retry-after'], Date.now()),
  };
}

const shortText = z.string().max(10_000).optional().catch(undefined);

/** ScimError (RFC 7644 section 3.12), the vendor's ErrorBody, and OAuth's error (RFC 6749 section 5.2): what we read of them. */
const errorBodySchema = z.object({
  detail: shortText,
  scimType: shortText,
  message: shortText,
  code: shortText,
  contextId: shortText,
  error: shortText,
  error_description: shortText,
  description: shortText,
});

/** The error that a status of the target stands for; undefined for 2xx. */
export function statusError(request: HttpRequest, response: HttpResponse): ScimError | undefined {
  if (response.status >= 200 && response.status < 300) return undefined;
  const facts = responseFacts(request, response);
  const code = codeOfStatus(response.status);
  return new ScimError(code, code === 'forbidden' ? { ...facts, detail: forbiddenDetail(facts) } : facts);
}

function codeOfStatus(status: number): ScimErrorCode {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not_found';
  if (status === 409) return 'conflict';
  if (status === 413) return 'payload_too_large';
  if (status === 429) return 'rate_limited';
  // 408 is the vendor's client.timeout: it gave up on us, what it did is open.
  if (status === 408) return 'timeout';
  // 501 is a decision, not an accident: the server will not do it later either (RFC 7644 section 3.12).
  if (status >= 500 && status !== 501) return 'server_error';
  return 'request_refused';
}

/** Names what is missing: the words of the target where it names it, else the scope or permission that such a request needs. */
function forbiddenDetail(facts: ScimErrorFacts): string {
  const need =
    facts.method === 'GET'
      ? 'scope user:scim:read, permission directory:group:view'
      : 'scope user:scim:write, permissions directory:group:add and directory:group:edit';
  const byScope =
    facts.reason === 'app.not.authorized.for.scope'
      ? 'the OAuth client lacks a scope'
      : 'the OAuth client lacks a permission';
  return `${facts.detail === undefined ? '' : `${facts.detail}; `}${byScope}: this request needs ${need}`;
}

/** Parses a 2xx answer as JSON. */
export function jsonBody(request: HttpRequest, response: HttpResponse): unknown {
  const facts = { ...responseFacts(request, response), reason: undefined };
  if (response.body.trim() === '') throw new ScimError('empty_body', { ...facts, detail: undefined });
  const value = parseJson(response.body);
  if (value !== undefined) return value;
  const html = /^\s*</u.test(response.body) || (response.headers['content-type'] ?? '').includes('html');
  throw new ScimError(html ? 'html_instead_of_json' : 'malformed_json', {
    ...facts,
    detail: cleanText(
      `content type ${response.headers['content-type'] ?? 'absent'}, begins with ${JSON.stringify(response.body.slice(0, 120))}`,
    ),
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
