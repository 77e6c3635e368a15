import { randomBytes } from 'node:crypto';
import { defaultPayloadConverter, type Payload, type PayloadCodec } from '@temporalio/common';
import protos from '@temporalio/proto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createEncryptionCodec, FORMAT_METADATA, isEncrypted, KEY_ID_METADATA } from './encryption-codec.ts';
import { EncryptionKeyNotFoundError, PayloadDecryptionError } from './errors.ts';
import { parseKeyRing } from './key-ring.ts';

const entry = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const OLD = entry('old');
const NEW = entry('new');
const codecOf = (...entries: string[]): PayloadCodec => createEncryptionCodec(parseKeyRing(entries.join(','), 'S'));
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const plain = (value: unknown): Payload => defaultPayloadConverter.toPayload(value);

async function encryptOne(codec: PayloadCodec, payload: Payload): Promise<Required<Payload>> {
  const [encrypted] = await codec.encode([payload]);
  if (encrypted?.data == null || encrypted.metadata == null) throw new Error('nothing was encrypted');
  return encrypted as Required<Payload>;
}

async function expectRefused(codec: PayloadCodec, payload: Payload): Promise<PayloadDecryptionError> {
  const error: unknown = await codec.decode([payload]).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(PayloadDecryptionError);
  return error as PayloadDecryptionError;
}

