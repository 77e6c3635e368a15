import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { SEARCH_ATTRIBUTE_TYPES, TASK_QUEUES } from '@scim-onboarding/onboarding-contract';
import { DEFAULT_RULES } from '@scim-onboarding/scim-core';
import {
  connectClient,
  devServerEnvironment,
  startDevServer,
  type DevServer,
  type TemporalClient,
} from '@scim-onboarding/temporal-connection';
import { ApplicationFailure } from '@temporalio/common';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createOnboardingClient, type OnboardingClient } from '../../src/index.ts';
import type { TestActivities } from '../workflows/onboard-group.ts';

export const WORKFLOWS = fileURLToPath(new URL('../workflows/onboard-group.ts', import.meta.url));

/** A Temporal server, a worker with the workflow of these tests, and a client. */
export interface Rig {
  readonly server: DevServer;
  readonly temporal: TemporalClient;
  readonly onboarding: OnboardingClient;
  stopWorker(): Promise<void>;
  close(): Promise<void>;
}

const activities: TestActivities = {
  validateGroup: () => Promise.resolve(),
  createGroup(description) {
    if (description === 'retry') {
      return Promise.reject(ApplicationFailure.create({ message: 'POST /groups: 503', type: 'ServerError' }));
    }
    if (description === 'block') {
      const details = [{ hint: 'h', docs: 'd', status: 403, request: 'POST /groups', correlationId: 'c-1' }];
      return Promise.reject(
        ApplicationFailure.create({
          message: 'POST /groups: 403 for someone@example.com',
          type: 'Forbidden',
          nonRetryable: true,
          details,
        }),
      );
    }
    return Promise.resolve();
  },
};

export async function startRig(): Promise<Rig> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const server = await startDevServer({ searchAttributes: SEARCH_ATTRIBUTE_TYPES });
  const temporal = await connectClient({ env: devServerEnvironment(server) });
  const native = await NativeConnection.connect({ address: server.address });
  const worker = await Worker.create({
    connection: native,
    taskQueue: TASK_QUEUES.onboarding,
    workflowsPath: WORKFLOWS,
    activities,
  });
  const running = worker.run();
  const stopWorker = async (): Promise<void> => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await running;
  };
  return {
    server,
    temporal,
    onboarding: createOnboardingClient({ client: temporal.client, rules: { ...DEFAULT_RULES, maxMembers: 50_000 } }),
    stopWorker,
    async close() {
      await stopWorker();
      await native.close();
      await temporal.close();
      await server.stop();
    },
  };
}

/** A definition whose description says how its run ends. */
export function definition(description?: string) {
  return {
    externalId: `g-${randomUUID()}`,
    displayName: 'Team_A',
    members: [{ id: 'u1', email: 'u1@example.com' }, { id: 'u2' }],
    ...(description !== undefined && { description }),
  };
}
