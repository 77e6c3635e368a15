import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { findFile, runProgram } from './cli-install.ts';
import { CLI_NAME } from './executable.ts';

/** Host of the official downloads, the one that the Temporal SDKs use for their dev server. */
const DOWNLOAD_BASE_URL = 'https://temporal.download';

const HEADERS_TIMEOUT_MS = 10_000;
const BODY_TIMEOUT_MS = 5 * 60 * 1_000;
const UNPACK_TIMEOUT_MS = 60_000;

/**
 * Address of the archive with the `temporal` binary: tar.gz, zip for Windows.
 *
 * @throws when there is no build for this processor.
 */
export function archiveUrl(
  version: string,
  baseUrl: string = DOWNLOAD_BASE_URL,
  platform: string = process.platform,
  architecture: string = process.arch,
): string {
  const systems: Record<string, string> = { win32: 'windows', darwin: 'darwin' };
  const architectures: Record<string, string> = { x64: 'amd64', arm64: 'arm64' };
  const arch = architectures[architecture];
  if (arch === undefined) throw new Error(`there is no build for the processor ${architecture}`);
  return `${baseUrl}/cli/archive/v${version}?platform=${systems[platform] ?? 'linux'}&arch=${arch}`;
}

/** Downloads the archive into the folder and unpacks it. Gives the path of the binary. */
export async function downloadCli(folder: string, version: string, baseUrl?: string): Promise<string> {
  const url = archiveUrl(version, baseUrl);
  const archive = join(folder, 'archive');
  await download(url, archive);
  // The tar of Windows and macOS reads zip files too, and finds out the compression itself.
  await runProgram('tar', ['-xf', archive, '-C', folder], { timeoutMs: UNPACK_TIMEOUT_MS });
  const binary = await findFile(folder, CLI_NAME);
  if (binary === undefined) throw new Error(`GET ${url} gave an archive without ${CLI_NAME}`);
  return binary;
}

async function download(url: string, file: string): Promise<void> {
  const controller = new AbortController();
  const abortAfter = (ms: number, what: string): NodeJS.Timeout =>
    setTimeout(() => controller.abort(new Error(`${what} took longer than ${ms} ms`)), ms);
  let timer = abortAfter(HEADERS_TIMEOUT_MS, 'the answer');
  try {
    const response = await fetch(url, { signal: controller.signal });
    if (!response.ok || response.body === null) throw new Error(`status ${response.status}`);
    clearTimeout(timer);
    timer = abortAfter(BODY_TIMEOUT_MS, 'the download');
    await pipeline(Readable.fromWeb(response.body), createWriteStream(file), { signal: controller.signal });
  } catch (error) {
    throw new Error(`GET ${url}: ${reasonOf(error)}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** `fetch` says only "fetch failed"; the reason is in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
