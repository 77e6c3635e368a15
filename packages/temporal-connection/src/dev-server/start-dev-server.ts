import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';

import { DEFAULT_TEMPORAL_NAMESPACE } from '../config.ts';
import { retryWithBackoff } from '../retry-with-backoff.ts';
import { searchAttributeArguments, waitUntilListed, type SearchAttributeDefinitions } from '../search-attributes.ts';
import { startServerProcess, type ServerProcess } from './child-process.ts';
import { DevServerStartError } from './errors.ts';
import { findTemporalCli, type CliSource, type FindTemporalCliOptions, type TemporalCli } from './find-temporal-cli.ts';
import { freePorts, LOOPBACK } from './free-port.ts';

const READY_TIMEOUT_MS = 30_000;
const PROBE_TIMEOUT_MS = 2_000;
/** For a `temporal` command that prints something else. */
const PRINT_TIMEOUT_MS = 5_000;

export interface StartDevServerOptions extends FindTemporalCliOptions {
  /** Whether the Temporal UI is served. Default false. */
  ui?: boolean;
  /** SQLite file that keeps the workflows. Default: they are gone when the server stops. */
  dbFile?: string;
  /** Default `default`. */
  namespace?: string;
  /** Registered when the server starts. */
  searchAttributes?: SearchAttributeDefinitions;
  /** Default: free ports. */
  ports?: { grpc?: number; ui?: number };
  /** More arguments of `temporal server start-dev`. */
  extraArgs?: readonly string[];
}

export interface DevServer {
  /** `127.0.0.1:port`. */
  address: string;
  /** Only with `ui: true`. */
  uiUrl?: string;
  namespace: string;
  pid: number;
  /** Where the `temporal` command was found. */
  source: CliSource;
  /** Ends the server; resolves when it has ended. May be called more than once. */
  stop(): Promise<void>;
}

/**
 * Starts `temporal server start-dev` on the loopback interface and waits until the namespace and the search attributes
 * are there. It ends with this process.
 *
 * @throws {DevServerNotFoundError} when there is no `temporal` command.
 * @throws {DevServerStartError} when the server ends or is not ready within 30 seconds.
 */
export async function startDevServer(options: StartDevServerOptions = {}): Promise<DevServer> {
  const cli = await findTemporalCli(options);
  try {
    return await startOnce(cli, options);
  } catch (error) {
    // A free port can be taken between the moment it is found and the moment the server binds it.
    const mayMove = options.ports?.grpc === undefined || (options.ui === true && options.ports.ui === undefined);
    if (!mayMove || !(error instanceof DevServerStartError) || !isPortTaken(error)) throw error;
    options.onProgress?.('A port was taken in the meantime; trying others.');
    return startOnce(cli, options);
  }
}

async function startOnce(cli: TemporalCli, options: StartDevServerOptions): Promise<DevServer> {
  const { ui = false, namespace = DEFAULT_TEMPORAL_NAMESPACE, searchAttributes = {} } = options;
  const [freeGrpc = 0, freeUi = 0] = await freePorts(2);
  const port = options.ports?.grpc ?? freeGrpc;
  const uiPort = options.ports?.ui ?? freeUi;
  const address = `${LOOPBACK}:${port}`;
  const args = [
    'server',
    'start-dev',
    '--ip',
    LOOPBACK,
    '--port',
    String(port),
    '--namespace',
    namespace,
    '--log-level',
    'error',
    ...(ui ? ['--ui-port', String(uiPort)] : ['--headless']),
    ...(options.dbFile === undefined ? [] : ['--db-filename', options.dbFile]),
    ...searchAttributeArguments(searchAttributes),
    ...(options.extraArgs ?? []),
  ];
  const command = [cli.path, ...args].join(' ');
  const server = await startServerProcess(cli.path, args).catch((error: unknown) => {
    throw new DevServerStartError(command, error instanceof Error ? error.message : String(error), [], error);
  });
  try {
    await untilReady(server, address, namespace, searchAttributes);
  } catch (error) {
    await server.stop();
    throw new DevServerStartError(
      command,
      error instanceof Error ? error.message : String(error),
      server.lastLines(),
      error,
    );
  }
  return {
    address,
    ...(ui ? { uiUrl: `http://${LOOPBACK}:${uiPort}` } : {}),
    namespace,
    pid: server.pid,
    source: cli.source,
    stop: () => server.stop(),
  };
}

async function untilReady(
  server: ServerProcess,
  address: string,
  namespace: string,
  searchAttributes: SearchAttributeDefinitions,
): Promise<void> {
  const giveUp = new AbortController();
  const ended = server.exited.then((how) => {
    const reason = new Error(`it ended with ${how}`);
    giveUp.abort(reason);
    throw reason;
  });
  const ready = retryWithBackoff(() => probe(address, namespace, searchAttributes), {
    initialMs: 50,
    maxMs: 500,
    maxElapsedMs: READY_TIMEOUT_MS,
    signal: giveUp.signal,
  });
  // A probe may hang on somebody else's server on the port that made ours end.
  await Promise.race([ready, ended]);
  // Or it may have found that one ready. Ours prints its address when it has the port.
  const printed = server.printed(address.slice(address.lastIndexOf(':')));
  await Promise.race([printed, ended, delay(PRINT_TIMEOUT_MS, undefined, { ref: false })]);
  giveUp.signal.throwIfAborted();
}

/** One connection a try: a channel that was refused waits a second or more before it tries again. */
async function probe(address: string, namespace: string, searchAttributes: SearchAttributeDefinitions): Promise<void> {
  await assertListening(address);
  const connection = Connection.lazy({ address, connectTimeout: PROBE_TIMEOUT_MS });
  try {
    await connection.ensureConnected();
    const deadline = Date.now() + PROBE_TIMEOUT_MS;
    await connection.withDeadline(deadline, () => connection.workflowService.describeNamespace({ namespace }));
    const missing = await waitUntilListed(connection, namespace, searchAttributes, deadline);
    if (missing.length > 0) throw new Error(`search attributes ${missing.join(', ')} are not listed yet`);
  } finally {
    await connection.close();
  }
}

function isPortTaken(error: DevServerStartError): boolean {
  return /address already in use|only one usage of each socket address/i.test(error.output.join('\n'));
}

function assertListening(address: string): Promise<void> {
  const [host = LOOPBACK, port] = address.split(':');
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(port), timeout: PROBE_TIMEOUT_MS });
    socket.once('connect', () => resolve(void socket.destroy()));
    socket.once('timeout', () => socket.destroy(new Error(`${address} does not answer`)));
    socket.once('error', reject);
  });
}
