const PREFIX = 'onboard-group:';

/** Default tenant, for an installation that serves one organization. */
export const DEFAULT_TENANT = 'default';

/** What a tenant's name may be: it stands in workflow ids, between colons. */
export const TENANT_PATTERN = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/u;

/** Id of the workflow that onboards a group: one open run per tenant and externalId. */
export function onboardingWorkflowId(tenant: string, externalId: string): string {
  return `${PREFIX}${tenant}:${externalId}`;
}

/** True for an id made by {@link onboardingWorkflowId}. */
export function isOnboardingWorkflowId(id: string): boolean {
  return id.startsWith(PREFIX);
}
