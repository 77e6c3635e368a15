import type { z } from 'zod';
import { GROUP_EDIT, requirePermission } from '../access.ts';
import type { DirectoryGroup } from '../directory.ts';
import { describeIssues, errorBody, methodNotAllowed, scimError } from '../errors.ts';
import {
  decodeOrKeep,
  emptyReply,
  type Exchange,
  JSON_TYPE,
  jsonReply,
  mediaType,
  parseJson,
  type Reply,
  ReplyError,
  SCIM_TYPE,
} from '../http.ts';
import { asScim } from '../scim-refusals.ts';
import { listGroups, readProjection } from '../scim-list.ts';
import { applyPatch, countMemberValues, patchRequestSchema } from '../scim-patch.ts';
import {
  etagOf,
  groupBodySchema,
  groupLocation,
  projectResource,
  type ScimPlace,
  toGroupFields,
  toGroupResource,
} from '../scim-resource.ts';
import { serviceProviderConfig } from '../service-provider-config.ts';
import type { SimulatorState } from '../state.ts';

const READ_SCOPE = 'user:scim:read';
const WRITE_SCOPE = 'user:scim:write';

/** Answers a request below the SCIM base path; `undefined` when there is nothing at that path. */
export function routeScim(state: SimulatorState, exchange: Exchange, scopes: ReadonlySet<string>): Reply | undefined {
  const { scimBasePath } = state.options;
  const { pathname } = exchange.url;
  if (!pathname.toLowerCase().startsWith(`${scimBasePath.toLowerCase()}/`)) return undefined;
  const [resource = '', id, ...rest] = pathname.slice(scimBasePath.length + 1).split('/');
  if (rest.length > 0) return undefined;
  const place = { origin: exchange.origin, basePath: scimBasePath };
  // Clients write "groups" (Genesys) and "Groups" (RFC 7644, Entra ID).
  switch (resource.toLowerCase()) {
    case 'groups':
      requireAccess(state, exchange, scopes);
      return asScim(() =>
        onGroups(state, exchange, place, id === undefined || id === '' ? undefined : decodeOrKeep(id)),
      );
    case 'serviceproviderconfig':
      if (id !== undefined) return undefined;
      return exchange.method === 'GET' ? serviceProviderConfig(state, place) : methodNotAllowed(exchange, ['GET']);
    default:
      return undefined;
  }
}

function onGroups(state: SimulatorState, exchange: Exchange, place: ScimPlace, id: string | undefined): Reply {
  if (id === undefined) {
    if (exchange.method === 'GET') return listGroups(state, exchange, place);
    if (exchange.method === 'POST') return createGroup(state, exchange, place);
    return methodNotAllowed(exchange, ['GET', 'POST']);
  }
  const handler = groupHandlers.get(exchange.method);
  if (handler === undefined) return methodNotAllowed(exchange, ['GET', 'PATCH', 'PUT', 'DELETE']);
  const group = state.findGroup('scim', exchange, id);
  if (group === undefined) return scimError(404, `Group ${id} not found`);
  if (exchange.method !== 'GET' && !isMatch(exchange.headers['if-match'], group)) {
    return scimError(412, `Group ${id} has version ${etagOf(group)}, not ${exchange.headers['if-match']}`);
  }
  return handler(state, exchange, place, group);
}

type GroupHandler = (state: SimulatorState, exchange: Exchange, place: ScimPlace, group: DirectoryGroup) => Reply;

function createGroup(state: SimulatorState, exchange: Exchange, place: ScimPlace): Reply {
  const body = readScimBody(exchange, groupBodySchema);
  requireMemberCount(state, body.members?.length ?? 0);
  const group = state.createGroup(toGroupFields(body));
  const reply = groupReply(state, exchange, place, group, 201);
  return { ...reply, headers: { ...reply.headers, location: groupLocation(place, group.id) } };
}

const getGroup: GroupHandler = (state, exchange, place, group) => {
  const known = exchange.headers['if-none-match'];
  if (known !== undefined && isMatch(known, group)) return emptyReply(304, { etag: etagOf(group) });
  return groupReply(state, exchange, place, group, 200);
};

const replaceGroup: GroupHandler = (state, exchange, place, group) => {
  const body = readScimBody(exchange, groupBodySchema);
  requireMemberCount(state, body.members?.length ?? 0);
  return groupReply(state, exchange, place, state.directory.replaceGroup(group, toGroupFields(body)), 200);
};

const patchGroup: GroupHandler = (state, exchange, place, group) => {
  const { Operations: operations } = readScimBody(exchange, patchRequestSchema);
  requireMemberCount(state, countMemberValues(operations));
  const changed = state.directory.replaceGroup(group, applyPatch(group, operations));
  if (state.options.patchReturns204) return emptyReply(204, { etag: etagOf(changed) });
  return groupReply(state, exchange, place, changed, 200);
};

const deleteGroup: GroupHandler = (state, _exchange, _place, group) => {
  state.directory.deleteGroup(group.id);
  return emptyReply(204);
};

const groupHandlers: ReadonlyMap<string, GroupHandler> = new Map([
  ['GET', getGroup],
  ['PATCH', patchGroup],
  ['PUT', replaceGroup],
  ['DELETE', deleteGroup],
]);

function groupReply(
  state: SimulatorState,
  exchange: Exchange,
  place: ScimPlace,
  group: DirectoryGroup,
  status: number,
): Reply {
  const { attributes, excludedAttributes } = readProjection(exchange);
  const resource = projectResource(toGroupResource(group, state.directory, place), attributes, excludedAttributes);
  return jsonReply(status, resource, { etag: etagOf(group) }, SCIM_TYPE);
}

/** ETags are weak here, and RFC 7644 section 3.14 uses them in If-Match all the same, so `W/` is not compared. */
function isMatch(header: string | undefined, group: DirectoryGroup): boolean {
  if (header === undefined || header.trim() === '*') return true;
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === `"${group.version}"`);
}

function requireAccess(state: SimulatorState, exchange: Exchange, scopes: ReadonlySet<string>): void {
  const isRead = exchange.method === 'GET';
  if (!scopes.has(WRITE_SCOPE) && !(isRead && scopes.has(READ_SCOPE))) {
    const needed = isRead ? READ_SCOPE : WRITE_SCOPE;
    const message = `The client is not authorized for scope ${needed}`;
    throw new ReplyError(errorBody(exchange, 403, 'app.not.authorized.for.scope', message));
  }
  requirePermission(state, exchange, GROUP_EDIT);
}

function requireMemberCount(state: SimulatorState, count: number): void {
  const most = state.options.maxMembersPerRequest;
  if (count <= most) return;
  const detail = `members: ${count} values in one request, at most ${most} are allowed`;
  throw new ReplyError(scimError(400, detail, 'invalidValue'));
}

function readScimBody<T extends z.ZodType>(exchange: Exchange, schema: T): z.output<T> {
  const type = mediaType(exchange);
  if (type !== SCIM_TYPE && type !== JSON_TYPE) {
    const message = `Content type ${JSON.stringify(type)} is not supported; use ${SCIM_TYPE}`;
    throw new ReplyError(errorBody(exchange, 415, 'unsupported.media.type', message));
  }
  const value = parseJson(exchange.text);
  if (value === undefined) throw new ReplyError(scimError(400, 'the body is not JSON', 'invalidSyntax'));
  const result = schema.safeParse(value);
  if (!result.success) throw new ReplyError(scimError(400, describeIssues(result.error), 'invalidValue'));
  return result.data;
}
