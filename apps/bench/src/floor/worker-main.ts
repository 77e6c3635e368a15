import { fileURLToPath } from 'node:url';
import { TASK_QUEUES } from '@scim-onboarding/onboarding-contract/workflow';
import { loadTemporalConnectConfig } from '@scim-onboarding/temporal-connection';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';

// Beside the real worker it has the same three pollers, and nothing else.
Runtime.install({ logger: { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} } });
const { connectionOptions, namespace } = loadTemporalConnectConfig();
const connection = await NativeConnection.connect(connectionOptions);
const common = { connection, namespace, activities: { empty: () => Promise.resolve() } };
const workers = await Promise.all([
  Worker.create({
    ...common,
    taskQueue: TASK_QUEUES.onboarding,
    workflowsPath: fileURLToPath(new URL('./workflows.js', import.meta.url)),
  }),
  Worker.create({ ...common, taskQueue: TASK_QUEUES.target }),
  Worker.create({ ...common, taskQueue: TASK_QUEUES.webhooks }),
]);
const running = Promise.all(workers.map((worker) => worker.run()));
process.stdout.write(`${JSON.stringify({ msg: 'polling' })}\n`);
await running;
await connection.close();
