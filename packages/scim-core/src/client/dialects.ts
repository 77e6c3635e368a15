import type { HttpRequest } from './http.ts';

/** How a target words its refusals. */
export interface Dialect {
  /** True if 409 to PATCH, PUT or DELETE says that the version is old, without `If-Match` too. */
  readonly conflictIsStale: boolean;
  /** What the credentials need for a request, for people. */
  needs(request: Pick<HttpRequest, 'method' | 'url'>): string;
}

/** The contract with SCIM groups by POST. */
export const GENESYS_SCIM_DIALECT: Dialect = {
  conflictIsStale: false,
  needs: ({ method }) =>
    method === 'GET'
      ? 'scope user:scim:read, permission directory:group:view'
      : 'scope user:scim:write, permissions directory:group:add and directory:group:edit',
};

/**
 * Genesys Cloud as its API is published: permissions by path (`x-inin-requires-permissions`), and 409 "Version does not match current
 * version." on PATCH and PUT.
 */
export const PLATFORM_DIALECT: Dialect = {
  conflictIsStale: true,
  needs: ({ method, url }) =>
    `permission ${platformPermission(method, url)} in a role of the OAuth client (the vendor's role for SCIM is "SCIM Integration"; roles are given to the client under Admin, OAuth, Roles)`,
};

/** Any other SCIM server. */
export const GENERIC_DIALECT: Dialect = {
  conflictIsStale: false,
  needs: ({ method }) => `the right to ${method === 'GET' ? 'read' : 'change'} groups and users by SCIM`,
};

function platformPermission(method: HttpRequest['method'], url: URL): string {
  if (url.pathname.startsWith('/api/v2/users')) return 'directory:user:view';
  if (method === 'POST') return 'directory:group:add';
  if (method === 'DELETE') return 'directory:group:delete';
  // All SCIM group operations ask for it, reading included.
  return 'directory:group:edit';
}
