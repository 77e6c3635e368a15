import { createOnboardingClient, type OnboardingClient } from '@scim-onboarding/onboarding-client';
import { loadEncryption } from '@scim-onboarding/payload-encryption';
import { startTracing } from '@scim-onboarding/tracing';
import { connectClient, type TemporalClient } from '@scim-onboarding/temporal-connection';
import type { Environment, Settings } from './config.ts';
import type { Output } from './output.ts';
import type { ByteSource } from './read-definition.ts';

/** What is read from: a file, a pipe or a terminal. */
export interface Input extends ByteSource {
  readonly isTTY?: boolean;
  /** Ends what waits for it. */
  destroy?(): unknown;
}

/** What a command gets. */
export interface Context {
  readonly output: Output;
  readonly env: Environment;
  readonly settings: Settings;
  readonly stdin: Input;
  /** Aborted by Ctrl-C. */
  readonly interrupted: AbortSignal;
}

/**
 * Connects to Temporal for as long as `use` runs.
 *
 * @throws EncryptionConfigError, TracingConfigError, TemporalConfigError, TemporalUnreachableError, TemporalAccessDeniedError
 */
export async function withTemporal<T>(env: Environment, use: (temporal: TemporalClient) => Promise<T>): Promise<T> {
  // Without the workers' keys not even the memo of a run could be read.
  const dataConverter = loadEncryption(env)?.dataConverter;
  const tracing = await commandTracing();
  const temporal = await connectClient({ env, dataConverter, interceptors: tracing?.clientInterceptors });
  try {
    return await use(temporal);
  } finally {
    await temporal.close();
    await tracing?.shutdown();
  }
}

let tracing: ReturnType<typeof startTracing> | undefined;

/** Once a process: what OpenTelemetry registers globally cannot be registered again. */
function commandTracing(): ReturnType<typeof startTracing> {
  tracing ??= startTracing({
    serviceName: 'onboard',
    onProblem: (reason) => process.stderr.write(`spans cannot be sent: ${reason}\n`),
  });
  return tracing;
}

/** The same, with an onboarding client on the connection. */
export async function withOnboarding<T>(
  { env, settings }: Context,
  tenant: string,
  use: (onboarding: OnboardingClient) => Promise<T>,
): Promise<T> {
  return withTemporal(env, ({ client }) => use(createOnboardingClient({ client, rules: settings.rules, tenant })));
}

/** Address of a run in the Temporal UI, or its path if the UI's address is not known. */
export function uiAddress({ uiUrl }: Settings, uiPath: string): string {
  return `${uiUrl ?? ''}${uiPath}`;
}
