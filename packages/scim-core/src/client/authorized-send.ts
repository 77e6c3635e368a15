import type { Dialect } from './dialects.ts';
import type { Http, HttpRequest, HttpResponse } from './http.ts';
import { statusError } from './response.ts';
import type { TokenSource } from './token.ts';

/**
 * Sends a request with a bearer token.
 *
 * @returns a 2xx answer
 * @throws {ScimError} for anything else
 */
export type AuthorizedSend = (request: HttpRequest) => Promise<HttpResponse>;

/** One renewal on a 401: the token may have been revoked before its time. A second 401 is the target's last word. */
export function authorizedSend(http: Http, tokens: TokenSource, dialect: Dialect): AuthorizedSend {
  const attempt = async (request: HttpRequest): Promise<{ response: HttpResponse; token: string }> => {
    const token = await tokens.token();
    request.signal?.throwIfAborted();
    const response = await http.send({ ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } });
    return { response: withoutToken(response, token), token };
  };
  return async (request) => {
    let { response, token } = await attempt(request);
    if (response.status === 401 && tokens.invalidate(token)) {
      ({ response, token } = await attempt(request));
      if (response.status === 401) tokens.invalidate(token);
    }
    const error = statusError(request, response, dialect);
    if (error !== undefined) throw error;
    return response;
  };
}

/** Shorter ones are found in any text; real tokens are long. */
const SHORTEST_SECRET = 8;

/** A server that repeats the token in its answer must not bring it into an error or a log. */
function withoutToken(response: HttpResponse, token: string): HttpResponse {
  return token.length >= SHORTEST_SECRET && response.body.includes(token)
    ? { ...response, body: response.body.replaceAll(token, '***') }
    : response;
}
