import { expect } from 'vitest';
import type { Simulator } from '../../src/index.ts';
import { type Answer, type Call, clientOf } from './client.ts';
import { errorBody, scimError, successes } from './published-schemas.ts';

export const SCIM = '/api/v2/scim/v2/groups';
export const GROUPS = '/api/v2/groups';

/** A caller like `clientOf` that checks the shape and the headers of every answer of the published family. */
export async function publishedClientOf(simulator: Simulator): Promise<Call> {
  const call = await clientOf(simulator);
  return async (method, path, body, headers = {}) => {
    const type = path.startsWith('/api/v2/scim') ? 'application/scim+json' : 'application/json';
    const answer = await call(method, path, body, body === undefined ? headers : { 'content-type': type, ...headers });
    expectPublishedAnswer(method, new URL(path, simulator.url).pathname, answer);
    return answer;
  };
}

/** Fails when an answer is not one that the published family can give. */
export function expectPublishedAnswer(method: string, path: string, answer: Answer): void {
  const { headers } = answer;
  expect(headers.get('inin-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
  for (const part of ['count', 'allowed', 'reset']) expect(headers.get(`inin-ratelimit-${part}`)).toMatch(/^\d+$/);
  if (answer.status >= 400) expectError(path, answer);
  else expectSuccess(method, path, answer);
}

function expectError(path: string, answer: Answer): void {
  if (answer.headers.get('content-type') === 'application/scim+json') {
    expect(path).toMatch(/^\/api\/v2\/scim\//);
    expect(scimError.parse(answer.json).status).toBe(String(answer.status));
    return;
  }
  expect(answer.headers.get('content-type')).toBe('application/json');
  const error = errorBody.parse(answer.json);
  expect(error.status).toBe(answer.status);
  expect(error.contextId).toBe(answer.headers.get('inin-correlation-id'));
}

function expectSuccess(method: string, path: string, answer: Answer): void {
  const known = successes.find((one) => one.method === method && one.status === answer.status && one.path.test(path));
  if (known === undefined) throw new Error(`${method} ${path} cannot answer ${answer.status}`);
  const isScim = path.startsWith('/api/v2/scim');
  if (isScim && /\/groups\/[^/]+$/i.test(path)) expect(answer.headers.get('etag')).toMatch(/^"\d+"$/);
  if (known.body === undefined) {
    expect(answer.text).toBe('');
    return;
  }
  expect(answer.headers.get('content-type')).toBe(isScim ? 'application/scim+json' : 'application/json');
  known.body.parse(answer.json);
}

/** A valid body of `POST /api/v2/groups`. */
export function newGroup(name: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { name, type: 'official', visibility: 'public', rulesVisible: true, ...more };
}
