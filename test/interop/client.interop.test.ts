import { afterAll, beforeAll, expect, it } from 'vitest';
import { EXPECTED } from './expectations.ts';
import { type ProbeName, PROBES } from './probes.ts';
import type { PeerProcess } from './support/peer-process.ts';
import { describeWith } from './support/peer-suite.ts';
import { freshSecret, PEER_INSTALLATION, PEERS, startNamedPeer } from './support/peers.ts';
import { plainScim } from './support/plain-scim.ts';
import { openSubject, type Subject } from './support/subject.ts';

const probes = Object.keys(PROBES) as ProbeName[];

for (const peer of PEERS) {
  describeWith(PEER_INSTALLATION[peer], `client against ${peer}`, (installed) => {
    let running: PeerProcess | undefined;
    let subject: Subject | undefined;

    beforeAll(async () => {
      const token = freshSecret();
      running = await startNamedPeer(peer, installed, { PEER_TOKEN: token });
      const { baseUrl } = running.address;
      const settings = { SCIM_BASE_URL: baseUrl, SCIM_BEARER_TOKEN: token };
      subject = await openSubject(
        settings,
        plainScim(baseUrl, () => token),
        peer,
      );
    });

    afterAll(async () => {
      await subject?.close();
      await running?.stop();
    });

    it.for(probes)('%s', async (probe) => {
      if (subject === undefined) throw new Error('the peer was not started');
      expect(await PROBES[probe](subject), running?.log()).toEqual(EXPECTED[probe][peer]);
    });
  });
}
