import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { demoSeed } from '@scim-onboarding/genesys-simulator';
import { SEARCH_ATTRIBUTE_TYPES } from '@scim-onboarding/onboarding-contract';
import { startDevServer, type DevServer } from '@scim-onboarding/temporal-connection';
import { definition, startRig } from './support/rig.ts';
import { startWorkerProcess } from './support/worker-process.ts';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

describe('the worker process', () => {
  it('names every bad setting, never its value, and ends with 2', () => {
    const env = {
      PATH: process.env['PATH'] ?? '',
      GENESYS_CLIENT_SECRET: 'very-secret',
      GENESYS_REGION: 'nowhere',
      HRIS_WEBHOOK_SECRET: 'not-a-whsec',
    };
    const { status, stderr, stdout } = spawnSync(process.execPath, [MAIN], { env, encoding: 'utf8' });
    expect(status).toBe(2);
    for (const name of ['GENESYS_CLIENT_ID is not set', 'GENESYS_REGION', 'HRIS_WEBHOOK_SECRET'])
      expect(stderr).toContain(name);
    expect(`${stderr}${stdout}`).not.toMatch(/very-secret|not-a-whsec/u);
  });

  it('lets a running activity end when it is asked to stop', { timeout: 60_000 }, async () => {
    const rig = await startRig({ seed: demoSeed });
    try {
      rig.simulator.addFault({ kind: 'delay', match: { method: 'POST', bodyIncludes: '"grace-1"' }, ms: 1500 });
      const first = await startWorkerProcess(rig.env());
      const { workflowId } = await rig.onboarding.start(definition('grace-1'));
      await expect
        .poll(async () => (await rig.onboarding.status(workflowId)).pendingActivities.map((a) => a.activityId), {
          timeout: 10_000,
        })
        .toContain('create-group');
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(await first.end('SIGTERM')).toBe(0);
      const second = await startWorkerProcess(rig.env());
      const result = await rig.onboarding.result(workflowId, { deadlineMs: 30_000 });
      // Not recovered: the first worker's attempt ended and counted.
      expect(result).toMatchObject({ outcome: 'created', recovered: false });
      expect(await second.end('SIGTERM')).toBe(0);
    } finally {
      await rig.close();
    }
  });

  it('waits for a Temporal server that is not up yet', { timeout: 60_000 }, async () => {
    const port = await freePort();
    let server: DevServer | undefined;
    try {
      const starting = startWorkerProcess({
        TEMPORAL_ADDRESS: `127.0.0.1:${port}`,
        GENESYS_CLIENT_ID: 'x',
        GENESYS_CLIENT_SECRET: 'y',
      });
      // Longer than the worker's first attempt takes.
      await new Promise((resolve) => setTimeout(resolve, 3500));
      server = await startDevServer({ ports: { grpc: port }, searchAttributes: SEARCH_ATTRIBUTE_TYPES });
      const worker = await starting;
      expect(worker.log.some((line) => line.includes('Temporal cannot be reached; trying again'))).toBe(true);
      expect(await worker.end('SIGTERM')).toBe(0);
    } finally {
      await server?.stop();
    }
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
