/** State of the window after a look at it. */
export interface RateLimitState {
  allowed: boolean;
  /** Requests counted in this window. */
  count: number;
  limit: number;
  /** Whole seconds until the window ends, at least 1. */
  resetSeconds: number;
}

/** Counts requests in fixed windows; a window starts with its first request. */
export class RateLimiter {
  readonly #limit: number;
  readonly #windowMs: number;
  readonly #now: () => number;
  #start = Number.NEGATIVE_INFINITY;
  #count = 0;

  /** @param windowMs length of a window; @param now clock in milliseconds */
  constructor(limit: number, windowMs: number, now: () => number = Date.now) {
    this.#limit = limit;
    this.#windowMs = windowMs;
    this.#now = now;
  }

  /** Counts one request. */
  hit(): RateLimitState {
    if (this.#now() - this.#start >= this.#windowMs) {
      this.#start = this.#now();
      this.#count = 0;
    }
    this.#count += 1;
    return this.state();
  }

  /** The state without counting. */
  state(): RateLimitState {
    const age = this.#now() - this.#start;
    const running = age < this.#windowMs;
    const count = running ? this.#count : 0;
    const left = running ? this.#windowMs - age : this.#windowMs;
    const resetSeconds = Math.max(1, Math.ceil(left / 1000));
    return { allowed: count <= this.#limit, count, limit: this.#limit, resetSeconds };
  }

  reset(): void {
    this.#start = Number.NEGATIVE_INFINITY;
    this.#count = 0;
  }
}

/** Genesys' headers for a window. */
export function rateLimitHeaders(state: RateLimitState): Record<string, string> {
  return {
    'inin-ratelimit-count': String(state.count),
    'inin-ratelimit-allowed': String(state.limit),
    'inin-ratelimit-reset': String(state.resetSeconds),
  };
}
