import { createOnboardingClient, type OnboardingClient } from '@scim-onboarding/onboarding-client';
import { connectClient, type TemporalClient } from '@scim-onboarding/temporal-connection';
import type { Environment, Settings } from './config.ts';
import type { Output } from './output.ts';
import type { ByteSource } from './read-definition.ts';

/** What a command gets. */
export interface Context {
  readonly output: Output;
  readonly env: Environment;
  readonly settings: Settings;
  readonly stdin: ByteSource;
  /** Aborted by Ctrl-C. */
  readonly interrupted: AbortSignal;
}

/**
 * Connects to Temporal for as long as `use` runs.
 *
 * @throws TemporalConfigError, TemporalUnreachableError, TemporalAccessDeniedError
 */
export async function withTemporal<T>(env: Environment, use: (temporal: TemporalClient) => Promise<T>): Promise<T> {
  const temporal = await connectClient({ env });
  try {
    return await use(temporal);
  } finally {
    await temporal.close();
  }
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
