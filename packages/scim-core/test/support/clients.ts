import { onTestFinished } from 'vitest';
import { startSimulator, type Simulator, type SimulatorOptions } from '@scim-onboarding/genesys-simulator';
import { isScimError, type GroupDefinition, type ScimError } from '../../src/index.ts';
import {
  createTargetClient,
  parseTargetSettings,
  type TargetClient,
  type TargetClientOptions,
} from '../../src/client/index.ts';
import { startServer, type Handler, type TestServer } from './http-server.ts';

/** A simulator that ends with the test. */
export async function simulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const started = await startSimulator(options);
  onTestFinished(() => started.close());
  return started;
}

/** A server with a handler of the test; it ends with it. */
export async function server(handler: Handler): Promise<TestServer> {
  const started = await startServer(handler);
  onTestFinished(() => started.close());
  return started;
}

/** A client of Genesys Cloud at the given URL. */
export function genesysClient(
  url: string,
  env: Readonly<Record<string, string>> = {},
  options: TargetClientOptions = {},
): TargetClient {
  return clientOf(
    {
      GENESYS_CLIENT_ID: 'demo-client',
      GENESYS_CLIENT_SECRET: 'demo-secret',
      GENESYS_API_URL: url,
      GENESYS_LOGIN_URL: url,
      ...env,
    },
    options,
  );
}

/** A client of any SCIM server at the given base. */
export function scimClient(
  baseUrl: string,
  env: Readonly<Record<string, string>> = {},
  options: TargetClientOptions = {},
): TargetClient {
  return clientOf({ SCIM_BASE_URL: baseUrl, SCIM_BEARER_TOKEN: 'a-fixed-token', ...env }, options);
}

export function clientOf(env: Readonly<Record<string, string>>, options: TargetClientOptions = {}): TargetClient {
  const parsed = parseTargetSettings(env);
  if (!parsed.ok) throw new Error(parsed.problems.join('; '));
  const client = createTargetClient(parsed.settings, options);
  onTestFinished(() => client.close());
  return client;
}

/** The error that a call ends with. */
export async function scimErrorOf(call: Promise<unknown>): Promise<ScimError> {
  const error = await call.then(
    () => new Error('no error was thrown'),
    (thrown: unknown) => thrown,
  );
  if (!isScimError(error)) throw error;
  return error;
}

export function definition(fields: Partial<GroupDefinition> = {}): GroupDefinition {
  return { externalId: 'hr-1', displayName: 'Sales', members: [], ...fields };
}

export const TOKEN_ANSWER = { body: { access_token: 'issued-token-1', token_type: 'bearer', expires_in: 3600 } };

export const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

/** A ListResponse with everything in one page. */
export function listOf(resources: readonly unknown[]): { body: unknown } {
  return { body: { schemas: [LIST], totalResults: resources.length, startIndex: 1, Resources: resources } };
}
