import { createHmac } from 'node:crypto';

/** A secret of Standard Webhooks: `whsec_` and 24 to 64 bytes in base64. */
export const WEBHOOK_SECRET_PATTERN = /^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/u;

/**
 * Headers of one delivery attempt after Standard Webhooks 1.0.0. The id is the same in every attempt; the timestamp is the attempt's, or
 * late retries would fall out of the receiver's tolerance.
 *
 * @param secret `whsec_…`; undefined sends no signature
 * @param nowMs milliseconds since 1970
 */
export function webhookHeaders(
  id: string,
  body: string,
  secret: string | undefined,
  nowMs: number,
): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1000));
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp };
  if (secret === undefined) return headers;
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { ...headers, 'webhook-signature': `v1,${signature}` };
}
