import { isScimError } from '../errors.ts';
import { patchRequest, type GroupChange } from '../group-change.ts';
import { readGroup, type GroupResource } from '../group-resource.ts';
import type { PatchRequest } from '../patch.ts';
import { groupOf, shapeError, type Exchange, type Requests } from './requests.ts';

/**
 * The PATCH body of a change, with removals as the server takes them. By `value` only where a profile or setting asks for it: strict
 * servers read it as "remove everybody".
 */
export function changeBody(change: GroupChange, removeBy: 'path' | 'value'): PatchRequest {
  const { remove, ...rest } = change;
  if (removeBy === 'path' || remove === undefined || remove.length === 0) return patchRequest(change);
  const { schemas, Operations } = patchRequest(rest);
  return {
    schemas,
    Operations: [...Operations, { op: 'remove', path: 'members', value: remove.map((value) => ({ value })) }],
  };
}

/**
 * The group in the answer to a change. 200 with a body and 204 without one are both right (RFC 7644 section 3.5.2), and the change was
 * made whatever the body is: what is not this group is no error.
 */
export function changedGroup(exchange: Exchange, groupId: string): GroupResource | undefined {
  try {
    const group = groupOf(exchange);
    return group.id === groupId ? group : undefined;
  } catch (error) {
    if (isScimError(error)) return undefined;
    throw error;
  }
}

/**
 * A change by PUT, for servers without PATCH: reads the group, changes it, sends the whole (RFC 7644 section 3.5.1). What the server
 * returned and the change does not touch goes back as it came.
 *
 * @throws {ScimError} `unexpected_shape` if the server did not return the members: without them the PUT would remove them all
 */
export async function replaceGroup(
  requests: Requests,
  url: string,
  change: GroupChange,
  ifMatch: string | undefined,
): Promise<Exchange> {
  const { exchange, body } = await requests.getJson(url);
  const group = readGroup(body);
  if (group === undefined || typeof body !== 'object' || body === null) throw shapeError(exchange, 'no group');
  if (group.memberIds === undefined) throw shapeError(exchange, 'the group came without its members');
  const removed = new Set(change.remove);
  const members = new Set([...group.memberIds.filter((id) => !removed.has(id)), ...(change.add ?? [])]);
  const externalId = change.externalId ?? group.externalId;
  const kept = Object.entries(body).filter(([key]) => !REPLACED.has(key.toLowerCase()));
  return requests.exchange('PUT', url, {
    body: {
      ...Object.fromEntries(kept),
      id: group.id,
      displayName: change.displayName ?? group.displayName,
      ...(externalId === undefined ? {} : { externalId }),
      members: [...members].map((value) => ({ value })),
    },
    ifMatch,
  });
}

const REPLACED = new Set(['id', 'displayname', 'externalid', 'members', 'meta']);
