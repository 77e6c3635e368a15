import { errorBody, tooManyRequests } from './errors.ts';
import { type Exchange, type Reply, ReplyError } from './http.ts';
import { rateLimitHeaders } from './rate-limit.ts';
import { routeToken } from './routes/oauth.ts';
import { routePublished } from './routes/published.ts';
import { routeScim } from './routes/scim-groups.ts';
import { routeUsers } from './routes/users.ts';
import { routeWebhook } from './routes/webhook-sink.ts';
import type { SimulatorState } from './state.ts';

export const TOKEN_PATH = '/oauth/token';
export const WEBHOOK_PATH = '/hris/webhook';

/** Largest request body in bytes: `request.bytes.max` of Genesys' limits page. */
export const MAX_BODY_BYTES = 512_000;

/** Answers every request that is not for the control API. Never throws: what goes wrong inside is a 500. */
export function handleRequest(state: SimulatorState, exchange: Exchange): Reply {
  try {
    if (exchange.tooLarge) {
      return errorBody(exchange, 413, 'request.entity.too.large', `Maximum bytes: ${MAX_BODY_BYTES}`);
    }
    if (exchange.url.pathname === TOKEN_PATH) return routeToken(state, exchange);
    if (exchange.url.pathname === WEBHOOK_PATH) return routeWebhook(state, exchange);
    return routeVendor(state, exchange);
  } catch (error) {
    if (error instanceof ReplyError) return error.reply;
    const message = error instanceof Error ? error.message : String(error);
    return errorBody(exchange, 500, 'internal.server.error', `The simulator failed: ${message}`);
  }
}

/** Headers of the rate limit window; none on paths it does not apply to. */
export function limitHeaders(state: SimulatorState, exchange: Exchange): Record<string, string> {
  const { pathname } = exchange.url;
  if (pathname === TOKEN_PATH || pathname === WEBHOOK_PATH) return {};
  return rateLimitHeaders(state.limiter.state());
}

function routeVendor(state: SimulatorState, exchange: Exchange): Reply {
  const window = state.limiter.hit();
  if (!window.allowed) {
    return tooManyRequests(exchange, window.resetSeconds, String(window.resetSeconds));
  }
  const token = /^Bearer (\S+)$/i.exec(exchange.headers.authorization ?? '')?.[1];
  const scopes = token === undefined ? undefined : state.tokens.scopesOf(token);
  if (scopes === undefined) return errorBody(exchange, 401, 'bad.credentials', 'Invalid login credentials.');
  const { api } = state.options;
  return (
    // First, so that a base path that the published API has too is the one that was asked for.
    (api === 'published' ? undefined : routeScim(state, exchange, scopes)) ??
    (api === 'scim' ? undefined : routePublished(state, exchange)) ??
    routeUsers(state, exchange) ??
    errorBody(exchange, 404, 'not.found', `${exchange.method} ${exchange.url.pathname} does not exist`)
  );
}
