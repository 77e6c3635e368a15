import { describe, expect, it } from 'vitest';

import { DEVELOPMENT_KEYS } from '../development-keys.ts';
import { EncryptionConfigError } from '../errors.ts';
import { loadCodecServerOptions } from './config.ts';

const KEYS = { PAYLOAD_ENCRYPTION_KEYS: DEVELOPMENT_KEYS };

describe('loadCodecServerOptions', () => {
  it('listens on loopback port 8888 for nobody in particular', () => {
    expect(loadCodecServerOptions([], { ...KEYS, CODEC_SERVER_TOKEN: '', CODEC_SERVER_PORT: '' })).toMatchObject({
      host: '127.0.0.1',
      port: 8888,
      origins: [],
      token: undefined,
      namespaces: undefined,
    });
  });

  it('reads the settings', () => {
    const env = {
      ...KEYS,
      CODEC_SERVER_HOST: '0.0.0.0',
      CODEC_SERVER_PORT: '0',
      CODEC_SERVER_ORIGINS: 'http://127.0.0.1:8233, https://temporal.example',
      CODEC_SERVER_TOKEN: '0123456789abcdef',
      CODEC_SERVER_NAMESPACES: 'prod,staging',
    };
    expect(loadCodecServerOptions([], env)).toMatchObject({
      host: '0.0.0.0',
      port: 0,
      origins: ['http://127.0.0.1:8233', 'https://temporal.example'],
      token: '0123456789abcdef',
      namespaces: ['prod', 'staging'],
    });
  });

  it('shows help', () => {
    expect(loadCodecServerOptions(['--help'], {})).toBe('help');
  });

  it.each<[env: NodeJS.ProcessEnv, message: string]>([
    [{}, 'PAYLOAD_ENCRYPTION_KEYS is not set'],
    [{ ...KEYS, CODEC_SERVER_PORT: '99999' }, 'CODEC_SERVER_PORT must be a port'],
    [{ ...KEYS, CODEC_SERVER_ORIGINS: '*' }, 'CODEC_SERVER_ORIGINS must be origins'],
    [{ ...KEYS, CODEC_SERVER_ORIGINS: 'http://a.example/ui' }, 'CODEC_SERVER_ORIGINS must be origins'],
    [{ ...KEYS, CODEC_SERVER_TOKEN: 'tooshort' }, 'CODEC_SERVER_TOKEN must be 16 or more'],
  ])('refuses %j', (env, message) => {
    const load = () => loadCodecServerOptions([], env);
    expect(load).toThrow(EncryptionConfigError);
    expect(load).toThrow(message);
    expect(load).not.toThrow('tooshort');
  });

  it('refuses an argument it does not know', () => {
    expect(() => loadCodecServerOptions(['--port'], KEYS)).toThrow("Unknown option '--port'");
  });
});
