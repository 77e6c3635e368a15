import { currentEnvironment, externalTemporalAddress, loadTemporalConnectConfig } from '../config.ts';
import { startDevServer, type DevServer, type StartDevServerOptions } from './start-dev-server.ts';

export interface ExternalTemporal {
  external: true;
  /** `host:port`. */
  address: string;
  namespace: string;
  /** Does nothing: the server is not ours. */
  stop(): Promise<void>;
}

export type ResolvedTemporal = ExternalTemporal | (DevServer & { external: false });

/**
 * The server that `TEMPORAL_ADDRESS` names, or else a dev server that is started here. An address in a profile of the
 * Temporal config file does not count: a demo must not run against somebody's production namespace by accident.
 *
 * @throws {TemporalConfigError}, and what `startDevServer` throws.
 */
export async function resolveTemporal(options: StartDevServerOptions = {}): Promise<ResolvedTemporal> {
  const env = options.env ?? currentEnvironment();
  if (externalTemporalAddress(env) === undefined) {
    return { ...(await startDevServer({ ...options, env })), external: false };
  }
  const { connectionOptions, namespace } = loadTemporalConnectConfig(env);
  return { external: true, address: connectionOptions.address, namespace, stop: () => Promise.resolve() };
}
