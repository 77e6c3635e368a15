import { webcrypto } from 'node:crypto';
import { inspect } from 'node:util';

import { DEVELOPMENT_KEYS } from './development-keys.ts';
import { EncryptionConfigError } from './errors.ts';

/** Bytes of a key of AES-256. */
const KEY_BYTES = 32;
/** More keys than a rotation ever needs; a longer list is a mistake. */
const MAX_KEYS = 32;

const KEY_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const BASE64_OF_KEY = /^[A-Za-z0-9+/]{43}=$/;

/** AES-256 keys by id. Printing or serialising it gives the ids only. */
export interface KeyRing {
  /** Id of the key that encrypts: the first of the list. */
  readonly activeId: string;
  /** Ids of the keys that decrypt, the active one first. */
  readonly ids: readonly string[];
  /** Whether one of the keys is the public development key, under whatever id. */
  readonly hasDevelopmentKey: boolean;
  /** The key for WebCrypto, or `undefined` when the ring has no such id. Its bytes cannot be read back. */
  key(id: string): Promise<webcrypto.CryptoKey> | undefined;
}

/**
 * Reads `keyId:base64(32 bytes)` entries with commas or line ends between them; the first encrypts, all decrypt. Lines
 * that start with `#` are comments.
 *
 * @param setting name of the setting the text comes from, for the message of the error
 * @throws {EncryptionConfigError} names the setting and the number of the entry, never a value.
 */
export function parseKeyRing(text: string, setting: string): KeyRing {
  const keys = new Map<string, Buffer>();
  const lines = text.split(/\r?\n/).filter((line) => !line.trimStart().startsWith('#'));
  const entries = lines.flatMap((line) => line.split(',')).map((entry) => entry.trim());
  const used = entries.filter((entry) => entry !== '');
  if (used.length === 0) throw new EncryptionConfigError(`${setting} has no key. ${EXPECTED}`);
  if (used.length > MAX_KEYS) throw new EncryptionConfigError(`${setting} has more than ${MAX_KEYS} keys.`);
  for (const [index, entry] of used.entries()) {
    const where = `${setting}: entry ${index + 1}`;
    const colon = entry.indexOf(':');
    const id = entry.slice(0, colon);
    // The id is not repeated in the message: when the colon is missing or misplaced it may be part of a key.
    if (colon === -1 || !KEY_ID.test(id)) {
      throw new EncryptionConfigError(`${where} has no valid key id (letters, digits, ".", "_", "-"). ${EXPECTED}`);
    }
    if (keys.has(id)) throw new EncryptionConfigError(`${where} has the key id of an entry before it.`);
    const encoded = entry.slice(colon + 1);
    const bytes = Buffer.from(encoded, 'base64');
    if (!BASE64_OF_KEY.test(encoded) || bytes.length !== KEY_BYTES) {
      throw new EncryptionConfigError(`${where} is not the base64 text of ${KEY_BYTES} bytes. ${EXPECTED}`);
    }
    keys.set(id, bytes);
  }
  return createKeyRing(keys);
}

const EXPECTED = 'Expected keyId:base64, and for a new key: openssl rand -base64 32';

function createKeyRing(keys: ReadonlyMap<string, Buffer>): KeyRing {
  const imported = new Map<string, Promise<webcrypto.CryptoKey>>();
  const ids = [...keys.keys()];
  const [activeId = ''] = ids;
  const shown = { activeId, ids };
  const ring: KeyRing = {
    ...shown,
    hasDevelopmentKey: [...keys.values()].some(isDevelopmentKey),
    key(id) {
      const bytes = keys.get(id);
      if (bytes === undefined) return undefined;
      const known = imported.get(id);
      if (known !== undefined) return known;
      const key = webcrypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
      imported.set(id, key);
      return key;
    },
  };
  // Not in the interface: nobody calls these by name.
  return Object.assign(ring, { toJSON: () => shown, [inspect.custom]: () => shown });
}

function isDevelopmentKey(bytes: Buffer): boolean {
  return bytes.equals(Buffer.from(DEVELOPMENT_KEYS.slice(DEVELOPMENT_KEYS.indexOf(':') + 1), 'base64'));
}
