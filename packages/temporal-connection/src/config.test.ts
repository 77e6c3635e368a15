import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { temporaryFolder } from '../test/fake-cli.ts';
import { devServerEnvironment, loadTemporalConnectConfig } from './config.ts';
import { TemporalConfigError } from './errors.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  file = join(folder, 'temporal.toml');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const PROFILES = `
[profile.default]
address = "default.example:7233"
[profile.prod]
address = "prod.example:7233"
namespace = "prod-ns"
api_key = "key-from-file"
`;

describe('loadTemporalConnectConfig', () => {
  it('has the defaults of Temporal when nothing is set', () => {
    expect(loadTemporalConnectConfig({ HOME: folder })).toEqual({
      connectionOptions: { address: 'localhost:7233' },
      namespace: 'default',
    });
  });

  it('reads the environment; an API key turns TLS on', () => {
    const env = { HOME: folder, TEMPORAL_ADDRESS: 'a:1', TEMPORAL_NAMESPACE: 'n', TEMPORAL_API_KEY: 'k' };
    expect(loadTemporalConnectConfig({ ...env, TEMPORAL_GRPC_META_X_TEAM: 'ops' })).toEqual({
      connectionOptions: { address: 'a:1', apiKey: 'k', tls: true, metadata: expect.anything() },
      namespace: 'n',
    });
    expect(loadTemporalConnectConfig({ ...env, TEMPORAL_TLS: 'false' }).connectionOptions.tls).toBe(false);
  });

  it('reads the certificates', async () => {
    const path = join(folder, 'cert.pem');
    await writeFile(path, 'PEM');
    const env = { TEMPORAL_TLS_CLIENT_CERT_PATH: path, TEMPORAL_TLS_CLIENT_KEY_PATH: path };
    const { tls } = loadTemporalConnectConfig({ HOME: folder, ...env }).connectionOptions;
    expect(tls).toMatchObject({ clientCertPair: { crt: new Uint8Array(Buffer.from('PEM')) } });
    const missing = { HOME: folder, TEMPORAL_TLS_CLIENT_CERT_PATH: join(folder, 'none.pem') };
    expect(() => loadTemporalConnectConfig(missing)).toThrow(TemporalConfigError);
  });

  it('reads the profile; the environment wins and an empty setting counts as not set', async () => {
    await writeFile(file, PROFILES);
    const env = { HOME: folder, TEMPORAL_CONFIG_FILE: file };
    expect(loadTemporalConnectConfig(env).connectionOptions.address).toBe('default.example:7233');
    const prod = loadTemporalConnectConfig({ ...env, TEMPORAL_PROFILE: 'prod', TEMPORAL_ADDRESS: '' });
    expect(prod).toEqual({
      connectionOptions: { address: 'prod.example:7233', apiKey: 'key-from-file', tls: true },
      namespace: 'prod-ns',
    });
    const own = loadTemporalConnectConfig({ ...env, TEMPORAL_PROFILE: 'prod', TEMPORAL_NAMESPACE: 'mine' });
    expect(own.namespace).toBe('mine');
  });

  it('says what is wrong with the file, without its content', async () => {
    const env = { HOME: folder, TEMPORAL_CONFIG_FILE: file };
    expect(() => loadTemporalConnectConfig(env)).toThrow(`${file}, and there is no such file`);
    await writeFile(file, '[profile.default]\napi_key = "topsecret" oops');
    const load = () => loadTemporalConnectConfig(env);
    expect(load).toThrow(TemporalConfigError);
    expect(load).toThrow(file);
    expect(load).not.toThrow('topsecret');
    await writeFile(file, '# nothing yet\n\n');
    expect(loadTemporalConnectConfig(env).connectionOptions.address).toBe('localhost:7233');
    await writeFile(file, 'address = "a:1"');
    expect(load).toThrow('has no valid [profile.<name>] table');
    await writeFile(file, PROFILES);
    expect(() => loadTemporalConnectConfig({ ...env, TEMPORAL_PROFILE: 'absent' })).toThrow("'absent' not found");
  });

  it.each(['http://localhost:7233', 'host:7233/path', 'a b'])('refuses the address %s', (address) => {
    expect(() => loadTemporalConnectConfig({ HOME: folder, TEMPORAL_ADDRESS: address })).toThrow('must be host:port');
  });
});

it('devServerEnvironment points at the server and drops profile, key and TLS', async () => {
  await writeFile(file, PROFILES);
  const env = {
    HOME: folder,
    PATH: '/bin',
    TEMPORAL_CONFIG_FILE: file,
    TEMPORAL_PROFILE: 'prod',
    TEMPORAL_API_KEY: 'k',
    TEMPORAL_TLS: 'true',
    TEMPORAL_CLI_PATH: '/t',
  };
  const result = devServerEnvironment({ address: '127.0.0.1:1', namespace: 'dev' }, env);
  expect(result).toMatchObject({ PATH: '/bin', TEMPORAL_CLI_PATH: '/t' });
  expect(loadTemporalConnectConfig(result)).toEqual({
    connectionOptions: { address: '127.0.0.1:1' },
    namespace: 'dev',
  });
});
