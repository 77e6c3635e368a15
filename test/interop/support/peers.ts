import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { InstallationName } from './installed.ts';
import { peersFolder } from './paths.ts';
import { type PeerProcess, startPeer } from './peer-process.ts';

/** The SCIM servers that the client is run against. */
export const PEERS = ['scim2-server', 'better-auth', 'django-scim2'] as const;

export type PeerName = (typeof PEERS)[number];

export const PEER_INSTALLATION: Readonly<Record<PeerName | 'canaille', InstallationName>> = {
  'scim2-server': 'scim2',
  'better-auth': 'npm',
  'django-scim2': 'django',
  canaille: 'canaille',
};

const SCRIPTS: Readonly<Record<PeerName | 'canaille', string>> = {
  'scim2-server': 'scim2_server.peer.py',
  'better-auth': 'better-auth.peer.mjs',
  'django-scim2': 'django_scim2.peer.py',
  canaille: 'canaille.peer.py',
};

/** A credential that is made for one run of one peer. */
export function freshSecret(): string {
  return randomBytes(24).toString('hex');
}

/** @param installed the path of the peer's installation */
export function startNamedPeer(
  name: PeerName | 'canaille',
  installed: string,
  env: Readonly<Record<string, string>>,
): Promise<PeerProcess> {
  const command = PEER_INSTALLATION[name] === 'npm' ? process.execPath : installed;
  return startPeer(command, [join(peersFolder, SCRIPTS[name])], { cwd: peersFolder, env });
}
