import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { environmentsFolder, interopFolder } from './paths.ts';
import { run } from './run.ts';

/** The pins are resolved for this version and newer ones. */
const OLDEST_PYTHON = [3, 11] as const;
const INSTALL_TIMEOUT_MS = 200_000;
/** Written when all packages are in: an environment without it was interrupted. */
const COMPLETE = 'complete';

/**
 * Makes a virtual environment with the packages of `requirements-<name>.txt`, each by its hash. It is kept until the pins or the Python
 * change.
 *
 * @returns the path of its Python
 * @throws {Error} if there is no Python that is new enough, or a package cannot be installed
 */
export async function pythonEnvironment(name: string): Promise<string> {
  const requirements = join(interopFolder, `requirements-${name}.txt`);
  const base = await findPython();
  const hash = createHash('sha256')
    .update(await readFile(requirements))
    .update(`${base.executable} ${base.version}`)
    .digest('hex')
    .slice(0, 16);
  const folder = join(environmentsFolder, `${name}-${hash}`);
  const python = process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
  if (existsSync(join(folder, COMPLETE))) return python;

  await removeOthers(name);
  await run(base.executable, ['-m', 'venv', folder], { timeoutMs: INSTALL_TIMEOUT_MS });
  // The list is complete, so nothing is resolved, and nothing of a package is run while it is installed.
  const complete = ['--require-hashes', '--no-deps', '--only-binary', ':all:', '-r', requirements];
  const quiet = ['--quiet', '--no-input', '--disable-pip-version-check'];
  await run(python, ['-m', 'pip', 'install', ...quiet, ...complete], { timeoutMs: INSTALL_TIMEOUT_MS });
  await writeFile(join(folder, COMPLETE), '');
  return python;
}

interface Python {
  readonly executable: string;
  readonly version: string;
}

async function findPython(): Promise<Python> {
  const seen: string[] = [];
  for (const command of process.platform === 'win32' ? ['python', 'python3'] : ['python3', 'python']) {
    const found = await describePython(command);
    if (found === undefined) continue;
    const [major = 0, minor = 0] = found.version.split('.').map(Number);
    if (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1]) return found;
    seen.push(`${command} is ${found.version}`);
  }
  const reason = seen.length === 0 ? 'neither python3 nor python was found' : seen.join(', ');
  throw new Error(`needs Python ${OLDEST_PYTHON.join('.')} or newer: ${reason}`);
}

/** The executable itself, since what is on PATH may be a script that looks for a version in the current folder. */
async function describePython(command: string): Promise<Python | undefined> {
  const script = 'import platform, sys; print(sys.executable); print(platform.python_version())';
  try {
    const [executable, version] = (await run(command, ['-c', script], { timeoutMs: 20_000 })).trim().split(/\r?\n/u);
    return executable === undefined || version === undefined ? undefined : { executable, version };
  } catch {
    return undefined;
  }
}

/** Environments of older pins, and one that was interrupted. */
async function removeOthers(name: string): Promise<void> {
  if (!existsSync(environmentsFolder)) return;
  const old = (await readdir(environmentsFolder)).filter((entry) => entry.startsWith(`${name}-`));
  await Promise.all(old.map((entry) => rm(join(environmentsFolder, entry), { recursive: true, force: true })));
}
