import { z } from 'zod';
import { GROUP_EDIT, requirePermission } from '../access.ts';
import type { DirectoryGroup } from '../directory.ts';
import { entityListing, readPaging, sortedByName } from '../entity-listing.ts';
import { errorBody, methodNotAllowed } from '../errors.ts';
import { readGatewayBody } from '../gateway-body.ts';
import { type Exchange, JSON_TYPE, jsonReply, type Reply } from '../http.ts';
import type { SeedUser } from '../seed.ts';
import type { SimulatorState } from '../state.ts';
import { toUserEntity } from '../user-entity.ts';

/** Most ids in one request that adds or removes members (Genesys' Groups API). */
const MAX_IDS = 50;

const membersUpdateSchema = z.looseObject({
  memberIds: z
    .array(z.string().min(1).max(256))
    .min(1)
    .max(MAX_IDS, { error: `A maximum of ${MAX_IDS} members are allowed per request` }),
  version: z.number().int().optional(),
});

/** Answers `/api/v2/groups/{id}/members`. Writes need a permission that the contract does not declare for them. */
export function onMembers(
  state: SimulatorState,
  exchange: Exchange,
  group: () => DirectoryGroup,
  maxPageSize: number,
): Reply {
  switch (exchange.method) {
    case 'GET': {
      const paging = readPaging(exchange, maxPageSize);
      const users = sortedByName(exchange, usersOf(state, group()), (user) => user.name);
      return entityListing(exchange, users, paging, toUserEntity);
    }
    case 'POST':
      requirePermission(state, exchange, GROUP_EDIT);
      return addMembers(state, exchange, group());
    case 'DELETE':
      requirePermission(state, exchange, GROUP_EDIT);
      return removeMembers(state, exchange, group());
    default:
      return methodNotAllowed(exchange, ['GET', 'POST', 'DELETE']);
  }
}

/** Answers `/api/v2/groups/{id}/individuals`: all of them in one page, as the operation has no paging. */
export function onIndividuals(state: SimulatorState, exchange: Exchange, group: () => DirectoryGroup): Reply {
  if (exchange.method !== 'GET') return methodNotAllowed(exchange, ['GET']);
  const users = usersOf(state, group());
  return entityListing(exchange, users, { pageSize: Math.max(1, users.length), pageNumber: 1 }, toUserEntity);
}

/** Groups inside a group cannot be shown as users, so they are left out. */
function usersOf(state: SimulatorState, group: DirectoryGroup): SeedUser[] {
  return group.members.map((id) => state.directory.user(id)).filter((user) => user !== undefined);
}

function addMembers(state: SimulatorState, exchange: Exchange, group: DirectoryGroup): Reply {
  const { memberIds, version } = readGatewayBody(exchange, membersUpdateSchema, [JSON_TYPE]);
  if (version !== undefined && version !== group.version) {
    const message = `The version supplied (${version}) does not match the current version (${group.version})`;
    return errorBody(exchange, 409, 'general.conflict', message);
  }
  const unknown = memberIds.filter((id) => state.directory.user(id) === undefined);
  if (unknown.length > 0) {
    const message = `Group members were not found: ${unknown.join(', ')}`;
    return errorBody(exchange, 400, 'general.resource.not.found', message);
  }
  state.directory.replaceGroup(group, { ...group, members: [...group.members, ...memberIds] });
  return jsonReply(202, {});
}

function removeMembers(state: SimulatorState, exchange: Exchange, group: DirectoryGroup): Reply {
  const ids = exchange.url.searchParams
    .getAll('ids')
    .flatMap((value) => value.split(','))
    .map((id) => id.trim())
    .filter((id) => id !== '');
  if (ids.length === 0) return errorBody(exchange, 400, 'bad.request', 'The query parameter ids is required');
  if (ids.length > MAX_IDS) {
    const message = `ids: A maximum of ${MAX_IDS} members are allowed per request, not ${ids.length}`;
    return errorBody(exchange, 400, 'bad.request', message);
  }
  const gone = new Set(ids);
  const members = group.members.filter((id) => !gone.has(id));
  state.directory.replaceGroup(group, { ...group, members });
  return jsonReply(202, {});
}
