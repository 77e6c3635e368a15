import type { TestProject } from 'vitest/node';
import {
  type Installation,
  type InstallationName,
  INSTALLATIONS,
  INSTALLATIONS_KEY,
  isCi,
} from './support/installed.ts';
import { npmPeers } from './support/npm-peers.ts';
import { pythonEnvironment } from './support/python-environment.ts';

/** Installs the peers before the first test: at the same time, as most of it is waiting for the network. */
export async function setup(project: TestProject): Promise<void> {
  const [scim2, django, canaille, npm] = await Promise.all(INSTALLATIONS.map(install));
  if (!scim2 || !django || !canaille || !npm) throw new Error('an installation has no result');
  project.provide(INSTALLATIONS_KEY, { scim2, django, canaille, npm });
}

async function install(name: InstallationName): Promise<Installation> {
  try {
    return { ok: true, path: await (name === 'npm' ? npmPeers() : pythonEnvironment(name)) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const consequence = isCi(process.env) ? 'its tests fail' : 'its tests are skipped';
    process.stderr.write(`interop: ${name} cannot be installed, ${consequence}: ${reason}\n`);
    return { ok: false, reason };
  }
}
