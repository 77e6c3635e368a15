import { authorizedSend, type AuthorizedSend } from './authorized-send.ts';
import { GENERIC_DIALECT, GENESYS_SCIM_DIALECT, PLATFORM_DIALECT } from './dialects.ts';
import type { Http } from './http.ts';
import type { TargetSettings } from './settings.ts';
import { createTokenSource, fixedToken, type TokenSource } from './token.ts';
import type { TargetUrls } from './urls.ts';

/** What the `scim` target asks for where nothing is set. */
const DEFAULT_SCIM_SCOPE = 'user:scim:write user:scim:read';

/** How requests of a target are sent. */
export interface Connection {
  readonly tokens: TokenSource;
  readonly send: AuthorizedSend;
}

export interface Connections {
  readonly scim: Connection;
  readonly platform: Connection;
}

/**
 * @param http for the token endpoint, which has a limit of its own
 * @param paced for the API
 */
export function createConnections(settings: TargetSettings, urls: TargetUrls, http: Http, paced: Http): Connections {
  const isGenesys = settings.SCIM_BASE_URL === undefined;
  const scimTokens = tokenSource(settings, urls, http, isGenesys ? DEFAULT_SCIM_SCOPE : '');
  // The published API gives rights by roles: a scope does nothing there for client credentials.
  const platformTokens =
    settings.GENESYS_OAUTH_SCOPE === undefined ? tokenSource(settings, urls, http, '') : scimTokens;
  return {
    scim: {
      tokens: scimTokens,
      send: authorizedSend(paced, scimTokens, isGenesys ? GENESYS_SCIM_DIALECT : GENERIC_DIALECT),
    },
    platform: { tokens: platformTokens, send: authorizedSend(paced, platformTokens, PLATFORM_DIALECT) },
  };
}

function tokenSource(settings: TargetSettings, urls: TargetUrls, http: Http, defaultScope: string): TokenSource {
  const isGenesys = settings.SCIM_BASE_URL === undefined;
  if (urls.token === undefined) return fixedToken(needed(settings, 'SCIM_BEARER_TOKEN'));
  return createTokenSource({
    url: urls.token,
    clientId: needed(settings, isGenesys ? 'GENESYS_CLIENT_ID' : 'SCIM_CLIENT_ID'),
    clientSecret: needed(settings, isGenesys ? 'GENESYS_CLIENT_SECRET' : 'SCIM_CLIENT_SECRET'),
    scope: settings.GENESYS_OAUTH_SCOPE ?? defaultScope,
    scopeIsOptional: settings.GENESYS_OAUTH_SCOPE === undefined,
    http,
  });
}

function needed(
  settings: TargetSettings,
  name: 'GENESYS_CLIENT_ID' | 'GENESYS_CLIENT_SECRET' | 'SCIM_CLIENT_ID' | 'SCIM_CLIENT_SECRET' | 'SCIM_BEARER_TOKEN',
): string {
  const value = settings[name];
  if (value === undefined) throw new TypeError(`${name} is not set: check settings with parseTargetSettings`);
  return value;
}
