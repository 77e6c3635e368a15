import { jsonReply, type Reply, SCIM_TYPE } from './http.ts';
import type { ScimPlace } from './scim-resource.ts';
import type { SimulatorState } from './state.ts';
import { SERVICE_PROVIDER_CONFIG_URN } from './urns.ts';

/** Answer to `GET {base}/ServiceProviderConfig` (RFC 7643 section 5). */
export function serviceProviderConfig(state: SimulatorState, place: ScimPlace): Reply {
  const config = {
    schemas: [SERVICE_PROVIDER_CONFIG_URN],
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: state.options.maxPageSize },
    changePassword: { supported: false },
    sort: { supported: false },
    etag: { supported: true },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'OAuth Bearer Token',
        description: 'OAuth 2.0 client credentials, token from /oauth/token',
      },
    ],
    meta: {
      resourceType: 'ServiceProviderConfig',
      location: `${place.origin}${place.basePath}/ServiceProviderConfig`,
    },
  };
  return jsonReply(200, config, {}, SCIM_TYPE);
}
