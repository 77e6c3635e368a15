import { existsSync, readFileSync } from 'node:fs';
import { devNull } from 'node:os';
import type { TLSConfig } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';

import { TemporalConfigError } from './errors.ts';

/** Where a Temporal server is when neither the environment nor a profile says so. */
export const DEFAULT_TEMPORAL_ADDRESS = 'localhost:7233';
export const DEFAULT_TEMPORAL_NAMESPACE = 'default';

/** Accepted by `Connection.connect` of the client and by `NativeConnection.connect` of the worker. */
export interface TemporalConnectionOptions {
  /** `host:port`. */
  address: string;
  tls?: TLSConfig | boolean;
  apiKey?: string;
  metadata?: Record<string, string>;
}

export interface TemporalConnectConfig {
  connectionOptions: TemporalConnectionOptions;
  namespace: string;
}

/** The environment of this process; the one place in this package that reads it. */
export function currentEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}

/**
 * Reads how to connect from the standard Temporal settings: `TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`,
 * `TEMPORAL_API_KEY`, `TEMPORAL_TLS*`, `TEMPORAL_GRPC_META_*`, and the profile `TEMPORAL_PROFILE` in
 * `TEMPORAL_CONFIG_FILE`. The environment wins over the profile. TLS is on when a key or certificate is given.
 * Two differences to the plain `@temporalio/envconfig`: a setting that is the empty string counts as not set (compose
 * files and CI produce these), and a `TEMPORAL_CONFIG_FILE` that does not exist is an error instead of no profile.
 * Source: https://docs.temporal.io/develop/environment-configuration
 *
 * @throws {TemporalConfigError} when the file, the profile, a certificate or the address is bad.
 */
export function loadTemporalConnectConfig(env: NodeJS.ProcessEnv = currentEnvironment()): TemporalConnectConfig {
  const settings = withoutEmptySettings(env);
  const file = settings['TEMPORAL_CONFIG_FILE'];
  if (file !== undefined && !existsSync(file)) {
    throw new TemporalConfigError(`TEMPORAL_CONFIG_FILE is ${file}, and there is no such file. Correct or unset it.`);
  }
  let loaded;
  try {
    const disableFile = file !== undefined && isWithoutContent(file);
    loaded = loadClientConnectConfig({ overrideEnvVars: settings, disableFile });
  } catch (error) {
    const where = file === undefined ? 'the default Temporal config file' : file;
    // envconfig reads the profile of a file that has no profiles at all, which is a TypeError.
    const reason = error instanceof TypeError ? 'the file has no valid [profile.<name>] table' : firstLine(error);
    throw new TemporalConfigError(
      `The Temporal settings from the environment and ${where} cannot be used: ${reason}. ` +
        'Check TEMPORAL_CONFIG_FILE, TEMPORAL_PROFILE and the TEMPORAL_TLS_* paths.',
    );
  }
  const { address = DEFAULT_TEMPORAL_ADDRESS, tls, apiKey, metadata } = loaded.connectionOptions;
  checkAddress(address);
  return {
    connectionOptions: {
      address,
      ...(tls === undefined || tls === null ? {} : { tls }),
      ...(typeof apiKey === 'string' ? { apiKey } : {}),
      ...(metadata === undefined ? {} : { metadata: textOnly(metadata) }),
    },
    namespace: loaded.namespace ?? DEFAULT_TEMPORAL_NAMESPACE,
  };
}

/** Address of the server that the environment names, if it names one. */
export function externalTemporalAddress(env: NodeJS.ProcessEnv = currentEnvironment()): string | undefined {
  return env['TEMPORAL_ADDRESS'] === '' ? undefined : env['TEMPORAL_ADDRESS'];
}

/**
 * A copy of the environment that points at a dev server and at nothing else: a profile in the user's Temporal config
 * file, with its API key and certificates, does not apply to a server that was started here.
 */
export function devServerEnvironment(
  server: { address: string; namespace: string },
  env: NodeJS.ProcessEnv = currentEnvironment(),
): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_') || name === 'TEMPORAL_CLI_PATH');
  return {
    ...Object.fromEntries(kept),
    TEMPORAL_ADDRESS: server.address,
    TEMPORAL_NAMESPACE: server.namespace,
    TEMPORAL_CONFIG_FILE: devNull,
  };
}

/** An empty `TEMPORAL_GRPC_META_*` has a meaning of its own (it removes the header), so it stays. */
function withoutEmptySettings(env: NodeJS.ProcessEnv): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) continue;
    if (value === '' && name.startsWith('TEMPORAL_') && !name.startsWith('TEMPORAL_GRPC_META_')) continue;
    settings[name] = value;
  }
  return settings;
}

function checkAddress(address: unknown): void {
  if (typeof address !== 'string' || address.includes('/') || /\s/.test(address)) {
    throw new TemporalConfigError(
      `The Temporal address is "${String(address)}". It must be host:port, without a scheme or path, ` +
        `such as ${DEFAULT_TEMPORAL_ADDRESS}.`,
    );
  }
}

function textOnly(metadata: object): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, String(value)]));
}

/** A file of comments only, or the null device, means "no profile"; envconfig would fail on it. */
function isWithoutContent(file: string): boolean {
  return readFileSync(file, 'utf8')
    .split('\n')
    .every((line) => /^\s*(#|$)/.test(line));
}

/** The TOML parser prints the lines around a mistake below the first line; these may hold an API key. */
function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]?.replace(/\.$/, '') ?? '';
}
