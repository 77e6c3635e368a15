import { GROUP_ADD, GROUP_DELETE, GROUP_EDIT, requirePermission } from '../access.ts';
import { DirectoryError, type DirectoryGroup } from '../directory.ts';
import { entityListing, readPaging, sortedByName } from '../entity-listing.ts';
import { errorBody, methodNotAllowed } from '../errors.ts';
import { readGatewayBody } from '../gateway-body.ts';
import {
  groupCreateSchema,
  groupUpdateSchema,
  settingsOfCreate,
  settingsOfUpdate,
  toGroupEntity,
} from '../group-entity.ts';
import { decodeOrKeep, emptyReply, type Exchange, JSON_TYPE, jsonReply, type Reply, ReplyError } from '../http.ts';
import type { SimulatorState } from '../state.ts';
import { onIndividuals, onMembers } from './group-members.ts';
import { GROUP_SEARCH_PATH, routeGroupSearch } from './groups-search.ts';

const PATH = '/api/v2/groups';
/** The contract names no limit; this is the size that Genesys' own tools ask for. */
const MAX_PAGE_SIZE = 100;

/** Answers `/api/v2/groups` and what is below it; `undefined` when there is nothing at the path. */
export function routeGroups(state: SimulatorState, exchange: Exchange): Reply | undefined {
  const { pathname } = exchange.url;
  if (pathname === PATH) return onCollection(state, exchange);
  if (pathname === GROUP_SEARCH_PATH) return routeGroupSearch(state, exchange, MAX_PAGE_SIZE);
  if (!pathname.startsWith(`${PATH}/`)) return undefined;
  const [id = '', part, ...rest] = pathname.slice(PATH.length + 1).split('/');
  if (id === '' || rest.length > 0) return undefined;
  const group = (): DirectoryGroup => requireGroup(state, exchange, decodeOrKeep(id));
  switch (part) {
    case undefined:
      return onGroup(state, exchange, group);
    case 'members':
      return onMembers(state, exchange, group, MAX_PAGE_SIZE);
    case 'individuals':
      return onIndividuals(state, exchange, group);
    default:
      return undefined;
  }
}

function requireGroup(state: SimulatorState, exchange: Exchange, id: string): DirectoryGroup {
  const group = state.findGroup('groups', exchange, id);
  if (group !== undefined) return group;
  throw new ReplyError(errorBody(exchange, 404, 'not.found', `The requested group (${id}) was not found`));
}

function onCollection(state: SimulatorState, exchange: Exchange): Reply {
  switch (exchange.method) {
    case 'GET':
      return listGroups(state, exchange);
    case 'POST':
      return createGroup(state, exchange);
    default:
      return methodNotAllowed(exchange, ['GET', 'POST']);
  }
}

function onGroup(state: SimulatorState, exchange: Exchange, group: () => DirectoryGroup): Reply {
  switch (exchange.method) {
    case 'GET':
      return jsonReply(200, toGroupEntity(group(), state.directory));
    case 'PUT':
      requirePermission(state, exchange, GROUP_EDIT);
      return updateGroup(state, exchange, group());
    case 'DELETE':
      requirePermission(state, exchange, GROUP_DELETE);
      state.directory.deleteGroup(group().id);
      return emptyReply(204);
    default:
      return methodNotAllowed(exchange, ['GET', 'PUT', 'DELETE']);
  }
}

function listGroups(state: SimulatorState, exchange: Exchange): Reply {
  const paging = readPaging(exchange, MAX_PAGE_SIZE);
  // The vendor's own SDK joins the values of one parameter by commas.
  const ids = new Set(exchange.url.searchParams.getAll('id').flatMap((value) => value.split(',')));
  const all = state.findGroups('groups', exchange);
  // Ids that no group has are left out without a word, as for users.
  const found = ids.size === 0 ? all : all.filter((group) => ids.has(group.id));
  const sorted = sortedByName(exchange, found, (group) => group.displayName);
  return entityListing(exchange, sorted, paging, (group) => toGroupEntity(group, state.directory));
}

function createGroup(state: SimulatorState, exchange: Exchange): Reply {
  requirePermission(state, exchange, GROUP_ADD);
  const body = readGatewayBody(exchange, groupCreateSchema, [JSON_TYPE]);
  requireOwners(state, exchange, body.ownerIds);
  const fields = { displayName: body.name, members: [], extensions: {}, settings: settingsOfCreate(body) };
  const group = withName(exchange, 'group.name.in.use', () => state.createGroup(fields));
  return jsonReply(200, toGroupEntity(group, state.directory));
}

function updateGroup(state: SimulatorState, exchange: Exchange, group: DirectoryGroup): Reply {
  const body = readGatewayBody(exchange, groupUpdateSchema, [JSON_TYPE]);
  if (body.version !== group.version) {
    const message = `The version supplied (${body.version}) does not match the current version (${group.version})`;
    return errorBody(exchange, 409, 'request.conflict', message);
  }
  requireOwners(state, exchange, body.ownerIds);
  const next = {
    ...group,
    displayName: body.name ?? group.displayName,
    settings: { ...group.settings, ...settingsOfUpdate(body) },
  };
  // The error codes that PUT declares have no group.name.in.use.
  const changed = withName(exchange, 'general.bad.request', () => state.directory.replaceGroup(group, next));
  return jsonReply(200, toGroupEntity(changed, state.directory));
}

/** Gives a name that is taken the form of the Groups API. */
function withName(exchange: Exchange, code: string, run: () => DirectoryGroup): DirectoryGroup {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof DirectoryError) || error.problem.kind !== 'duplicate') throw error;
    throw new ReplyError(errorBody(exchange, 400, code, 'This group name is currently in use.'));
  }
}

function requireOwners(state: SimulatorState, exchange: Exchange, ownerIds: readonly string[] = []): void {
  const unknown = ownerIds.find((id) => state.directory.user(id) === undefined);
  if (unknown === undefined) return;
  const message = `Value [${unknown}] is not valid for ownerIds: there is no such user`;
  throw new ReplyError(errorBody(exchange, 400, 'invalid.value', message));
}
