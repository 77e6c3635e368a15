import type { AuditRecord } from '@scim-onboarding/audit-log';
import type { LoggedRequest, ReceivedWebhook, SimulatedGroup } from '@scim-onboarding/genesys-simulator';
import type { OnboardGroupResult } from '@scim-onboarding/onboarding-contract';
import { OnboardingFailedError, type StartOptions } from '@scim-onboarding/onboarding-client';
import type { GroupDefinition } from '@scim-onboarding/scim-core';
import type { Rig } from './rig.ts';

export const GROUPS = '/api/v2/users/scim/groups';

/** Runs one onboarding; gives its result and what the simulator saw of it. */
export async function onboard(
  rig: Rig,
  input: GroupDefinition,
  options: StartOptions = {},
): Promise<{ result: OnboardGroupResult; requests: LoggedRequest[] }> {
  const since = rig.simulator.requests().length;
  const { workflowId, runId } = await rig.onboarding.start(input, options);
  const result = await rig.onboarding.result(workflowId, { runId });
  return { result, requests: rig.simulator.requests().slice(since) };
}

/** Runs one onboarding that must fail; it is not parked for a person. */
export async function failure(
  rig: Rig,
  input: GroupDefinition,
  options: StartOptions = {},
): Promise<OnboardingFailedError> {
  const { workflowId, runId } = await rig.onboarding.start(input, { onFailure: 'fail', ...options });
  const error: unknown = await rig.onboarding.result(workflowId, { runId }).catch((thrown: unknown) => thrown);
  if (!(error instanceof OnboardingFailedError))
    throw new Error(`expected a failed onboarding, got ${JSON.stringify(error)}`);
  return error;
}

export function groupsOf(rig: Rig, externalId: string): SimulatedGroup[] {
  return rig.simulator.groups().filter((group) => group.externalId === externalId);
}

export function webhooksOf(rig: Rig, externalId: string): ReceivedWebhook[] {
  return rig.simulator.webhooks().filter((webhook) => webhook.rawBody.includes(`"${externalId}"`));
}

export async function recordsOf(rig: Rig, externalId: string): Promise<AuditRecord[]> {
  return (await rig.audit()).filter((record) => record.externalId === externalId);
}

/** Deletes a group as somebody else would, by the target's own API. */
export async function deleteElsewhere(rig: Rig, groupId: string): Promise<void> {
  const basic = Buffer.from('demo-client:demo-secret').toString('base64');
  const login = await fetch(`${rig.simulator.url}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const { access_token: token } = (await login.json()) as { access_token: string };
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${rig.simulator.url}${GROUPS}/${groupId}`, { method: 'DELETE', headers });
  if (answer.status !== 204) throw new Error(`DELETE answers ${answer.status}`);
}
