import { webcrypto } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import protos from '@temporalio/proto';

import { EncryptionKeyNotFoundError, PayloadDecryptionError } from './errors.ts';
import type { KeyRing } from './key-ring.ts';

/** Metadata that says what the data of a payload is. */
const ENCODING_METADATA = 'encoding';
/** `metadata.encoding` of an encrypted payload, as in the samples of Temporal, so that tools recognise it. */
export const ENCRYPTED_ENCODING = 'binary/encrypted';
/** Metadata that says which key decrypts the payload. */
export const KEY_ID_METADATA = 'encryption-key-id';
/** Metadata that says how the bytes are laid out. */
export const FORMAT_METADATA = 'encryption-format';
/** Nonce, then the ciphertext of the protobuf message `Payload`, then the tag. */
const FORMAT = 'aes-256-gcm-v1';

/** NIST SP 800-38D 5.2.1.1: 96 bits is the length for which GCM uses the nonce as it is. */
const NONCE_BYTES = 12;
/** NIST SP 800-38D 5.2.1.2: the full length of the tag. */
const TAG_BYTES = 16;

const { Payload: PayloadMessage } = protos.temporal.api.common.v1;
const text = new TextDecoder('utf-8', { fatal: true });
const bytes = new TextEncoder();

/**
 * Encrypts every payload with AES-256-GCM under the active key of the ring. The whole payload is encrypted, so the type
 * of the data is hidden too. What stays readable is the id of the key and the format, and both are authenticated.
 *
 * A payload that is not encrypted passes through on decode, so that encryption can be switched on while runs are open.
 *
 * `decode` rejects with {@link EncryptionKeyNotFoundError} when the ring lacks the key and with
 * {@link PayloadDecryptionError} when the payload was changed or the key has other bytes.
 */
export function createEncryptionCodec(keyRing: KeyRing): PayloadCodec {
  return {
    encode: (payloads) => Promise.all(payloads.map((payload) => encrypt(payload, keyRing))),
    decode: (payloads) => Promise.all(payloads.map((payload) => decrypt(payload, keyRing))),
  };
}

/** Whether the payload says that it is encrypted. */
export function isEncrypted(payload: Payload): boolean {
  return metadataText(payload, ENCODING_METADATA) === ENCRYPTED_ENCODING;
}

async function encrypt(payload: Payload, keyRing: KeyRing): Promise<Payload> {
  const keyId = keyRing.activeId;
  const key = await keyOf(keyRing, keyId);
  const nonce = webcrypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const clear = PayloadMessage.encode(payload).finish();
  const sealed = await webcrypto.subtle.encrypt(algorithm(nonce, keyId), key, clear);
  const data = new Uint8Array(NONCE_BYTES + sealed.byteLength);
  data.set(nonce);
  data.set(new Uint8Array(sealed), NONCE_BYTES);
  return {
    metadata: {
      [ENCODING_METADATA]: bytes.encode(ENCRYPTED_ENCODING),
      [KEY_ID_METADATA]: bytes.encode(keyId),
      [FORMAT_METADATA]: bytes.encode(FORMAT),
    },
    data,
  };
}

async function decrypt(payload: Payload, keyRing: KeyRing): Promise<Payload> {
  if (!isEncrypted(payload)) return payload;
  const keyId = metadataText(payload, KEY_ID_METADATA);
  if (keyId === undefined) throw new PayloadDecryptionError(`its metadata has no ${KEY_ID_METADATA}`);
  const format = metadataText(payload, FORMAT_METADATA);
  if (format !== FORMAT) {
    throw new PayloadDecryptionError(
      `its format is ${JSON.stringify(format)}, and this version reads ${FORMAT}`,
      keyId,
    );
  }
  const key = await keyOf(keyRing, keyId);
  const data = payload.data ?? new Uint8Array();
  if (data.length < NONCE_BYTES + TAG_BYTES) throw new PayloadDecryptionError('it is too short', keyId);
  const clear = await webcrypto.subtle
    .decrypt(algorithm(data.subarray(0, NONCE_BYTES), keyId), key, data.subarray(NONCE_BYTES))
    .catch((error: unknown) => {
      throw new PayloadDecryptionError('it was changed, or the key with this id has other bytes here', keyId, error);
    });
  return PayloadMessage.decode(new Uint8Array(clear));
}

function keyOf(keyRing: KeyRing, id: string): Promise<webcrypto.CryptoKey> {
  const key = keyRing.key(id);
  if (key === undefined) throw new EncryptionKeyNotFoundError(id, keyRing.ids);
  return key;
}

/** Key id and format are additional authenticated data: a payload relabelled with another one does not decrypt. */
function algorithm(iv: Uint8Array, keyId: string): webcrypto.AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData: bytes.encode(`${FORMAT}\n${keyId}`), tagLength: TAG_BYTES * 8 };
}

function metadataText(payload: Payload, name: string): string | undefined {
  const metadata = payload.metadata ?? {};
  const value = Object.hasOwn(metadata, name) ? metadata[name] : undefined;
  if (value === undefined || value === null) return undefined;
  try {
    return text.decode(value);
  } catch {
    return undefined;
  }
}
