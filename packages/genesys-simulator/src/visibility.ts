/** The APIs that show groups: the one at `scimBasePath`, `/api/v2/groups`, and `/api/v2/scim` with `/api/v2/scim/v2`. */
export type ApiFamily = 'scim' | 'groups' | 'publishedScim';

/** Milliseconds until a created group is seen. */
export type VisibilityDelays = Readonly<Record<ApiFamily, number>>;

/** Remembers when groups were created, for as long as one of the APIs does not show them yet. */
export class Visibility {
  readonly #delays: VisibilityDelays;
  readonly #longest: number;
  readonly #now: () => number;
  /** Time of creation by group id, oldest first. */
  readonly #createdAt = new Map<string, number>();

  /** @param now clock in milliseconds that never goes back */
  constructor(delays: VisibilityDelays, now: () => number = () => performance.now()) {
    this.#delays = delays;
    this.#longest = Math.max(...Object.values(delays));
    this.#now = now;
  }

  created(id: string): void {
    if (this.#longest === 0) return;
    const now = this.#now();
    for (const [old, at] of this.#createdAt) {
      if (now - at < this.#longest) break;
      this.#createdAt.delete(old);
    }
    this.#createdAt.set(id, now);
  }

  isVisible(api: ApiFamily, id: string): boolean {
    const at = this.#createdAt.get(id);
    return at === undefined || this.#now() - at >= this.#delays[api];
  }

  clear(): void {
    this.#createdAt.clear();
  }
}
