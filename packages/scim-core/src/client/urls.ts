import { apiUrl, loginUrl } from './regions.ts';
import type { TargetSettings } from './settings.ts';

/** Addresses of a SCIM server. Made of settings only: nothing that an answer says changes where a token is sent. */
export interface ScimUrls {
  readonly groups: string;
  /** The users collection; `$ref` of a member is this, a slash and its id. */
  readonly users: string;
  /** RFC 7644 section 4. */
  readonly serviceProviderConfig: string;
}

/** Addresses of Genesys Cloud's published API. */
export interface PlatformUrls {
  /** SCIM: look-up by a filter, which this path asks for; get and change by id. */
  readonly scimGroups: string;
  /** SCIM: the whole list; on this path the filter is optional. */
  readonly scimGroupList: string;
  /** The plain Groups API: create, rename, delete. */
  readonly groups: string;
  readonly users: string;
}

/** All hosts and paths that requests go to. */
export interface TargetUrls {
  /** The token endpoint; undefined if a fixed token is used. */
  readonly token: URL | undefined;
  readonly scim: ScimUrls;
  readonly platform: PlatformUrls;
}

export function targetUrls(settings: TargetSettings): TargetUrls {
  const api = trimSlash(settings.GENESYS_API_URL ?? apiUrl(settings.GENESYS_REGION));
  return {
    token: tokenUrl(settings),
    scim: scimUrls(settings, api),
    platform: {
      scimGroups: `${api}/api/v2/scim/v2/groups`,
      scimGroupList: `${api}/api/v2/scim/groups`,
      groups: `${api}/api/v2/groups`,
      users: `${api}/api/v2/users`,
    },
  };
}

function tokenUrl(settings: TargetSettings): URL | undefined {
  if (settings.SCIM_BASE_URL === undefined) {
    const login = trimSlash(settings.GENESYS_LOGIN_URL ?? loginUrl(settings.GENESYS_REGION));
    return new URL(`${login}/oauth/token`);
  }
  return settings.SCIM_TOKEN_URL === undefined ? undefined : new URL(settings.SCIM_TOKEN_URL);
}

function scimUrls(settings: TargetSettings, api: string): ScimUrls {
  if (settings.SCIM_BASE_URL === undefined) {
    const base = `${api}${settings.SCIM_BASE_PATH}`;
    return {
      groups: `${base}/${settings.SCIM_GROUPS_PATH ?? 'groups'}`,
      users: `${api}/api/v2/users`,
      serviceProviderConfig: `${base}/serviceproviderconfig`,
    };
  }
  const base = trimSlash(settings.SCIM_BASE_URL);
  return {
    groups: `${base}/${settings.SCIM_GROUPS_PATH ?? 'Groups'}`,
    users: `${base}/Users`,
    serviceProviderConfig: `${base}/ServiceProviderConfig`,
  };
}

function trimSlash(url: string): string {
  return url.replace(/\/+$/u, '');
}
