import type { LoggedRequest, RequestFilter } from './records.ts';

interface Entry {
  request: LoggedRequest;
  bodyBytes: number;
}

/** The last requests. Both their number and the bytes of their bodies are bounded. */
export class RequestLog {
  readonly #maxEntries: number;
  readonly #maxBodyBytes: number;
  #entries: Entry[] = [];
  #lastSeq = 0;
  #bodyBytes = 0;
  /** Entries before this index have no body any more. */
  #firstWithBody = 0;

  constructor(maxEntries: number, maxBodyBytes: number) {
    this.#maxEntries = maxEntries;
    this.#maxBodyBytes = maxBodyBytes;
  }

  /** A number for a request that has just arrived. Numbers go on after `clear`. */
  nextSeq(): number {
    this.#lastSeq += 1;
    return this.#lastSeq;
  }

  /** Stores an entry. The caller may still set its status and duration until the answer has ended. */
  add(request: LoggedRequest, bodyBytes: number): void {
    this.#entries.push({ request, bodyBytes });
    this.#bodyBytes += bodyBytes;
    while (this.#bodyBytes > this.#maxBodyBytes) this.#dropOldestBody();
    // Cut in blocks: shifting one entry off a long array for each request would be slow.
    if (this.#entries.length > this.#maxEntries + 1000) this.#cut();
  }

  /** Entries that fit, in order of arrival. Changing them does not change the log. */
  list(filter: RequestFilter = {}): LoggedRequest[] {
    return this.#entries
      .slice(-this.#maxEntries)
      .filter((entry) => fits(entry.request, filter))
      .map((entry) => ({ ...entry.request }))
      .toSorted((a, b) => a.seq - b.seq);
  }

  clear(): void {
    this.#entries = [];
    this.#bodyBytes = 0;
    this.#firstWithBody = 0;
  }

  #dropOldestBody(): void {
    const entry = this.#entries[this.#firstWithBody];
    this.#firstWithBody += 1;
    if (entry === undefined) return;
    this.#bodyBytes -= entry.bodyBytes;
    entry.bodyBytes = 0;
    delete entry.request.body;
  }

  #cut(): void {
    const gone = this.#entries.splice(0, this.#entries.length - this.#maxEntries);
    this.#bodyBytes -= gone.reduce((sum, entry) => sum + entry.bodyBytes, 0);
    this.#firstWithBody = Math.max(0, this.#firstWithBody - gone.length);
  }
}

function fits(request: LoggedRequest, filter: RequestFilter): boolean {
  if (filter.method !== undefined && request.method !== filter.method.toUpperCase()) return false;
  if (filter.path !== undefined && !request.path.includes(filter.path)) return false;
  return filter.status === undefined || request.status === filter.status;
}
