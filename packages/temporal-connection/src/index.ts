export {
  DEFAULT_TEMPORAL_ADDRESS,
  DEFAULT_TEMPORAL_NAMESPACE,
  devServerEnvironment,
  loadTemporalConnectConfig,
  type TemporalConnectConfig,
  type TemporalConnectionOptions,
} from './config.ts';
export { connectClient, type ConnectClientOptions, type TemporalClient } from './connect.ts';
export {
  SearchAttributesNotListedError,
  SearchAttributesRefusedError,
  SearchAttributeTypeError,
  TemporalAccessDeniedError,
  TemporalConfigError,
  TemporalUnreachableError,
} from './errors.ts';
export { retryWithBackoff, type BackoffOptions } from './retry-with-backoff.ts';
export {
  ensureSearchAttributes,
  missingSearchAttributes,
  type SearchAttributeDefinitions,
  type SearchAttributeKind,
} from './search-attributes.ts';
export { DevServerNotFoundError, DevServerStartError, type FailedWay } from './dev-server/errors.ts';
export {
  findTemporalCli,
  TEMPORAL_CLI_VERSION,
  type CliSource,
  type FindTemporalCliOptions,
  type TemporalCli,
} from './dev-server/find-temporal-cli.ts';
export { resolveTemporal, type ExternalTemporal, type ResolvedTemporal } from './dev-server/resolve-temporal.ts';
export { startDevServer, type DevServer, type StartDevServerOptions } from './dev-server/start-dev-server.ts';
export {
  countOpenRuns,
  DeploymentNotFoundError,
  deploymentStatus,
  promote,
  ramp,
  type DeploymentStatus,
  type DeploymentVersionStatus,
} from './deployments.ts';
export { joinDevStack, removeDevStackNote, writeDevStackNote } from './dev-stack-note.ts';
