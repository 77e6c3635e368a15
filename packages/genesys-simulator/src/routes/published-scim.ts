import { GROUP_EDIT, requirePermission } from '../access.ts';
import type { DirectoryGroup, GroupFields } from '../directory.ts';
import { invalidParameter } from '../entity-listing.ts';
import { errorBody, methodNotAllowed, scimError } from '../errors.ts';
import { readGatewayBody } from '../gateway-body.ts';
import {
  decodeOrKeep,
  emptyReply,
  type Exchange,
  JSON_TYPE,
  jsonReply,
  type Reply,
  ReplyError,
  SCIM_TYPE,
} from '../http.ts';
import { parsePublishedFilter } from '../published-filter.ts';
import {
  countPatchedMembers,
  publishedBodySchema,
  publishedEtag,
  replaceByPatch,
  replaceByPut,
  toPublishedResource,
} from '../published-resource.ts';
import { DEFAULT_COUNT, listReply, readFilter, readPage, readProjection } from '../scim-list.ts';
import { patchRequestSchema } from '../scim-patch.ts';
import { asScim } from '../scim-refusals.ts';
import { projectResource, type ScimPlace } from '../scim-resource.ts';
import { serviceProviderConfig } from '../service-provider-config.ts';
import type { SimulatorState } from '../state.ts';
import { withoutGroupUrn } from '../urns.ts';

const V2_BASE = '/api/v2/scim/v2';
// The longer one first: it starts with the other.
const BASES = [V2_BASE, '/api/v2/scim'];
const ATTRIBUTES = ['id', 'displayname', 'members', 'externalid', 'meta', 'meta.version', 'meta.lastmodified'];
const MEDIA_TYPES = [SCIM_TYPE, JSON_TYPE];

/** Answers Genesys' published SCIM API for groups; `undefined` when there is nothing at the path. */
export function routePublishedScim(state: SimulatorState, exchange: Exchange): Reply | undefined {
  const { pathname } = exchange.url;
  const basePath = BASES.find((base) => pathname.toLowerCase().startsWith(`${base}/`));
  if (basePath === undefined) return undefined;
  const [resource = '', id, ...rest] = pathname.slice(basePath.length + 1).split('/');
  if (rest.length > 0) return undefined;
  const place = { origin: exchange.origin, basePath };
  switch (resource.toLowerCase()) {
    case 'groups':
      return onGroups(state, exchange, place, id === undefined || id === '' ? undefined : decodeOrKeep(id));
    case 'serviceproviderconfig':
      if (id !== undefined) return undefined;
      return exchange.method === 'GET' ? serviceProviderConfig(state, place) : methodNotAllowed(exchange, ['GET']);
    default:
      return undefined;
  }
}

function onGroups(state: SimulatorState, exchange: Exchange, place: ScimPlace, id: string | undefined): Reply {
  // No POST and no DELETE: the published API cannot create or delete a group over SCIM.
  const methods = id === undefined ? ['GET'] : ['GET', 'PUT', 'PATCH'];
  if (!methods.includes(exchange.method)) return methodNotAllowed(exchange, methods);
  requirePermission(state, exchange, GROUP_EDIT);
  if (id === undefined) return listGroups(state, exchange, place);
  const group = state.findGroup('publishedScim', exchange, id);
  if (group === undefined) return errorBody(exchange, 404, 'not.found', `The requested group (${id}) was not found`);
  return exchange.method === 'GET' ? getGroup(state, exchange, place, group) : change(state, exchange, place, group);
}

function listGroups(state: SimulatorState, exchange: Exchange, place: ScimPlace): Reply {
  const query = exchange.url.searchParams;
  const { externalIdFilter, maxPageSize, v2FilterRequired } = state.options;
  if (v2FilterRequired && place.basePath === V2_BASE && !query.has('filter')) {
    return errorBody(exchange, 400, 'bad.request', 'The query parameter filter is required');
  }
  const filter = readFilter(query.get('filter'), (text) =>
    parsePublishedFilter(text, externalIdFilter === 'supported'),
  );
  const { startIndex, count } = readPage(query);
  const projection = readPublishedProjection(exchange);
  if (count > DEFAULT_COUNT && isCostly(projection)) {
    const message = `A page size over ${DEFAULT_COUNT} needs excludedAttributes=members,externalId`;
    return errorBody(exchange, 429, 'too.many.requests', message);
  }
  const found = state.findGroups('publishedScim', exchange, filter);
  return listReply(found, startIndex, Math.min(maxPageSize, count), (group) =>
    project(state, place, group, projection),
  );
}

