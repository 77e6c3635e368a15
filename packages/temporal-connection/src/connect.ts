import { Client, Connection, type ClientOptions } from '@temporalio/client';

import { currentEnvironment, loadTemporalConnectConfig } from './config.ts';
import { TemporalAccessDeniedError, TemporalUnreachableError } from './errors.ts';
import { GRPC_STATUS, grpcStatus } from './grpc-status.ts';

export interface ConnectClientOptions {
  /** Milliseconds until an unreachable server is an error. Default 5000. */
  connectTimeoutMs?: number;
  /** Default: the environment of the process. */
  env?: NodeJS.ProcessEnv;
  /** Who acts, as shown in the Temporal UI. Default of the SDK: `pid@host`. */
  identity?: string;
  /** How payloads are converted, for encryption. The workers need the same one. Default: plain JSON. */
  dataConverter?: NonNullable<ClientOptions['dataConverter']> | undefined;
  /** Interceptors of the client's calls, for tracing. Default: none. */
  interceptors?: NonNullable<ClientOptions['interceptors']> | undefined;
}

export interface TemporalClient {
  client: Client;
  connection: Connection;
  /** `host:port`. */
  address: string;
  namespace: string;
  close(): Promise<void>;
}

/**
 * Connects a client with the settings of `loadTemporalConnectConfig`. Whether the namespace exists is not checked.
 *
 * @throws {TemporalConfigError} when the settings are bad.
 * @throws {TemporalUnreachableError} when no server answers within `connectTimeoutMs`.
 * @throws {TemporalAccessDeniedError} when the server refuses the credentials.
 */
export async function connectClient(options: ConnectClientOptions = {}): Promise<TemporalClient> {
  const { connectTimeoutMs = 5_000, env = currentEnvironment(), identity, dataConverter, interceptors } = options;
  const { connectionOptions, namespace } = loadTemporalConnectConfig(env);
  const { address } = connectionOptions;
  // Not Connection.connect: when that fails it leaves its channel open, which goes on trying for ever.
  const connection = Connection.lazy({ ...connectionOptions, connectTimeout: connectTimeoutMs });
  try {
    await connection.ensureConnected();
  } catch (error) {
    await connection.close();
    const status = grpcStatus(error);
    if (status === GRPC_STATUS.UNAUTHENTICATED || status === GRPC_STATUS.PERMISSION_DENIED) {
      throw new TemporalAccessDeniedError(address, error);
    }
    throw new TemporalUnreachableError(address, connectTimeoutMs, error);
  }
  const client = new Client({
    connection,
    namespace,
    ...(identity === undefined ? {} : { identity }),
    ...(dataConverter === undefined ? {} : { dataConverter }),
    ...(interceptors === undefined ? {} : { interceptors }),
  });
  return { client, connection, address, namespace, close: () => connection.close() };
}
