import { afterAll, beforeAll, expect, it } from 'vitest';
import { CANAILLE_EXPECTED } from './expectations.ts';
import { OAUTH_PROBES, type OAuthProbeName } from './oauth-probes.ts';
import type { PeerProcess } from './support/peer-process.ts';
import { describeWith } from './support/peer-suite.ts';
import { freshSecret, PEER_INSTALLATION, startNamedPeer } from './support/peers.ts';

const probes = Object.keys(OAUTH_PROBES) as OAuthProbeName[];

describeWith(PEER_INSTALLATION.canaille, 'client against the OAuth server of canaille', (installed) => {
  const clientId = 'interop';
  const clientSecret = freshSecret();
  let peer: PeerProcess | undefined;

  beforeAll(async () => {
    const env = { PEER_CLIENT_ID: clientId, PEER_CLIENT_SECRET: clientSecret };
    peer = await startNamedPeer('canaille', installed, env);
  });

  afterAll(async () => {
    await peer?.stop();
  });

  it.for(probes)('%s', async (probe) => {
    if (peer === undefined) throw new Error('the peer was not started');
    const outcome = await OAUTH_PROBES[probe]({ address: peer.address, clientId, clientSecret });
    expect(outcome, peer.log()).toEqual(CANAILLE_EXPECTED[probe]);
  });
});
