import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { FAILURE_TYPES } from '@scim-onboarding/onboarding-contract';
import {
  DeadlineExceededError,
  DefinitionMismatchError,
  InvalidArgumentError,
  InvalidGroupDefinitionError,
  NotBlockedError,
  OnboardingBlockedError,
  OnboardingFailedError,
  OnboardingNotFoundError,
  PayloadUnreadableError,
  ResolutionRefusedError,
  ScheduleExistsError,
  ScheduleNotFoundError,
  RosterNotRetriableError,
  TemporalRefusedError,
  TemporalUnavailableError,
  UnreadableResultError,
} from '@scim-onboarding/onboarding-client';
import { DEVELOPMENT_KEYS, EncryptionConfigError, loadEncryption } from '@scim-onboarding/payload-encryption';
import { loadTemporalConnectConfig } from '@scim-onboarding/temporal-connection';
import { toCliError } from '../apps/starter/dist/cli-error.js';
import { parseSettings } from '../apps/starter/dist/config.js';
import { EXIT } from '../apps/starter/dist/exit-codes.js';
import { loadWorkerConfig, workerSettingsSchema } from '../apps/worker/dist/config.js';
import { USAGE } from '../packages/genesys-simulator/dist/config.js';
import { loadCodecServerOptions } from '../packages/payload-encryption/dist/codec-server/config.js';
import { tracingSettings } from '../packages/tracing/dist/config.js';
import { repositoryRoot } from './fixture-folder.ts';
import { all, read, section, unique } from './pages.ts';

interface Docs {
  readonly documents: Readonly<Record<string, () => string>>;
}
interface ClientErrors {
  readonly CLIENT_ERRORS: readonly (readonly [type: string, code: number, means: string, action: string])[];
  readonly CLIENT_ERRORS_HEADING: string;
}

/** Scripts have no declarations: the path is not a literal, so that the compiler does not look for them. */
const script = (name: string): Promise<unknown> => import(new URL(`../scripts/${name}`, import.meta.url).href);
const { documents } = (await script('docs.mjs')) as Docs;
const { CLIENT_ERRORS, CLIENT_ERRORS_HEADING } = (await script('client-errors-docs.mjs')) as ClientErrors;

