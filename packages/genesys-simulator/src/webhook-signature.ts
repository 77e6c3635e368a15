import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const PREFIX = 'whsec_';
const TOLERANCE_SECONDS = 300;

/**
 * Key bytes of a Standard Webhooks secret, `whsec_<base64>`.
 * @throws TypeError when the text has another form; the text itself is not in the message
 */
export function webhookKey(secret: string): Buffer {
  const encoded = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : '';
  const key = Buffer.from(encoded, 'base64');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded) || key.length === 0) {
    throw new TypeError('the webhook secret must have the form whsec_<base64>');
  }
  return key;
}

/**
 * Checks a Standard Webhooks signature: HMAC-SHA256 over `id.timestamp.body`, at most five minutes old or ahead.
 * `webhook-signature` can hold several signatures, divided by spaces; one that fits is enough.
 */
export function isWebhookSignatureValid(
  key: Buffer,
  headers: IncomingHttpHeaders,
  body: Buffer,
  nowMs: number = Date.now(),
): boolean {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  const signatures = headers['webhook-signature'];
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string') return false;
  if (!/^\d{1,15}$/.test(timestamp) || Math.abs(nowMs / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) return false;
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
  return signatures
    .split(' ')
    .filter((part) => part.startsWith('v1,'))
    .some((part) => sameBytes(Buffer.from(part.slice('v1,'.length), 'base64'), expected));
}

function sameBytes(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}
