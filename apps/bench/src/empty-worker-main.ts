import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { TASK_QUEUES } from '@scim-onboarding/onboarding-contract/workflow';
import { loadTemporalConnectConfig } from '@scim-onboarding/temporal-connection';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';

/** The workflow code of the real worker, as its build bundled it. */
const BUNDLE = fileURLToPath(new URL('../../worker/dist/onboarding-workflows.bundle.js', import.meta.url));

/** What the activities of a group that is new answer. Nothing is asked of anybody, and nothing is written. */
const activities = {
  validateGroup: () =>
    Promise.resolve({
      byExternalId: [],
      byName: [],
      listedAll: false,
      target: 'none',
      webhook: { giveUpAfterSeconds: 60 },
    }),
  createGroup: () => {
    const displayName = 'Empty';
    const verified = { displayName, missing: 0, missingIds: [] };
    const group = { groupId: randomUUID(), displayName };
    return Promise.resolve({ kind: 'created', group, recovered: false, complete: true, verified });
  },
  sendWebhook: () => Promise.resolve({ attempts: 1 }),
  describeWebhook: () => Promise.resolve(null),
  recordAudit: () => Promise.resolve(),
};

Runtime.install({ logger: { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} } });
const { connectionOptions, namespace } = loadTemporalConnectConfig();
const connection = await NativeConnection.connect(connectionOptions);
const common = { connection, namespace, activities };
const workers = await Promise.all([
  Worker.create({ ...common, taskQueue: TASK_QUEUES.onboarding, workflowBundle: { codePath: BUNDLE } }),
  Worker.create({ ...common, taskQueue: TASK_QUEUES.target }),
  Worker.create({ ...common, taskQueue: TASK_QUEUES.webhooks }),
]);
const running = Promise.all(workers.map((worker) => worker.run()));
process.stdout.write(`${JSON.stringify({ msg: 'polling' })}\n`);
await running;
await connection.close();
