import { setTimeout as sleep } from 'node:timers/promises';
import { DirectoryError } from './directory.ts';
import { errorBody, tooManyRequests } from './errors.ts';
import type { ParsedFault } from './faults.ts';
import type { Exchange, Reply } from './http.ts';
import { GROUP_SEARCH_PATH } from './routes/groups-search.ts';
import { tokenRateLimited } from './routes/oauth.ts';
import type { SimulatorState } from './state.ts';
import { handleRequest, TOKEN_PATH } from './vendor.ts';

/** What is to be sent, and what was done. */
export interface Outcome {
  /** `undefined`: the socket is destroyed instead of an answer. */
  reply: Reply | undefined;
  committed: boolean | undefined;
  /** Send the body in pieces of this many bytes, with this pause after each. */
  dribble?: { bytes: number; delayMs: number };
}

/**
 * Handles a request, with a fault if there is one.
 * @param signal ends the wait of a `delay` early
 */
export async function answer(
  state: SimulatorState,
  exchange: Exchange,
  fault: ParsedFault | undefined,
  signal: AbortSignal,
): Promise<Outcome> {
  switch (fault?.kind) {
    case undefined:
      return handled(state, exchange);
    case 'delay':
      await sleep(fault.ms, undefined, { signal });
      return handled(state, exchange);
    case 'rate-limited':
      return untouched(exchange, rateLimited(exchange, fault));
    case 'token-rate-limited':
      return untouched(exchange, tokenRateLimited());
    case 'respond':
      return untouched(exchange, fixedReply(fault));
    case 'drop-before':
      return untouched(exchange, undefined);
    case 'drop-after-commit':
      return { ...handled(state, exchange), reply: undefined };
    case 'commit-then-respond':
      return { ...handled(state, exchange), reply: fixedReply(fault) };
    case 'slow-body':
      return { ...handled(state, exchange), dribble: { bytes: fault.chunkBytes, delayMs: fault.chunkDelayMs } };
    case 'expire-tokens':
      state.tokens.revokeAll();
      return handled(state, exchange);
    case 'hide-group':
      return handled(state, { ...exchange, hiddenGroup: fault.name.toLowerCase() });
    case 'create-first':
      return createFirst(state, exchange, fault);
  }
}

function handled(state: SimulatorState, exchange: Exchange): Outcome {
  const reply = handleRequest(state, exchange);
  return { reply, committed: isWrite(exchange) ? reply.status < 300 : undefined };
}

function untouched(exchange: Exchange, reply: Reply | undefined): Outcome {
  return { reply, committed: isWrite(exchange) ? false : undefined };
}

function isWrite(exchange: Exchange): boolean {
  const { pathname } = exchange.url;
  // Both are sent with POST and change nothing in the organization.
  if (pathname === TOKEN_PATH || pathname === GROUP_SEARCH_PATH) return false;
  return ['POST', 'PUT', 'PATCH', 'DELETE'].includes(exchange.method);
}

function rateLimited(exchange: Exchange, fault: ParsedFault & { kind: 'rate-limited' }): Reply {
  const seconds = fault.retryAfterSeconds;
  if (fault.form === 'none') return tooManyRequests(exchange, seconds, undefined);
  if (fault.form === 'seconds') return tooManyRequests(exchange, seconds, String(seconds));
  // An HTTP date has whole seconds; rounding up keeps the wait from being shorter than asked for.
  const at = new Date(Math.ceil(Date.now() / 1000 + seconds) * 1000);
  return tooManyRequests(exchange, seconds, at.toUTCString());
}

function fixedReply(fault: ParsedFault & { kind: 'respond' | 'commit-then-respond' }): Reply {
  const body = fault.body ?? '';
  const contentType = fault.contentType ?? (body === '' ? undefined : 'application/json');
  const headers = Object.entries(fault.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    status: fault.status,
    headers: {
      ...(contentType === undefined ? {} : { 'content-type': contentType }),
      ...(Object.fromEntries(headers) as Record<string, string>),
    },
    body,
  };
}

function createFirst(
  state: SimulatorState,
  exchange: Exchange,
  fault: ParsedFault & { kind: 'create-first' },
): Outcome {
  try {
    const { displayName, externalId, members = [] } = fault.group;
    state.createGroup({ displayName, externalId, members, extensions: {} });
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error;
    // A test that lists members nobody has would otherwise pass for a reason it does not mean.
    if (error.problem.kind === 'unknown-members') {
      const message = `The fault create-first cannot create its group: ${error.message}`;
      return untouched(exchange, errorBody(exchange, 500, 'internal.server.error', message));
    }
  }
  return handled(state, exchange);
}
