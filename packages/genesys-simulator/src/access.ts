import { errorBody } from './errors.ts';
import { type Exchange, ReplyError } from './http.ts';

/** Needed for every SCIM call on groups, reading too, and for changes by the Groups API. */
export const GROUP_EDIT = 'directory:group:edit';
/** Needed for `POST /api/v2/groups`. */
export const GROUP_ADD = 'directory:group:add';
/** Needed for `DELETE /api/v2/groups/{id}`. */
export const GROUP_DELETE = 'directory:group:delete';

/** @throws ReplyError 403 `missing.permissions` when the client's role does not have the permission */
export function requirePermission(
  state: { readonly options: { readonly permissions: ReadonlySet<string> } },
  exchange: Exchange,
  permission: string,
): void {
  if (state.options.permissions.has(permission)) return;
  const message = `Unable to perform the requested action. You are missing the following permission(s): ${permission}`;
  throw new ReplyError(errorBody(exchange, 403, 'missing.permissions', message));
}
