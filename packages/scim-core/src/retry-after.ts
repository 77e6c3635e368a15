/** No server makes us wait longer than this at a time, in milliseconds: a wrong clock must not park a run for a year. */
export const MAX_RETRY_AFTER_MS = 15 * 60_000;

/**
 * Reads a `Retry-After` header (RFC 9110 section 10.2.3): seconds, or an HTTP date.
 *
 * @param header value as received
 * @param nowMs the current time in milliseconds since 1970
 * @returns milliseconds to wait, at least 0 and at most {@link MAX_RETRY_AFTER_MS}; undefined if absent or unreadable
 */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  const value = header?.trim();
  if (value === undefined || value === '') return undefined;
  // Some gateways send fractions; the RFC allows whole seconds only.
  const ms = /^\d+(\.\d+)?$/u.test(value)
    ? Number(value) * 1000
    : /[A-Za-z]/u.test(value)
      ? Date.parse(value) - nowMs
      : Number.NaN;
  if (Number.isNaN(ms)) return undefined;
  return Math.min(Math.max(Math.ceil(ms), 0), MAX_RETRY_AFTER_MS);
}
