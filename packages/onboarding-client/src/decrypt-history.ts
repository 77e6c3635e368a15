import type { Payload, PayloadCodec } from '@temporalio/common';
import { isObject, isPayload, type JsonPayload } from './redact-history.ts';

/**
 * Decodes the payloads in the JSON of a history, and puts messages and stack traces of failures back where they stand without
 * encryption. The result replays with the same codecs, which let plain payloads pass.
 *
 * @param json protobuf JSON of a history
 * @param codecs as the client and the workers use them
 */
export async function decryptHistory(json: string, codecs: readonly PayloadCodec[]): Promise<string> {
  if (codecs.length === 0) return json;
  return JSON.stringify(await decryptAll(JSON.parse(json), codecs));
}

async function decryptAll(value: unknown, codecs: readonly PayloadCodec[]): Promise<unknown> {
  if (Array.isArray(value)) return Promise.all(value.map((entry) => decryptAll(entry, codecs)));
  if (!isObject(value)) return value;
  if (isPayload(value)) return decrypt(value, codecs);
  const entries = await Promise.all(
    Object.entries(value).map(async ([key, entry]) => [key, await decryptAll(entry, codecs)] as const),
  );
  return withPlainFailure(Object.fromEntries(entries));
}

/** The last codec encoded last, so it decodes first. */
async function decrypt(payload: JsonPayload, codecs: readonly PayloadCodec[]): Promise<JsonPayload> {
  let payloads: Payload[] = [fromJson(payload)];
  for (const codec of [...codecs].reverse()) payloads = await codec.decode(payloads);
  return toJson(payloads[0] ?? {});
}

/** The converter of failures moves their text into one payload (`encodeCommonAttributes`); this moves it back. */
function withPlainFailure(value: Record<string, unknown>): Record<string, unknown> {
  const { encodedAttributes, ...rest } = value;
  if (!isObject(encodedAttributes) || !isPayload(encodedAttributes)) return value;
  const text: unknown = JSON.parse(Buffer.from(encodedAttributes.data, 'base64').toString());
  if (!isObject(text)) return value;
  return { ...rest, message: text['message'] ?? '', stackTrace: text['stack_trace'] ?? '' };
}

function fromJson({ metadata, data }: JsonPayload): Payload {
  const bytes = Object.entries(metadata).map(([key, value]) => [key, Buffer.from(value, 'base64')] as const);
  return { metadata: Object.fromEntries(bytes), data: Buffer.from(data, 'base64') };
}

function toJson({ metadata, data }: Payload): JsonPayload {
  const texts = Object.entries(metadata ?? {}).map(
    ([key, value]) => [key, Buffer.from(value).toString('base64')] as const,
  );
  return { metadata: Object.fromEntries(texts), data: Buffer.from(data ?? []).toString('base64') };
}
