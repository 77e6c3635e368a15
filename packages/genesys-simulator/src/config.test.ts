import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig, UsageError } from './config.ts';
import { demoSeed } from './demo-seed.ts';

describe('loadConfig', () => {
  it('has defaults, and counts an empty variable as not set', () => {
    const { options, help, log } = loadConfig([], { SIMULATOR_PORT: '' });
    expect({ help, log }).toEqual({ help: false, log: false });
    expect(options.port).toBeUndefined();
    expect(options.seed).toBe(demoSeed);
  });

  it('reads the environment, and lets a flag win', () => {
    const env = {
      SIMULATOR_PORT: '8001',
      SIMULATOR_HOST: '0.0.0.0',
      SIMULATOR_RATE_LIMIT: '300',
      GENESYS_CLIENT_ID: 'id',
      GENESYS_CLIENT_SECRET: 'secret',
      WEBHOOK_SECRET: 'whsec_c2VjcmV0',
      SIMULATOR_API: 'scim',
      SCIM_BASE_PATH: '/scim',
    };
    const { options, log } = loadConfig(['--port', '0', '--log', '--api', 'published'], env);
    expect(log).toBe(true);
    expect(options).toMatchObject({
      port: 0,
      host: '0.0.0.0',
      rateLimitPerMinute: 300,
      clientId: 'id',
      clientSecret: 'secret',
      webhookSecret: 'whsec_c2VjcmV0',
      api: 'published',
      scimBasePath: '/scim',
    });
    expect(loadConfig([], env).options.api).toBe('scim');
  });

  it.each<[string[], Record<string, string>, string]>([
    [['--prot', '1'], {}, "Unknown option '--prot'"],
    [['extra'], {}, 'extra'],
    [['--port', '70000'], {}, '--port must be at most 65535, not "70000"'],
    [['--port', 'x'], {}, '--port must be a whole number from 0 to 65535, not "x"'],
    [[], { SIMULATOR_RATE_LIMIT: '0' }, 'SIMULATOR_RATE_LIMIT must be at least 1, not "0"'],
    [['--seed', '/does/not/exist.json'], {}, '--seed /does/not/exist.json: ENOENT'],
    [['--api', 'soap'], {}, '--api must be scim, published or both, not "soap"'],
    [[], { SIMULATOR_API: 'x' }, 'SIMULATOR_API must be scim, published or both, not "x"'],
    [[], { SCIM_BASE_PATH: 'scim' }, 'SCIM_BASE_PATH must be a path that starts with "/", not "scim"'],
    [[], { WEBHOOK_SECRET: 'abc' }, 'WEBHOOK_SECRET: the webhook secret must have the form whsec_<base64>'],
  ])('refuses %j %j', (args, env, message) => {
    expect(() => loadConfig(args, env)).toThrow(UsageError);
    expect(() => loadConfig(args, env)).toThrow(message);
  });

  it('reads a seed file and names what is wrong in it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'simulator-seed-'));
    try {
      const file = join(folder, 'seed.json');
      writeFileSync(file, JSON.stringify({ users: [{ id: 'u', name: 'U', email: 'u@example.com' }] }));
      expect(loadConfig(['--seed', file], {}).options.seed?.users).toHaveLength(1);
      writeFileSync(file, JSON.stringify({ users: [{ id: 'u', name: 'U' }] }));
      expect(() => loadConfig(['--seed', file], {})).toThrow('not a seed: users[0].email');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
