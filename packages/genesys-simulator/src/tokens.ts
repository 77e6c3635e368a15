import { randomBytes } from 'node:crypto';

/** Access tokens that were given out, with the scopes of each. */
export class TokenStore {
  readonly #ttlMs: number;
  readonly #now: () => number;
  readonly #tokens = new Map<string, { scopes: ReadonlySet<string>; expiresAt: number }>();

  /** @param now clock in milliseconds */
  constructor(ttlSeconds: number, now: () => number = Date.now) {
    this.#ttlMs = ttlSeconds * 1000;
    this.#now = now;
  }

  /** A new random token with these scopes. */
  issue(scopes: readonly string[]): string {
    const now = this.#now();
    for (const [token, { expiresAt }] of this.#tokens) if (expiresAt <= now) this.#tokens.delete(token);
    const token = randomBytes(32).toString('base64url');
    this.#tokens.set(token, { scopes: new Set(scopes), expiresAt: now + this.#ttlMs });
    return token;
  }

  /** Scopes of a live token; `undefined` when it is unknown, expired or revoked. */
  scopesOf(token: string): ReadonlySet<string> | undefined {
    const entry = this.#tokens.get(token);
    return entry !== undefined && entry.expiresAt > this.#now() ? entry.scopes : undefined;
  }

  revokeAll(): void {
    this.#tokens.clear();
  }
}
