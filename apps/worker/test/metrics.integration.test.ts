import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { demoSeed } from '@scim-onboarding/genesys-simulator';
import { startWorkerProcess } from './support/worker-process.ts';
import { definition, startRig, type Rig } from './support/rig.ts';
import { failure, onboard } from './support/scenario.ts';
import { writeFileSync } from 'node:fs';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ seed: demoSeed });
});
afterAll(() => rig.close());

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

it('scrapes', async () => {
  const address = `127.0.0.1:${await freePort()}`;
  await startWorkerProcess(rig.env({ WORKER_METRICS_ADDRESS: address }));
  rig.simulator.addGroup({ displayName: 'Taken', externalId: 'someone-else' });
  await onboard(rig, definition('metrics.created'));
  await failure(rig, definition('metrics.failed', { displayName: 'Taken' }));
  await rig.onboarding.start(definition('metrics.blocked', { displayName: 'Taken' }));
  await new Promise((r) => setTimeout(r, 17000));
  const text = await (await fetch(`http://${address}/metrics`)).text();
  writeFileSync('/tmp/ops-metrics.txt', text);
  expect(text).toContain('onboarding_blocked');
}, 60_000);
