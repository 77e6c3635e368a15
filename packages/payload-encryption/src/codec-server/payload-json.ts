import type { Payload } from '@temporalio/common';
import { z } from 'zod';

/** Standard and URL-safe alphabet, with and without padding: the JSON mapping of protobuf accepts all of these. */
const base64 = z.string().regex(/^[A-Za-z0-9+/_-]*={0,2}$/, 'must be base64');

const payloadJson = z.looseObject({
  metadata: z.record(z.string().max(1_024), base64).nullish(),
  data: base64.nullish(),
});

/** Body of `/encode` and `/decode`: the JSON form of `temporal.api.common.v1.Payloads`. */
export const payloadsJson = z.object({ payloads: z.array(payloadJson).max(10_000).default([]) });

export type PayloadJson = z.output<typeof payloadJson>;

/**
 * Written by hand and not with `JSONToPayload` of `@temporalio/common`: that one throws "type must be a Type" when npm
 * installs two copies of protobufjs.
 */
export function payloadFromJson(json: PayloadJson): Payload {
  const metadata = Object.entries(json.metadata ?? {}).map(([name, value]) => [name, fromBase64(value)] as const);
  return { metadata: Object.fromEntries(metadata), data: fromBase64(json.data ?? '') };
}

export function payloadToJson(payload: Payload): PayloadJson {
  const metadata = Object.entries(payload.metadata ?? {}).map(([name, value]) => [name, toBase64(value)] as const);
  return { metadata: Object.fromEntries(metadata), data: toBase64(payload.data ?? new Uint8Array()) };
}

function fromBase64(value: string): Uint8Array {
  return new Uint8Array(Buffer.from(value, 'base64'));
}

function toBase64(value: Uint8Array): string {
  return Buffer.from(value).toString('base64');
}
