import { describe, expect, it } from 'vitest';
import { parseTargetSettings, targetSettingsSchema } from './settings.ts';
import { targetUrls } from './urls.ts';

const client = { GENESYS_CLIENT_ID: 'id', GENESYS_CLIENT_SECRET: 'secret-value' };
const otherScim = { SCIM_BASE_URL: 'https://scim.example.com/scim/v2', SCIM_BEARER_TOKEN: 'secret-value' };

function parsed(env: Record<string, string>) {
  const result = parseTargetSettings(env);
  if (!result.ok) throw new Error(result.problems.join());
  return result.settings;
}

const urls = (env: Record<string, string>) => targetUrls(parsed({ ...client, ...env }));

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
    [
      'edee1.eusc-pure.cloud',
      'https://login.edee1.eusc-pure.cloud/oauth/token',
      'https://api.edee1.eusc-pure.cloud/api/v2/users/scim/groups',
    ],
  ])('region %s', (GENESYS_REGION, token, groups) => {
    expect(urls({ GENESYS_REGION }).token?.href).toBe(token);
    expect(urls({ GENESYS_REGION }).scim.groups).toBe(groups);
  });

  it('lets hosts and path be replaced, and does not look at the region then', () => {
    const replaced = urls({
      GENESYS_REGION: 'somewhere.example',
      GENESYS_API_URL: 'http://127.0.0.1:8080/',
      GENESYS_LOGIN_URL: 'http://simulator:8080',
      SCIM_BASE_PATH: '/scim/v2',
    });
    expect(replaced.scim.groups).toBe('http://127.0.0.1:8080/scim/v2/groups');
    expect(replaced.platform.groups).toBe('http://127.0.0.1:8080/api/v2/groups');
    expect(replaced.token?.href).toBe('http://simulator:8080/oauth/token');
  });

  it('keeps the whole base of another SCIM server', () => {
    const other = targetUrls(parsed({ ...otherScim, SCIM_BASE_URL: 'https://scim.example.com/scim/v2/' }));
    expect(other.scim).toEqual({
      groups: 'https://scim.example.com/scim/v2/Groups',
      users: 'https://scim.example.com/scim/v2/Users',
      serviceProviderConfig: 'https://scim.example.com/scim/v2/ServiceProviderConfig',
    });
    expect(other.token).toBeUndefined();
    expect(targetUrls(parsed({ ...otherScim, SCIM_GROUPS_PATH: 'groups' })).scim.groups).toMatch(/\/groups$/u);
  });

  it('gives the same when it is parsed again', () => {
    const settings = parsed({ ...client, GENESYS_RATE_LIMIT_RESERVE: '0.2', GENESYS_GROUP_RULES_VISIBLE: 'false' });
    expect(targetSettingsSchema.parse(settings)).toEqual(settings);
  });

  it.each([
    [{ GENESYS_REGION: 'us-east-1' }, 'GENESYS_REGION must be a domain, not an AWS region: use mypurecloud.com'],
    [{ GENESYS_REGION: 'eu-central-1' }, 'use mypurecloud.de'],
    [{ GENESYS_REGION: 'usw3.pure.cloud' }, 'did you mean usw2.pure.cloud'],
    [{ GENESYS_REGION: 'usw3.pure.cloud', GENESYS_API_URL: 'https://api.example.com' }, 'GENESYS_REGION'],
    [{ GENESYS_REGION: 'mypurecloud.com/evil' }, 'GENESYS_REGION'],
    [{ GENESYS_API_URL: 'http://api.example.com' }, 'must use https'],
    [{ GENESYS_API_URL: 'http://127.example.com' }, 'must use https'],
    [{ GENESYS_API_URL: 'https://user:pw@example.com' }, 'must not hold'],
    [{ SCIM_BASE_PATH: '/scim/' }, 'SCIM_BASE_PATH'],
    [{ GENESYS_CLIENT_ID: '' }, 'GENESYS_CLIENT_ID is not set'],
    [{ GENESYS_GROUPS_API: 'both' }, 'GENESYS_GROUPS_API'],
    [{ GENESYS_RATE_LIMIT_RESERVE: '1' }, 'GENESYS_RATE_LIMIT_RESERVE'],
    [{ SCIM_BEARER_TOKEN: 'secret-value' }, 'SCIM_BEARER_TOKEN is for SCIM_BASE_URL'],
    [{ ...otherScim, SCIM_BEARER_TOKEN: '' }, 'SCIM_BEARER_TOKEN is not set'],
    [{ ...otherScim, SCIM_BEARER_TOKEN: 'two words' }, 'SCIM_BEARER_TOKEN must not hold'],
    [{ ...otherScim, SCIM_TOKEN_URL: 'https://login.example.com/token' }, 'SCIM_CLIENT_ID is not set'],
    [{ ...otherScim, GENESYS_GROUPS_API: 'platform' }, 'GENESYS_GROUPS_API must be scim or auto'],
    [{ ...otherScim, SCIM_PROFILE: 'nobody' }, 'SCIM_PROFILE'],
  ])('refuses %j', (env, problem) => {
    const result = parseTargetSettings({ ...client, ...env });
    expect(result.ok ? [] : result.problems.join('\n')).toContain(problem);
    expect(JSON.stringify(result)).not.toContain('secret-value');
  });
});
