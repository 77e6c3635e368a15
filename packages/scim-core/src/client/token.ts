import * as z from 'zod';
import { ScimError } from '../errors.ts';
import type { Http, HttpRequest, HttpResponse } from './http.ts';
import { jsonBody, responseFacts } from './response.ts';

/** A token is not used in the last seconds of its life: it might end on its way. */
const EXPIRY_MARGIN_MS = 5_000;

const tokenSchema = z.object({
  access_token: z.string().min(1).max(20_000),
  token_type: z.string().regex(/^bearer$/iu),
  /** Seconds (RFC 6749 section 5.1). */
  expires_in: z.coerce.number().positive(),
});

export interface TokenOptions {
  readonly url: URL;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Scopes, separated by spaces; empty sends none. */
  readonly scope: string;
  readonly http: Http;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/** OAuth 2.0 client credentials (RFC 6749 section 4.4) with a cache: one request in flight, however many callers wait. */
export interface TokenSource {
  /** @throws {ScimError} `invalid_client`, `token_refused` (final); `token_rate_limited`, `token_unavailable`, connection errors (retryable) */
  token(): Promise<string>;
  /** Forgets a token that the target refused, unless a newer one is there already. */
  invalidate(token: string): void;
}

export function createTokenSource(options: TokenOptions): TokenSource {
  const now = options.now ?? Date.now;
  let cached: { readonly token: string; readonly usableUntil: number } | undefined;
  let pending: Promise<string> | undefined;

  const fetchToken = async (): Promise<string> => {
    // No caller's signal here: one that gives up must not cancel the token that others wait for.
    const started = now();
    const request = tokenRequest(options);
    const response = await options.http.send(request);
    const answer = readToken(request, response);
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
    },
  };
}

function tokenRequest(options: TokenOptions): HttpRequest {
  // RFC 6749 section 2.3.1: both parts are form-encoded before they are joined.
  const basic = Buffer.from(`${formEncode(options.clientId)}:${formEncode(options.clientSecret)}`).toString('base64');
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (options.scope !== '') form.set('scope', options.scope);
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
