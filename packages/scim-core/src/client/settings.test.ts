import { describe, expect, it } from 'vitest';
import { parseTargetSettings, targetUrls } from './settings.ts';

const client = { GENESYS_CLIENT_ID: 'id', GENESYS_CLIENT_SECRET: 'secret-value' };

function urls(env: Record<string, string>) {
  const parsed = parseTargetSettings({ ...client, ...env });
  if (!parsed.ok) throw new Error(parsed.problems.join());
  return targetUrls(parsed.settings);
}

describe('target settings', () => {
  it.each([
    [
      'mypurecloud.com',
      'https://login.mypurecloud.com/oauth/token',
      'https://api.mypurecloud.com/api/v2/users/scim/groups',
    ],
    [
      'usw2.pure.cloud',
      'https://login.usw2.pure.cloud/oauth/token',
      'https://api.usw2.pure.cloud/api/v2/users/scim/groups',
    ],
  ])('region %s', (GENESYS_REGION, token, groups) => {
    expect(urls({ GENESYS_REGION }).token.href).toBe(token);
    expect(urls({ GENESYS_REGION }).groups).toBe(groups);
  });

  it('lets hosts and path be replaced', () => {
    const replaced = urls({
      GENESYS_API_URL: 'http://127.0.0.1:8080/',
      GENESYS_LOGIN_URL: 'http://simulator:8080',
      SCIM_BASE_PATH: '/scim/v2',
    });
    expect(replaced).toMatchObject({ api: 'http://127.0.0.1:8080', groups: 'http://127.0.0.1:8080/scim/v2/groups' });
    expect(replaced.token.href).toBe('http://simulator:8080/oauth/token');
  });

  it.each([
    [{ GENESYS_REGION: 'us-east-1' }, 'GENESYS_REGION'],
    [{ GENESYS_REGION: 'mypurecloud.com/evil' }, 'GENESYS_REGION'],
    [{ GENESYS_API_URL: 'http://api.example.com' }, 'must use https'],
    [{ GENESYS_API_URL: 'http://127.example.com' }, 'must use https'],
    [{ GENESYS_API_URL: 'https://user:pw@example.com' }, 'must not hold'],
    [{ SCIM_BASE_PATH: '/scim/' }, 'SCIM_BASE_PATH'],
    [{ GENESYS_CLIENT_ID: '' }, 'GENESYS_CLIENT_ID is not set'],
  ])('refuses %j', (env, problem) => {
    const parsed = parseTargetSettings({ ...client, ...env });
    expect(parsed.ok ? [] : parsed.problems.join('\n')).toContain(problem);
    expect(JSON.stringify(parsed)).not.toContain('secret-value');
  });
});
