import { methodNotAllowed } from '../errors.ts';
import { type Exchange, jsonReply, mediaType, type Reply } from '../http.ts';
import type { SimulatorState } from '../state.ts';

/** `POST /oauth/token`: OAuth 2.0 client credentials (RFC 6749 section 4.4), with Genesys' error bodies. */
export function routeToken(state: SimulatorState, exchange: Exchange): Reply {
  if (exchange.method !== 'POST') return methodNotAllowed(exchange, ['POST']);
  if (mediaType(exchange) !== 'application/x-www-form-urlencoded') {
    return oauthError(400, 'invalid_request', 'the body must be application/x-www-form-urlencoded');
  }
  const form = new URLSearchParams(exchange.text);
  if (!isClient(state, exchange, form)) {
    const { invalidClientStatus } = state.options;
    const challenge = invalidClientStatus === 401 ? { 'www-authenticate': 'Basic realm="oauth"' } : {};
    return oauthError(invalidClientStatus, 'invalid_client', 'authentication failed', challenge);
  }
  if (form.get('grant_type') !== 'client_credentials') {
    return oauthError(400, 'unsupported_grant_type', 'grant_type must be client_credentials');
  }
  return issueToken(
    state,
    form
      .get('scope')
      ?.split(' ')
      .filter((scope) => scope !== '') ?? [],
  );
}

/** Answer of a token endpoint that is asked too often: 400, not 429, and no Retry-After. */
export function tokenRateLimited(): Reply {
  return oauthError(400, 'invalid_request', 'rate limit exceeded');
}

function issueToken(state: SimulatorState, requested: readonly string[]): Reply {
  const { grantedScopes, tokenTtlSeconds } = state.options;
  const scopes = requested.length === 0 ? grantedScopes : grantedScopes.filter((scope) => requested.includes(scope));
  // RFC 6749 section 5.1: the scope is named in the answer when it is not the one that was asked for.
  const isAsRequested = requested.every((scope) => scopes.includes(scope));
  return jsonReply(
    200,
    {
      access_token: state.tokens.issue(scopes),
      token_type: 'bearer',
      expires_in: tokenTtlSeconds,
      ...(isAsRequested ? {} : { scope: scopes.join(' ') }),
    },
    { 'cache-control': 'no-store' },
  );
}

function oauthError(
  status: number,
  error: string,
  description: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return jsonReply(status, { error, description, error_description: description }, headers);
}

/** Genesys lists client_secret_basic and client_secret_post in its OAuth metadata. */
function isClient(state: SimulatorState, exchange: Exchange, form: URLSearchParams): boolean {
  const { clientId, clientSecret } = state.options;
  const header = exchange.headers.authorization;
  if (header === undefined) return form.get('client_id') === clientId && form.get('client_secret') === clientSecret;
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header)?.[1];
  if (encoded === undefined) return false;
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  const [id, secret] = [pair.slice(0, colon), pair.slice(colon + 1)];
  // RFC 6749 section 2.3.1 has both parts form-encoded first; Genesys' SDKs send them as they are. Both are taken.
  return (
    (id === clientId && secret === clientSecret) || (formDecode(id) === clientId && formDecode(secret) === clientSecret)
  );
}

function formDecode(text: string): string {
  return new URLSearchParams(`x=${text.replaceAll('&', '%26')}`).get('x') ?? text;
}