function getGroup(state: SimulatorState, exchange: Exchange, place: ScimPlace, group: DirectoryGroup): Reply {
  const known = exchange.headers['if-none-match'];
  if (known !== undefined && isMatch(known, group)) return emptyReply(304, { etag: publishedEtag(group) });
  return groupReply(state, place, group, readPublishedProjection(exchange));
}

function change(state: SimulatorState, exchange: Exchange, place: ScimPlace, group: DirectoryGroup): Reply {
  const known = exchange.headers['if-match'];
  if (known !== undefined && !isMatch(known, group)) return versionMismatch(state, group, known);
  return asScim(() => {
    const next = exchange.method === 'PUT' ? readPut(state, exchange, group) : readPatch(state, exchange, group);
    return groupReply(state, place, state.directory.replaceGroup(group, next), NOTHING_LEFT_OUT);
  });
}

function readPut(state: SimulatorState, exchange: Exchange, group: DirectoryGroup): GroupFields {
  const body = readGatewayBody(exchange, publishedBodySchema, MEDIA_TYPES);
  requireMemberCount(state, exchange, body.members?.length ?? 0);
  return replaceByPut(group, body);
}

function readPatch(state: SimulatorState, exchange: Exchange, group: DirectoryGroup): GroupFields {
  const { Operations: operations } = readGatewayBody(exchange, patchRequestSchema, MEDIA_TYPES);
  requireMemberCount(state, exchange, countPatchedMembers(operations));
  return replaceByPatch(group, operations);
}

function requireMemberCount(state: SimulatorState, exchange: Exchange, count: number): void {
  const { maxScimMembersPerRequest: most, scimMemberLimitStatus } = state.options;
  if (count <= most) return;
  const message = `members: ${count} values in one request, at most ${most} are allowed`;
  throw new ReplyError(
    scimMemberLimitStatus === 413
      ? errorBody(exchange, 413, 'request.entity.too.large', message)
      : scimError(400, message, 'tooMany'),
  );
}

function versionMismatch(state: SimulatorState, group: DirectoryGroup, given: string): Reply {
  const detail = `Version does not match current version: it is ${publishedEtag(group)}, not ${given}`;
  switch (state.options.versionMismatch) {
    case 'invalidVers':
      return scimError(400, detail, 'invalidVers');
    case '409':
      return scimError(409, detail);
    case '412':
      return scimError(412, detail);
  }
}

function isMatch(header: string, group: DirectoryGroup): boolean {
  return header.split(',').some((tag) => tag.trim() === '*' || tag.trim() === publishedEtag(group));
}

interface Projection {
  readonly attributes: readonly string[];
  readonly excludedAttributes: readonly string[];
}

const NOTHING_LEFT_OUT: Projection = { attributes: [], excludedAttributes: [] };

/** @throws ReplyError 400 for a name that the parameters do not list */
function readPublishedProjection(exchange: Exchange): Projection {
  const projection = readProjection(exchange);
  for (const [parameter, names] of Object.entries(projection)) {
    const unknown = names.find((name) => !ATTRIBUTES.includes(withoutGroupUrn(name).toLowerCase()));
    if (unknown !== undefined) throw invalidParameter(exchange, parameter, 'name attributes of a group', unknown);
  }
  return projection;
}

/** Members and externalId are looked up one group at a time by Genesys. */
function isCostly({ attributes, excludedAttributes }: Projection): boolean {
  const has = (names: readonly string[], name: string): boolean =>
    names.some((other) => withoutGroupUrn(other).toLowerCase() === name);
  return ['members', 'externalid'].some(
    (name) => (attributes.length === 0 || has(attributes, name)) && !has(excludedAttributes, name),
  );
}

function groupReply(state: SimulatorState, place: ScimPlace, group: DirectoryGroup, projection: Projection): Reply {
  return jsonReply(200, project(state, place, group, projection), { etag: publishedEtag(group) }, SCIM_TYPE);
}

function project(state: SimulatorState, place: ScimPlace, group: DirectoryGroup, projection: Projection): unknown {
  const resource = toPublishedResource(group, state.directory, place);
  return projectResource(resource, projection.attributes, projection.excludedAttributes, ['id', 'schemas', 'meta']);
}
