import * as z from 'zod';
import { isScimError, ScimError } from '../errors.ts';
import type { Http, HttpRequest, HttpResponse } from './http.ts';
import { jsonBody, responseFacts } from './response.ts';

/** A token is not used in the last seconds of its life: it might end on its way. */
const EXPIRY_MARGIN_MS = 5_000;

const tokenSchema = z.object({
  access_token: z.string().min(1).max(20_000),
  token_type: z.string().regex(/^bearer$/iu),
  /** Seconds (RFC 6749 section 5.1), which only recommends it. */
  expires_in: z.coerce.number().positive().default(300),
});

export interface TokenOptions {
  readonly url: URL;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Scopes, separated by spaces; empty sends none. */
  readonly scope: string;
  /** True if nobody asked for these scopes: where the server refuses them, a token without scope is asked for, from then on. */
  readonly scopeIsOptional?: boolean;
  readonly http: Http;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/** OAuth 2.0 client credentials (RFC 6749 section 4.4) with a cache: one request in flight, however many callers wait. */
export interface TokenSource {
  /** @throws {ScimError} `invalid_client`, `token_refused` (final); `token_rate_limited`, `token_unavailable`, connection errors (retryable) */
  token(): Promise<string>;
  /**
   * Forgets a token that the target refused, unless a newer one is there already.
   *
   * @returns false if there is no other token to be had
   */
  invalidate(token: string): boolean;
}

export function createTokenSource(options: TokenOptions): TokenSource {
  const now = options.now ?? Date.now;
  let cached: { readonly token: string; readonly usableUntil: number } | undefined;
  let pending: Promise<string> | undefined;
  let scope = options.scope;

  const ask = async (): Promise<z.output<typeof tokenSchema>> => {
    // No caller's signal here: one that gives up must not cancel the token that others wait for.
    const request = tokenRequest(options, scope);
    return readToken(request, withoutSecret(await options.http.send(request), options.clientSecret));
  };

  const fetchToken = async (): Promise<string> => {
    const started = now();
    const answer = await ask().catch((error: unknown) => {
      if (scope === '' || options.scopeIsOptional !== true || !refusesScope(error)) throw error;
      scope = '';
      return ask();
    });
    cached = { token: answer.access_token, usableUntil: started + answer.expires_in * 1000 - EXPIRY_MARGIN_MS };
    return answer.access_token;
  };

  return {
    async token() {
      if (cached !== undefined && now() < cached.usableUntil) return cached.token;
      pending ??= fetchToken().finally(() => {
        pending = undefined;
      });
      return pending;
    },
    invalidate(token) {
      if (cached?.token === token) cached = undefined;
      return true;
    },
  };
}

/** A token that was set, and cannot be renewed. */
export function fixedToken(token: string): TokenSource {
  return { token: () => Promise.resolve(token), invalidate: () => false };
}

/** RFC 6749 section 5.2. */
function refusesScope(error: unknown): boolean {
  return isScimError(error, 'token_refused') && error.facts.reason === 'invalid_scope';
}

/** A server that repeats the secret in its answer must not bring it into an error. */
function withoutSecret(response: HttpResponse, secret: string): HttpResponse {
  return response.body.includes(secret) && response.status >= 300
    ? { ...response, body: response.body.replaceAll(secret, '***') }
    : response;
}

function tokenRequest(options: TokenOptions, scope: string): HttpRequest {
  // RFC 6749 section 2.3.1: both parts are form-encoded before they are joined.
  const basic = Buffer.from(`${formEncode(options.clientId)}:${formEncode(options.clientSecret)}`).toString('base64');
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (scope !== '') form.set('scope', scope);
  return {
    method: 'POST',
    url: options.url,
    headers: {
      authorization: `Basic ${basic}`,
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    },
    body: form.toString(),
  };
}

function formEncode(value: string): string {
  return new URLSearchParams([['', value]]).toString().slice(1);
}

function readToken(request: HttpRequest, response: HttpResponse): z.output<typeof tokenSchema> {
  if (response.status < 200 || response.status >= 300) throw tokenError(request, response);
  try {
    const parsed = tokenSchema.safeParse(jsonBody(request, response));
    if (parsed.success) return parsed.data;
  } catch {
    // The body may hold a token, so nothing of it goes into the error.
  }
  throw new ScimError('token_unavailable', {
    method: request.method,
    url: request.url.href,
    status: response.status,
    detail: 'the answer holds no bearer token',
  });
}

function tokenError(request: HttpRequest, response: HttpResponse): ScimError {
  const facts = responseFacts(request, response);
  const { status } = response;
  // The vendor answers a rate-limited token endpoint with 400 invalid_request, not with 429.
  if (status === 429 || (status === 400 && /rate limit/iu.test(facts.detail ?? '')))
    return new ScimError('token_rate_limited', facts);
  if (facts.reason === 'invalid_client' || status === 401) return new ScimError('invalid_client', facts);
  return new ScimError(status >= 500 || status === 408 ? 'token_unavailable' : 'token_refused', facts);
}
