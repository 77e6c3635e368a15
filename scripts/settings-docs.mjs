// docs/configuration.md and .env.example. Names and defaults come from the schemas, meanings from setting-meanings.mjs.
import { readFileSync } from 'node:fs';
import { workerSettingsSchema } from '../apps/worker/dist/config.js';
import { parseSettings } from '../apps/starter/dist/config.js';
import {
  CODEC_SERVER_SETTINGS,
  COMPOSE_MEANINGS,
  DEMO_SETTINGS,
  ENCRYPTION_SETTINGS,
  EXAMPLES,
  MEANINGS,
  PLACEHOLDERS,
  SIMULATOR_SETTINGS,
  TEMPORAL_SETTINGS,
  TRACING_SETTINGS,
} from './setting-meanings.mjs';

function composeRows() {
  const file = readFileSync(new URL('../docker-compose.yml', import.meta.url), 'utf8');
  const variables = new Map([...file.matchAll(/\$\{(\w+):-([^}]*)\}/g)].map(([, name, value]) => [name, value]));
  return [...variables].map(([name, value]) => {
    const text = COMPOSE_MEANINGS[name];
    if (text === undefined)
      throw new Error(`${name} of docker-compose.yml has no meaning in scripts/setting-meanings.mjs.`);
    return [`\`${name}\``, value === '' ? 'none' : `\`${value}\``, text];
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
  if (text === undefined) throw new Error(`${name} has no meaning in scripts/setting-meanings.mjs.`);
  return text;
}

const settingRow = ({ name, required, fallback }) => [
  `\`${name}\``,
  required ? 'required' : fallback === undefined ? 'none' : `\`${fallback}\``,
  meaning(name),
];

const listedRow = ([name, fallback, text]) => [
  `\`${name}\``,
  fallback === undefined ? 'none' : `\`${fallback}\``,
  text,
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
    '[.env.example](../.env.example) has all settings of the worker, of `onboard`, of the connection to Temporal, of encryption and of tracing.',
    'What the targets can do, and which settings choose one: [targets](targets.md).',
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
    '`onboard deploy` reads `WORKER_DEPLOYMENT_NAME`.',
    '',
    'Where neither the environment nor `.env` sets `TEMPORAL_ADDRESS`, `onboard` reads `.cache/onboarding-dev.env` in its working directory,',
    'which `npm run dev` writes and removes, as long as that process is alive.',
    '',
    '## Temporal',
    '',
    'Worker, `onboard` and `connectClient()` read the settings of',
    '[Temporal’s own configuration](https://docs.temporal.io/develop/environment-configuration).',
    '',
    ...table(head, TEMPORAL_SETTINGS.map(listedRow)),
    '',
    '## Encryption',
    '',
    'Worker, `onboard`, codec server and other callers need the same keys. How to make, use and rotate them: [encryption](encryption.md).',
    '',
    ...table(head, ENCRYPTION_SETTINGS.map(listedRow)),
    '',
    '## Codec server',
    '',
    '`npx codec-server` shows plain text to the Temporal UI. It reads the two settings of the keys too, and no `.env`.',
    '',
    ...table(head, CODEC_SERVER_SETTINGS.map(listedRow)),
    '',
    '## Tracing',
    '',
    'What is traced: [tracing](tracing.md). Worker and `onboard` read the settings of the',
    '[OpenTelemetry specification](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/). They check these;',
    'headers, batches and sampler (`OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_BSP_*`, `OTEL_TRACES_SAMPLER`) are read by the OpenTelemetry SDK.',
    '',
    ...table(head, TRACING_SETTINGS.map(listedRow)),
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
  if (value === undefined) throw new Error(`${name} has no example in scripts/setting-meanings.mjs.`);
  const note = fallback === undefined ? 'Default none; the value is an example.' : 'Default as shown.';
  return [`# ${meaning(name)} ${note}`, `${placeholder === undefined ? '# ' : ''}${name}=${envValue(value)}`, ''];
}

const listedEntry = ([name, fallback, text, example]) => [
  `# ${text} ${fallback === undefined ? 'Default none; the value is an example.' : 'Default as shown.'}`,
  `# ${name.replace('*', 'X_TEAM')}=${envValue(fallback ?? example)}`,
  '',
];

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
    ...TEMPORAL_SETTINGS.flatMap(listedEntry),
    '## Encryption (worker, onboard, codec server)',
    '',
    ...ENCRYPTION_SETTINGS.flatMap(listedEntry),
    '## Codec server (it reads the environment only, not this file)',
    '',
    ...CODEC_SERVER_SETTINGS.flatMap(listedEntry),
    '## Tracing (worker, onboard)',
    '',
    ...TRACING_SETTINGS.flatMap(listedEntry),
  ]
    .join('\n')
    .replace(/\n+$/, '\n');
}
