import { afterEach } from 'vitest';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/index.ts';

export const CORE = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
export const BASE = '/api/v2/users/scim';

const running: Simulator[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
});

/** Starts a simulator that ends with the test. */
export async function start(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await startSimulator(options);
  running.push(simulator);
  return simulator;
}

export const seedUsers = ['u-1', 'u-2', 'u-3', 'u-4'].map((id) => ({
  id,
  name: `User ${id}`,
  email: `${id}@example.com`,
}));

/** An answer, read to its end. `json` is undefined when the body is not JSON. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  json: ReturnType<typeof JSON.parse>;
}

export async function send(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: response.status, headers: response.headers, text, json };
}

export async function requestToken(
  simulator: Simulator,
  form: Record<string, string> = { grant_type: 'client_credentials' },
  credentials = 'demo-client:demo-secret',
): Promise<Answer> {
  return send(`${simulator.url}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
    body: new URLSearchParams(form),
  });
}

export type Call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;

/** A caller with a token of its own. An object as body is sent as SCIM JSON, a string as it is. */
export async function clientOf(simulator: Simulator, scope?: string): Promise<Call> {
  const form = { grant_type: 'client_credentials', ...(scope === undefined ? {} : { scope }) };
  const { json } = await requestToken(simulator, form);
  const authorization = `Bearer ${json.access_token}`;
  return (method, path, body, headers = {}) =>
    send(`${simulator.url}${path}`, {
      method,
      headers: {
        authorization,
        ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
}

export function groupBody(displayName: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { schemas: [CORE], displayName, ...more };
}

export function patchBody(...operations: Record<string, unknown>[]): Record<string, unknown> {
  return { schemas: [PATCH_OP], Operations: operations };
}

export const valuesOf = (...ids: string[]): { value: string }[] => ids.map((value) => ({ value }));
