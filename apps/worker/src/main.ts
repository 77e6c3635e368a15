import { existsSync } from 'node:fs';
import { Client } from '@temporalio/client';
import { NativeConnection, Runtime } from '@temporalio/worker';
import { SEARCH_ATTRIBUTE_TYPES } from '@scim-onboarding/onboarding-contract/workflow';
import { EncryptionConfigError, loadEncryption } from '@scim-onboarding/payload-encryption';
import {
  connectClient,
  ensureSearchAttributes,
  loadTemporalConnectConfig,
  retryWithBackoff,
  TemporalConfigError,
  TemporalUnreachableError,
} from '@scim-onboarding/temporal-connection';
import { startWorkerTracing, TracingConfigError } from '@scim-onboarding/tracing/worker';
import { loadWorkerConfig, WorkerConfigError } from './config.ts';
import { watchBlocked } from './blocked-gauge.ts';
import { createDependencies } from './dependencies.ts';
import { startHealthServer, type HealthSource } from './health.ts';
import { createLogger, temporalLogger, type Logger } from './logger.ts';
import { createMetrics, prometheusMetrics } from './metrics.ts';
import { loadRolePolicy } from './role-policy-file.ts';
import { createWorkers } from './worker.ts';
import { builtBundle, bundleKind } from './workflow-bundle.ts';

/** Milliseconds until one attempt to reach Temporal at boot is given up, and logged. */
const BOOT_CONNECT_MS = 2_000;

/** Exit code for settings that cannot be used, as of the `onboard` command. */
const BAD_SETTINGS = 2;

async function main(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = loadWorkerConfig();
  const temporal = loadTemporalConnectConfig();
  const dataConverter = loadEncryption(process.env)?.dataConverter;
  const logger = createLogger(config.logLevel);
  const tracing = await startWorkerTracing({
    serviceName: 'onboarding-worker',
    onProblem: (reason) => logger.warn({ reason }, 'spans cannot be sent'),
  });
  const policy = loadRolePolicy(config.rolePolicyFile);
  const stopping = new AbortController();
  // The SDK takes the signals over once a worker runs; until then they end the waiting for Temporal.
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const onSignal = (): void => stopping.abort(new Stopped());
  for (const signal of signals) process.once(signal, onSignal);

  Runtime.install({
    logger: temporalLogger(logger.child({ source: 'temporal-sdk' })),
    shutdownSignals: [],
    ...(config.metricsAddress === undefined
      ? {}
      : { telemetryOptions: { metrics: prometheusMetrics(config.metricsAddress) } }),
  });
  const health: { workers: HealthSource['workers'] } = { workers: undefined };
  const server = await startHealthServer(health, config.health);
  logger.info(
    { health: server.url, temporal: temporal.connectionOptions.address, namespace: temporal.namespace },
    'starting',
  );
  warnOfDefaults(config, logger);
  if (dataConverter === undefined)
    logger.warn('PAYLOAD_ENCRYPTION_KEYS is not set: definitions, with e-mails, stand in clear text in Temporal');
  try {
    await prepareNamespace(logger, stopping.signal);
    const connection = await NativeConnection.connect(temporal.connectionOptions);
    const client = new Client({
      connection,
      namespace: temporal.namespace,
      ...(dataConverter === undefined ? {} : { dataConverter }),
    });
    const metrics = createMetrics(Runtime.instance().metricMeter);
    const dependencies = createDependencies({ config, policy, client, logger, metrics, tracing });
    const gauge = watchBlocked(client, metrics, (error) =>
      logger.debug({ err: error }, 'blocked runs cannot be counted'),
    );
    try {
      const workers = await createWorkers({
        connection,
        namespace: temporal.namespace,
        workflowBundle: builtBundle(
          bundleKind({ encrypted: dataConverter !== undefined, traced: tracing !== undefined }),
        ),
        dataConverter,
        deployment: config.deployment,
        dependencies,
        shutdownGraceSeconds: config.shutdownGraceSeconds,
        activitiesPerSecond: config.activitiesPerSecond,
        tracing,
      });
      health.workers = workers.all;
      stopping.signal.addEventListener('abort', () => {
        logger.info({ graceSeconds: config.shutdownGraceSeconds }, 'shutting down');
        workers.shutdown();
      });
      logger.info('polling');
      await workers.run();
    } finally {
      gauge.stop();
      await dependencies.close();
      await connection.close();
    }
  } finally {
    await tracing?.shutdown();
    await server.close();
  }
  logger.info('stopped');
}

/** Waits for Temporal, then makes sure of the search attributes: an upsert of an unknown one would hang every run. */
async function prepareNamespace(logger: Logger, signal: AbortSignal): Promise<void> {
  const client = await retryWithBackoff(() => connectClient({ connectTimeoutMs: BOOT_CONNECT_MS }), {
    signal,
    shouldRetry: (error) => error instanceof TemporalUnreachableError,
    onRetry: (error, attempt, delayMs) =>
      logger.warn(
        { attempt, delayMs, reason: error instanceof Error ? error.message : String(error) },
        'Temporal cannot be reached; trying again',
      ),
  });
  try {
    const { created } = await ensureSearchAttributes(client.connection, client.namespace, SEARCH_ATTRIBUTE_TYPES);
    if (created.length > 0) logger.info({ created }, 'search attributes created');
  } finally {
    await client.close();
  }
}

function warnOfDefaults(config: ReturnType<typeof loadWorkerConfig>, logger: Logger): void {
  if (config.webhook === undefined) logger.warn('HRIS_WEBHOOK_URL is not set: nobody is told of onboarded groups');
  else if (config.webhook.secret === undefined)
    logger.warn('HRIS_WEBHOOK_SECRET is not set: deliveries are not signed');
  if (config.rolePolicyFile === undefined)
    logger.warn('ROLE_POLICY_FILE is not set: definitions that ask for roles are refused');
}

class Stopped extends Error {}

try {
  await main();
} catch (error) {
  if (error instanceof Stopped) process.exitCode = 0;
  else {
    const settings =
      error instanceof WorkerConfigError ||
      error instanceof TemporalConfigError ||
      error instanceof TracingConfigError ||
      error instanceof EncryptionConfigError;
    process.stderr.write(
      `${settings ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exitCode = settings ? BAD_SETTINGS : 1;
  }
}
