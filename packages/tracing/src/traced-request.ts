/** A request that was answered or failed. */
export interface TracedRequest {
  readonly method: string;
  /** Absolute URL. Of it, the host and the path without ids get into a span. */
  readonly url: string;
  readonly status?: number;
  /** Code of an error, of a known set; never a message. */
  readonly error?: string;
  readonly durationMs: number;
  /** Under which the target logged the request. */
  readonly correlationId?: string;
}

/** Whom a request went to. The path of a `webhook` is left out of its span: it is often a secret. */
export type Peer = 'target' | 'webhook';