describe('encryption codec', () => {
  it('gives back any payload, and nothing of it is in what is stored', async () => {
    const bytes = fc.uint8Array({ minLength: 0, maxLength: 300 });
    const payload = fc.record({ metadata: fc.dictionary(fc.string({ minLength: 1 }), bytes), data: bytes });
    await fc.assert(
      fc.asyncProperty(fc.array(payload, { maxLength: 5 }), async (payloads) => {
        const codec = codecOf(NEW);
        const inputs = payloads.filter((one) => !isEncrypted(one));
        const stored = await codec.encode(inputs);
        expect(stored.every(isEncrypted)).toBe(true);
        stored.forEach((one, index) => {
          const data = inputs[index]?.data ?? new Uint8Array();
          // Three bytes or fewer are found by chance.
          const readable = data.length > 3 && Buffer.from(one.data ?? []).includes(Buffer.from(data));
          expect(readable).toBe(false);
        });
        const back = await codec.decode(stored);
        expect(back.map((one) => ({ metadata: { ...one.metadata }, data: [...(one.data ?? [])] }))).toEqual(
          inputs.map((one) => ({ metadata: { ...one.metadata }, data: [...one.data] })),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('hides the encoding of the value, and never repeats itself', async () => {
    const codec = codecOf(NEW);
    const one = await encryptOne(codec, plain({ secret: 'hunter2' }));
    const two = await encryptOne(codec, plain({ secret: 'hunter2' }));
    expect(Object.keys(one.metadata ?? {}).sort()).toEqual(['encoding', 'encryption-format', 'encryption-key-id']);
    expect(Buffer.from(one.data ?? []).equals(Buffer.from(two.data ?? []))).toBe(false);
  });

  it('adds no more than 160 bytes', async () => {
    const sizeOf = (payload: Payload): number => protos.temporal.api.common.v1.Payload.encode(payload).finish().length;
    for (const payload of [plain(''), plain('x'.repeat(100_000))]) {
      const stored = await encryptOne(codecOf(entry('k'.repeat(16))), payload);
      expect(sizeOf(stored) - sizeOf(payload)).toBeLessThanOrEqual(160);
    }
  });

  it('encrypts what is already encrypted again, and takes off one layer', async () => {
    const codec = codecOf(NEW);
    const twice = await codec.encode(await codec.encode([plain('x')]));
    const once = await codec.decode(twice);
    expect(once.every(isEncrypted)).toBe(true);
    expect((await codec.decode(once)).map((one) => defaultPayloadConverter.fromPayload(one))).toEqual(['x']);
  });

  it('lets pass what is not encrypted', async () => {
    const payloads = [plain('a'), {}, { metadata: { encoding: utf8('binary/plain') } }];
    const back = await codecOf(NEW).decode(payloads);
    expect(back.every((payload, index) => payload === payloads[index])).toBe(true);
  });
});

describe('key rotation', () => {
  it('reads old payloads with [new, old], writes new ones, and names the key once it is removed', async () => {
    const stored = await codecOf(OLD).encode([plain('before')]);
    const rotated = codecOf(NEW, OLD);
    expect(defaultPayloadConverter.fromPayload((await rotated.decode(stored))[0] ?? {})).toBe('before');

    const written = await encryptOne(rotated, plain('after'));
    expect(Buffer.from(written.metadata?.[KEY_ID_METADATA] ?? []).toString()).toBe('new');
    await expect(codecOf(OLD).decode([written])).rejects.toBeInstanceOf(EncryptionKeyNotFoundError);

    const removed = codecOf(NEW).decode(stored);
    await expect(removed).rejects.toMatchObject({ name: 'EncryptionKeyNotFoundError', keyId: 'old' });
    await expect(removed).rejects.toThrow(
      'encrypted with the key "old", which is not in the key ring (new). Add that key to PAYLOAD_ENCRYPTION_KEYS',
    );
  });

  it('refuses another key under the same id', async () => {
    const stored = await encryptOne(codecOf(NEW), plain('x'));
    const error = await expectRefused(codecOf(entry('new')), stored);
    expect(error).toMatchObject({ keyId: 'new' });
    expect(error.message).toContain('it was changed, or the key with this id has other bytes here');
  });
});

describe('tampering', () => {
  const samples = codecOf(NEW);

  it('notices every changed byte: nonce, ciphertext and tag', async () => {
    const stored = await encryptOne(samples, plain('amount: 10'));
    for (let index = 0; index < (stored.data?.length ?? 0); index += 1) {
      const data = Uint8Array.from(stored.data ?? []);
      data[index] = (data[index] ?? 0) ^ 1;
      await expectRefused(samples, { ...stored, data });
    }
  });

  it('notices bytes that are cut off or added', async () => {
    const stored = await encryptOne(samples, plain('amount: 10'));
    const data = stored.data ?? new Uint8Array();
    await expectRefused(samples, { ...stored, data: data.subarray(0, data.length - 1) });
    await expectRefused(samples, { ...stored, data: Buffer.concat([data, Buffer.of(0)]) });
    expect((await expectRefused(samples, { ...stored, data: data.subarray(0, 27) })).message).toContain('too short');
    expect((await expectRefused(samples, { metadata: stored.metadata })).message).toContain('too short');
  });

  it('notices another key id, even when that id has the same key', async () => {
    const twin = `twin:${NEW.slice(NEW.indexOf(':') + 1)}`;
    const codec = codecOf(NEW, twin);
    const stored = await encryptOne(codec, plain('x'));
    const relabelled = { ...stored, metadata: { ...stored.metadata, [KEY_ID_METADATA]: utf8('twin') } };
    expect(await expectRefused(codec, relabelled)).toMatchObject({ keyId: 'twin' });
  });

  it.each([
    ['no key id', KEY_ID_METADATA, undefined, 'its metadata has no encryption-key-id'],
    ['a key id that is no text', KEY_ID_METADATA, Uint8Array.of(0xff), 'its metadata has no encryption-key-id'],
    ['no format', FORMAT_METADATA, undefined, 'its format is undefined, and this version reads aes-256-gcm-v1'],
    ['another format', FORMAT_METADATA, utf8('v9'), 'its format is "v9", and this version reads aes-256-gcm-v1'],
  ])('refuses %s', async (_what, name, value, message) => {
    const stored = await encryptOne(samples, plain('x'));
    const { [name]: _removed, ...kept } = stored.metadata ?? {};
    const metadata = value === undefined ? kept : { ...kept, [name]: value };
    expect((await expectRefused(samples, { ...stored, metadata })).message).toContain(message);
  });
});
