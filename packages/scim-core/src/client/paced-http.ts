import { setTimeout as sleep } from 'node:timers/promises';
import { ScimError } from '../errors.ts';
import type { Http, HttpRequest, HttpResponse } from './http.ts';
import type { Leave, Pacer } from './pacer.ts';

/** Longest wait for a place in the rate limit before a request is refused, in milliseconds: an activity must not sleep for long. */
const MAX_PACING_WAIT_MS = 2_000;

/** Shortest time to wait that a refusal tells: a refused activity costs an attempt, and its waits here have cost two seconds. */
const MIN_RETRY_AFTER_MS = 1_000;

/**
 * Http that keeps under the target's rate limit. A request that would have to wait longer than {@link MAX_PACING_WAIT_MS} is not sent:
 * it fails with `rate_limited` and the time to wait.
 */
export function pacedHttp(http: Http, pacer: Pacer): Http {
  return {
    async send(request) {
      const leave = await place(pacer, request);
      let response: HttpResponse | undefined;
      try {
        response = await http.send(request);
        return response;
      } finally {
        leave(response?.headers);
      }
    },
    close: () => http.close(),
  };
}

async function place(pacer: Pacer, request: HttpRequest): Promise<Leave> {
  let left = MAX_PACING_WAIT_MS;
  for (;;) {
    request.signal?.throwIfAborted();
    const entered = pacer.enter(request.urgent === true ? 'urgent' : 'bulk');
    if (typeof entered === 'function') return entered;
    if (entered > left) throw notSent(request, Math.max(entered, MIN_RETRY_AFTER_MS), pacer);
    left -= entered;
    // An abort ends the wait; the top of the loop then throws its reason.
    await sleep(entered, undefined, { signal: request.signal }).catch(() => undefined);
  }
}

function notSent(request: HttpRequest, retryAfterMs: number, pacer: Pacer): ScimError {
  const budget = pacer.budget();
  const used = budget === undefined ? '' : `: ${budget.used} of ${budget.allowed} requests of this window are used`;
  return new ScimError('rate_limited', {
    method: request.method,
    url: request.url.href,
    detail: `not sent, to stay under the rate limit of the target${used}`,
    retryAfterMs,
  });
}