/** Text of the sources in a folder, without tests. */
function sources(folder: string): string {
  return readdirSync(join(repositoryRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .map((path) => read(join(folder, path)))
    .join('\n');
}

describe('documents made of code', () => {
  it.each(Object.keys(documents))('%s is up to date (else: npm run docs)', (file) => {
    expect(read(file)).toBe(documents[file]?.());
  });

  it('are the four pages and the example of the settings', () => {
    expect(Object.keys(documents).sort()).toEqual([
      '.env.example',
      'docs/configuration.md',
      'docs/errors.md',
      'docs/retry-policies.md',
      'docs/targets.md',
    ]);
  });
});

describe('docs/errors.md', () => {
  it('has a heading for every failure type, and no other but that of the client', () => {
    expect(all(read('docs/errors.md'), /^## (.+)$/gm).sort()).toEqual(
      [...Object.values(FAILURE_TYPES), CLIENT_ERRORS_HEADING].sort(),
    );
  });

  it('has every type that the client and the command make', () => {
    const text = sources('packages/onboarding-client/src') + sources('apps/starter/src');
    const named = all(text, /\btype\??(?::| =)([^;,\n]*)/g).flatMap((values) => all(values, /'([A-Z]\w+)'/g));
    const made = [
      ...named,
      ...all(text, /inputError\(\s*'(\w+)'/g),
      ...all(text, /new TemporalRefusedError\(\s*'(\w+)'/g),
      ...all(text, /^ {2}(\w+)Error: EXIT\./gm),
    ];
    const listed = CLIENT_ERRORS.map(([type]) => type);
    const failureTypes = new Set<string>(Object.values(FAILURE_TYPES));

    expect(unique(made.filter((type) => listed.includes(type) || !failureTypes.has(type)))).toEqual([...listed].sort());
    expect(listed).toHaveLength(new Set(listed).size);
  });

  it('has the exit codes that the command ends with', () => {
    const refused = ['NamespaceNotFound', 'SearchAttributesMissing', 'PermissionDenied', 'RequestRefused'] as const;
    const failed = ['Cancelled', 'Terminated', 'TimedOut', 'Unknown'].map((type) => ({ type, cancelled: false }));
    const connection = all(read('apps/starter/src/cli-error.ts'), /^ {2}(\w+Error): EXIT\./gm);
    const errors: Error[] = [
      new InvalidGroupDefinitionError([]),
      new InvalidArgumentError('m', 'h'),
      new DefinitionMismatchError('w', 'r'),
      new OnboardingBlockedError('w', 'r', {
        block: 1,
        step: 'validate-group',
        type: 't',
        message: 'm',
        since: '',
        until: '',
        allowed: [],
      }),
      new NotBlockedError('w', 'm'),
      new ResolutionRefusedError('w', 'm', 'h'),
      new RosterNotRetriableError('RosterRuns', 'r', 'm', 'h'),
      new RosterNotRetriableError('RosterTellsHris', 'r', 'm', 'h'),
      new PayloadUnreadableError('w', 'r'),
      new OnboardingNotFoundError('w', 'n'),
      new ScheduleNotFoundError('s', 'm'),
      new ScheduleExistsError('s', 'd'),
      new DeadlineExceededError('w', 1),
      new UnreadableResultError('w', 'p'),
      new TemporalUnavailableError('m', 'h'),
      ...refused.map((type) => new TemporalRefusedError(type, 'm', 'h')),
      ...failed.map((failure) => new OnboardingFailedError({ ...failure, message: 'm', hint: 'h' }, 'w', 'r')),
      ...connection.map((name) => Object.assign(new Error('m'), { name })),
      new Error('m'),
    ];
    const reported = errors.map((error) => toCliError(error)).map(({ report, exitCode }) => [report.type, exitCode]);
    // A type with an exit code of its own after Ctrl-C is listed with the other one.
    const thrown = /CliError\(\s*(?:interrupted\.aborted \? EXIT\.interrupted : )?EXIT\.(\w+),\s*\{\s*type: '(\w+)'/g;
    const written = [...sources('apps/starter/src').matchAll(thrown)].map(([, exit = '', type]) => [
      type,
      EXIT[exit as keyof typeof EXIT],
    ]);
    const input = all(sources('apps/starter/src'), /inputError\(\s*'(\w+)'/g).map((type) => [type, EXIT.usage]);
    const found = new Map([...reported, ...written, ...input, ['Usage', EXIT.usage]] as [string, number][]);

    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(CLIENT_ERRORS.map(([type, code]) => [type, code])));
  });
});

describe('docs/configuration.md', () => {
  const names = (heading: string): string[] =>
    section('docs/configuration.md', heading)
      .split('\n')
      .flatMap((line) => all(line.split('|')[1] ?? '', /`([^`]+)`/g));
  const defaultOf = (heading: string, name: string): string | undefined =>
    section('docs/configuration.md', heading)
      .split('\n')
      .find((line) => line.startsWith(`| \`${name}\` `))
      ?.split('|')[2]
      ?.trim();

  it('has the settings of the worker, with their defaults', () => {
    expect(names('Worker')).toEqual(Object.keys(workerSettingsSchema.shape));
    for (const [name, schema] of Object.entries(workerSettingsSchema.shape)) {
      const absent = schema.safeParse(undefined);
      const value = absent.success ? (absent.data === undefined ? 'none' : `\`${absent.data}\``) : 'required';
      expect(defaultOf('Worker', name), name).toBe(value);
    }
  });

  it('has the settings of the command, with their defaults', () => {
    const schema = read('apps/starter/src/config.ts').split('z.object({')[1]?.split('\n});')[0] ?? '';
    const own = all(schema, /^ {2}([A-Z_]+):/gm);
    expect(own.length).toBeGreaterThan(1);
    expect(schema).toContain('...rulesSettings');
    expect(names('The onboard command')).toEqual(['MAX_GROUP_MEMBERS', 'GROUP_NAME_PATTERN', ...own]);
    expect(parseSettings({})).toMatchObject({
      ok: true,
      settings: { tenant: defaultOf('The onboard command', 'ONBOARDING_TENANT')?.replaceAll('`', '') },
    });
  });

  it('has the settings that Temporal’s loader reads', () => {
    const loader = readdirSync(join(repositoryRoot, 'node_modules/@temporalio/envconfig/lib'))
      .filter((file) => file.endsWith('.js'))
      .map((file) => read(join('node_modules/@temporalio/envconfig/lib', file)))
      .join('\n');
    const known = unique(all(loader, /\b(TEMPORAL_[A-Z_]+)\b/g)).map((name) => name.replace(/_$/, '_*'));
    // Read by the loader for the command-line tool of Temporal; the SDK does not use a remote codec.
    const used = known.filter((name) => !name.startsWith('TEMPORAL_CODEC_'));

    expect(names('Temporal').sort()).toEqual(used);
  });

  /** Names in the schemas of a file, by the way such a schema is written. */
  const schemaNames = (file: string): string[] => unique(all(read(file), /^ {2}([A-Z][A-Z_]+): /gm));

  it('has the settings of encryption', () => {
    expect(names('Encryption').sort()).toEqual(schemaNames('packages/payload-encryption/src/config.ts'));
  });

  it('has the settings of the codec server, with their defaults', () => {
    const options = loadCodecServerOptions([], { PAYLOAD_ENCRYPTION_KEYS: DEVELOPMENT_KEYS });

    expect(names('Codec server').sort()).toEqual(schemaNames('packages/payload-encryption/src/codec-server/config.ts'));
    expect(options).toMatchObject({
      host: defaultOf('Codec server', 'CODEC_SERVER_HOST')?.replaceAll('`', ''),
      port: Number(defaultOf('Codec server', 'CODEC_SERVER_PORT')?.replaceAll('`', '')),
      origins: [],
      token: undefined,
      namespaces: undefined,
    });
  });

  it('has the settings of tracing that are checked, with their defaults', () => {
    expect(names('Tracing').sort()).toEqual(schemaNames('packages/tracing/src/config.ts'));
    expect(tracingSettings({})).toBe(undefined);
    expect(tracingSettings({ OTEL_TRACES_EXPORTER: 'otlp' })).toEqual({
      protocol: defaultOf('Tracing', 'OTEL_EXPORTER_OTLP_PROTOCOL')?.replaceAll('`', ''),
    });
  });

  it('has the settings of the simulator', () => {
    expect(unique(names('Simulator'))).toEqual(
      unique([...all(USAGE, /(--[a-z-]+)/g), ...all(USAGE, /\b([A-Z]+_[A-Z_]+)\b/g)]),
    );
  });

  it('has the variables of docker-compose.yml, with their defaults', () => {
    const used = new Map([...read('docker-compose.yml').matchAll(/\$\{(\w+):-([^}]*)\}/g)].map((m) => [m[1], m[2]]));
    const listed = names('Docker Compose').map((name) => [
      name,
      defaultOf('Docker Compose', name)
        ?.replaceAll('`', '')
        .replace(/^none$/, ''),
    ]);

    expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(used));
  });
});

describe('.env.example', () => {
  const text = read('.env.example');
  const whole = parseEnv(text.replaceAll(/^# ([A-Z_]+=)/gm, '$1'));
  const worker = Object.keys(workerSettingsSchema.shape);

  it('has every setting, and no other', () => {
    const starter = all(section('docs/configuration.md', 'The onboard command'), /^\| `(\w+)`/gm);
    const others = ['Temporal', 'Encryption', 'Codec server', 'Tracing'].flatMap((heading) =>
      all(section('docs/configuration.md', heading), /^\| `([\w*]+)`/gm),
    );
    const names = [...worker, ...starter, ...others].map((name) => name.replace('*', 'X_TEAM'));

    expect(Object.keys(whole).sort()).toEqual(unique(names));
  });

  it('sets what is required only, and the worker and the connection take it', () => {
    const set = parseEnv(text) as Record<string, string>;

    expect(Object.keys(set).length).toBeGreaterThan(0);
    for (const name of Object.keys(set)) expect(() => loadWorkerConfig({ ...set, [name]: '' }), name).toThrow(name);
    expect(loadWorkerConfig(set).target.GENESYS_REGION).toBe('mypurecloud.com');
    expect(loadTemporalConnectConfig({ ...set, HOME: '/nowhere' }).namespace).toBe('default');
  });

  it('shows values that the schemas take, and the defaults where there are some', () => {
    const shapes = Object.entries(workerSettingsSchema.shape);
    const shown = Object.fromEntries(shapes.map(([name, schema]) => [name, schema.parse(whole[name])]));
    const defaults = shapes.flatMap(([name, schema]) => {
      const { success, data } = schema.safeParse(undefined);
      return success && data !== undefined ? [[name, data] as const] : [];
    });

    expect(defaults.length).toBeGreaterThan(5);
    expect(shown).toMatchObject(Object.fromEntries(defaults));
    expect(parseSettings(whole as Record<string, string>).ok).toBe(true);
  });

  it('shows settings of the codec server and of tracing that are taken, and a key that is refused until it is replaced', () => {
    const { PAYLOAD_ENCRYPTION_KEYS: keys, ...shown } = whole as Record<string, string>;
    const unread = { ...shown, PAYLOAD_ENCRYPTION_KEYS_FILE: '' };

    expect(() => loadEncryption({ PAYLOAD_ENCRYPTION_KEYS: keys })).toThrow(EncryptionConfigError);
    expect(loadCodecServerOptions([], { ...unread, PAYLOAD_ENCRYPTION_KEYS: `key:${'A'.repeat(43)}=` })).toMatchObject({
      port: 8888,
      namespaces: ['default'],
    });
    expect(tracingSettings(shown)).toEqual({ protocol: 'http/protobuf' });
  });
});

describe('turbo.json', () => {
  it('lets every setting through to the tasks', () => {
    const { globalPassThroughEnv: passed } = JSON.parse(read('turbo.json')) as { globalPassThroughEnv: string[] };
    const names = Object.keys(parseEnv(read('.env.example').replaceAll(/^# ([A-Z_]+=)/gm, '$1')));
    const passes = (name: string): boolean =>
      passed.some((entry) => (entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : name === entry));

    expect(names.filter((name) => !passes(name))).toEqual([]);
  });
});
