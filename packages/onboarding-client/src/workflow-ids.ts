import {
  DEFAULT_TENANT,
  isOnboardingWorkflowId,
  onboardingWorkflowId,
  TENANT_PATTERN,
} from '@scim-onboarding/onboarding-contract';
import { InvalidArgumentError } from './errors.ts';

/** Temporal's limit for a workflow id (`limit.maxIDLength`). */
const MAX_WORKFLOW_ID_BYTES = 1000;

/**
 * The workflow id that an externalId stands for; an id made by `onboardingWorkflowId` is used as it is.
 *
 * @throws InvalidArgumentError for a tenant or an id that Temporal would refuse
 */
export function resolveWorkflowId(idOrExternalId: string, tenant: string = DEFAULT_TENANT): string {
  if (isOnboardingWorkflowId(idOrExternalId)) return checkedWorkflowId(idOrExternalId);
  return workflowIdFor(tenant, idOrExternalId);
}

/** The workflow id of a group, with tenant and length checked. */
export function workflowIdFor(tenant: string, externalId: string): string {
  if (!TENANT_PATTERN.test(tenant)) {
    throw new InvalidArgumentError(
      `The tenant ${JSON.stringify(tenant.slice(0, 80))} is not a tenant name.`,
      'A tenant starts with a letter or digit and holds at most 64 letters, digits, dots, underscores or hyphens.',
    );
  }
  if (externalId === '')
    throw new InvalidArgumentError('The externalId is empty.', 'Name the group by its externalId or its workflow id.');
  return checkedWorkflowId(onboardingWorkflowId(tenant, externalId));
}

/** Path of a run in the Temporal UI. */
export function runUiPath(namespace: string, workflowId: string, runId: string): string {
  return `/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}/${encodeURIComponent(runId)}`;
}

function checkedWorkflowId(workflowId: string): string {
  if (Buffer.byteLength(workflowId) <= MAX_WORKFLOW_ID_BYTES) return workflowId;
  throw new InvalidArgumentError(
    `The workflow id has more than ${MAX_WORKFLOW_ID_BYTES} bytes: Temporal does not take it.`,
    'Use a shorter externalId.',
  );
}
