import { TASK_QUEUES } from '@scim-onboarding/onboarding-contract/workflow';
import { loadTemporalConnectConfig } from '@scim-onboarding/temporal-connection';
import { NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';

/**
 * Polls the three task queues of the real worker with other workflows and activities, until the process is asked to end. Says so on
 * standard output in the words of the real worker.
 */
export async function poll(
  workflows: Pick<WorkerOptions, 'workflowsPath' | 'workflowBundle'>,
  activities: object,
): Promise<void> {
  Runtime.install({ logger: { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} } });
  const { connectionOptions, namespace } = loadTemporalConnectConfig();
  const connection = await NativeConnection.connect(connectionOptions);
  const common = { connection, namespace, activities };
  const workers = await Promise.all([
    Worker.create({ ...common, ...workflows, taskQueue: TASK_QUEUES.onboarding }),
    Worker.create({ ...common, taskQueue: TASK_QUEUES.target }),
    Worker.create({ ...common, taskQueue: TASK_QUEUES.webhooks }),
  ]);
  const running = Promise.all(workers.map((worker) => worker.run()));
  process.stdout.write(`${JSON.stringify({ msg: 'polling' })}\n`);
  await running;
  await connection.close();
}
