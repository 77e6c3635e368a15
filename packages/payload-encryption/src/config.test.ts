import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { loadEncryption } from './config.ts';
import { DEVELOPMENT_KEYS } from './development-keys.ts';
import { EncryptionConfigError } from './errors.ts';

const KEY = `k1:${randomBytes(32).toString('base64')}`;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'payload-encryption-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('loadEncryption', () => {
  it('is off when nothing is set', () => {
    expect(loadEncryption({})).toBeUndefined();
    expect(loadEncryption({ PAYLOAD_ENCRYPTION_KEYS: '', PAYLOAD_ENCRYPTION_KEYS_FILE: '' })).toBeUndefined();
  });

  it('gives a data converter with a codec and a failure converter', () => {
    const encryption = loadEncryption({ PAYLOAD_ENCRYPTION_KEYS: KEY });
    expect(encryption?.keyRing.activeId).toBe('k1');
    expect(encryption?.dataConverter.payloadCodecs).toHaveLength(1);
    expect(existsSync(encryption?.dataConverter.failureConverterPath ?? '')).toBe(true);
  });

  it('reads the keys from a file', async () => {
    const file = join(folder, 'keys');
    await writeFile(file, `# first encrypts\n${KEY}\n${DEVELOPMENT_KEYS}\n`);
    expect(loadEncryption({ PAYLOAD_ENCRYPTION_KEYS_FILE: file })?.keyRing.ids).toEqual(['k1', 'development']);
    await writeFile(file, KEY.slice(0, 20));
    expect(() => loadEncryption({ PAYLOAD_ENCRYPTION_KEYS_FILE: file })).toThrow(
      `PAYLOAD_ENCRYPTION_KEYS_FILE (${file}): entry 1`,
    );
    await writeFile(file, `${KEY}\n`.repeat(400));
    expect(() => loadEncryption({ PAYLOAD_ENCRYPTION_KEYS_FILE: file })).toThrow('is larger than 16384 bytes');
  });

  it('says which setting is wrong, without the value', () => {
    const load = (env: NodeJS.ProcessEnv) => () => loadEncryption(env);
    const missing = join(folder, 'missing');
    expect(load({ PAYLOAD_ENCRYPTION_KEYS_FILE: missing })).toThrow(EncryptionConfigError);
    expect(load({ PAYLOAD_ENCRYPTION_KEYS_FILE: missing })).toThrow('PAYLOAD_ENCRYPTION_KEYS_FILE cannot be read');
    expect(load({ PAYLOAD_ENCRYPTION_KEYS: KEY, PAYLOAD_ENCRYPTION_KEYS_FILE: missing })).toThrow('are both set');
    expect(load({ PAYLOAD_ENCRYPTION_KEYS: 'x'.repeat(20_000) })).toThrow('PAYLOAD_ENCRYPTION_KEYS is too long');
    expect(load({ PAYLOAD_ENCRYPTION_KEYS: 'topsecretkey' })).toThrow('PAYLOAD_ENCRYPTION_KEYS: entry 1');
    expect(load({ PAYLOAD_ENCRYPTION_KEYS: 'topsecretkey' })).not.toThrow('topsecretkey');
  });

  it('refuses the development key in production, also behind another one', () => {
    expect(loadEncryption({ PAYLOAD_ENCRYPTION_KEYS: DEVELOPMENT_KEYS })?.keyRing.activeId).toBe('development');
    const production = { NODE_ENV: 'production', PAYLOAD_ENCRYPTION_KEYS: `${KEY},${DEVELOPMENT_KEYS}` };
    expect(() => loadEncryption(production)).toThrow('PAYLOAD_ENCRYPTION_KEYS has the development key');
    expect(loadEncryption({ ...production, PAYLOAD_ENCRYPTION_KEYS: KEY })?.keyRing.ids).toEqual(['k1']);
  });
});
