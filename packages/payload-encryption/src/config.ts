import { readFileSync, statSync } from 'node:fs';
import type { DataConverter } from '@temporalio/common';
import { z } from 'zod';

import { createEncryptionCodec } from './encryption-codec.ts';
import { EncryptionConfigError } from './errors.ts';
import { FAILURE_CONVERTER_PATH } from './failure-converter-path.ts';
import { parseKeyRing, type KeyRing } from './key-ring.ts';

const MAX_KEYS_CHARACTERS = 16_384;

const settings = z.object({
  PAYLOAD_ENCRYPTION_KEYS: z.string().max(MAX_KEYS_CHARACTERS).optional(),
  PAYLOAD_ENCRYPTION_KEYS_FILE: z.string().max(4_096).optional(),
  NODE_ENV: z.string().optional(),
});

export interface Encryption {
  /** For `connectClient`, `Worker.create` and `Worker.runReplayHistory`. */
  readonly dataConverter: DataConverter;
  readonly keyRing: KeyRing;
}

/** The environment of this process; the one place in this package that reads it. */
export function currentEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}

/**
 * Encryption from `PAYLOAD_ENCRYPTION_KEYS` (`keyId:base64,...`; the first encrypts, all decrypt) or from the file that
 * `PAYLOAD_ENCRYPTION_KEYS_FILE` names, which holds the same, one key a line. `undefined` when neither is set: payloads
 * are then stored as they are. A setting that is the empty string counts as not set.
 *
 * @throws {EncryptionConfigError} when both are set, a key is bad, the file cannot be read, or the development key is
 *   used while `NODE_ENV` is `production`.
 */
export function loadEncryption(env: NodeJS.ProcessEnv = currentEnvironment()): Encryption | undefined {
  const source = readKeys(env);
  if (source === undefined) return undefined;
  const keyRing = parseKeyRing(source.text, source.setting);
  if (keyRing.hasDevelopmentKey && env['NODE_ENV'] === 'production') {
    throw new EncryptionConfigError(
      `${source.setting} has the development key, which everybody can read in the source, and NODE_ENV is production. ` +
        'Make a key of your own with: openssl rand -base64 32',
    );
  }
  return createEncryption(keyRing);
}

/** Encryption with a key ring that is at hand. */
export function createEncryption(keyRing: KeyRing): Encryption {
  return {
    keyRing,
    dataConverter: {
      payloadCodecs: [createEncryptionCodec(keyRing)],
      failureConverterPath: FAILURE_CONVERTER_PATH,
    },
  };
}

function readKeys(env: NodeJS.ProcessEnv): { setting: string; text: string } | undefined {
  const parsed = settings.safeParse(env);
  if (!parsed.success) {
    const setting = parsed.error.issues[0]?.path.join('.') ?? 'PAYLOAD_ENCRYPTION_KEYS';
    throw new EncryptionConfigError(`${setting} is too long.`);
  }
  const { PAYLOAD_ENCRYPTION_KEYS: keys = '', PAYLOAD_ENCRYPTION_KEYS_FILE: file = '' } = parsed.data;
  if (keys !== '' && file !== '') {
    throw new EncryptionConfigError(
      'PAYLOAD_ENCRYPTION_KEYS and PAYLOAD_ENCRYPTION_KEYS_FILE are both set. Unset one.',
    );
  }
  if (keys !== '') return { setting: 'PAYLOAD_ENCRYPTION_KEYS', text: keys };
  if (file !== '') return { setting: `PAYLOAD_ENCRYPTION_KEYS_FILE (${file})`, text: readKeysFile(file) };
  return undefined;
}

function readKeysFile(file: string): string {
  try {
    if (statSync(file).size > MAX_KEYS_CHARACTERS) throw new Error(`it is larger than ${MAX_KEYS_CHARACTERS} bytes`);
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EncryptionConfigError(`PAYLOAD_ENCRYPTION_KEYS_FILE cannot be read: ${reason}`);
  }
}
