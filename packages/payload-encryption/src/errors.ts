/** A setting of this package is wrong. The message names the setting and never its value. */
export class EncryptionConfigError extends Error {
  override readonly name = 'EncryptionConfigError';
}

/** A payload was encrypted with a key that this process does not have. */
export class EncryptionKeyNotFoundError extends Error {
  override readonly name = 'EncryptionKeyNotFoundError';
  /** Id of the key that is missing. */
  readonly keyId: string;

  constructor(keyId: string, knownIds: readonly string[]) {
    super(
      `A payload is encrypted with the key "${keyId}", which is not in the key ring (${knownIds.join(', ')}). ` +
        'Add that key to PAYLOAD_ENCRYPTION_KEYS behind the first entry, or to the file that ' +
        'PAYLOAD_ENCRYPTION_KEYS_FILE names, and start the process again.',
    );
    this.keyId = keyId;
  }
}

/** A payload says it is encrypted and cannot be decrypted: it was changed, or the key has other bytes. */
export class PayloadDecryptionError extends Error {
  override readonly name = 'PayloadDecryptionError';
  /** Id of the key, when the payload names one. */
  readonly keyId: string | undefined;

  constructor(reason: string, keyId?: string, cause?: unknown) {
    super(
      `An encrypted payload${keyId === undefined ? '' : ` of the key "${keyId}"`} cannot be decrypted: ${reason}.`,
      cause === undefined ? {} : { cause },
    );
    this.keyId = keyId;
  }
}
