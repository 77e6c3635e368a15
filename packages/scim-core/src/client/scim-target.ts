import * as z from 'zod';
import { ScimError, type ScimErrorFacts } from '../errors.ts';
import { filterIsFragile, groupFilter, type GroupFilterAttribute, type GroupFilterOperator } from '../filter.ts';
import { readGroup, readGroupPage, type GroupPage, type GroupResource } from '../group-resource.ts';
import { addMembersPatch } from '../patch.ts';
import { SCIM_MEDIA_TYPE } from '../urns.ts';
import type { HttpRequest } from './http.ts';
import { jsonBody } from './response.ts';
import type { TargetUrls } from './settings.ts';
import type { GroupTarget } from './target.ts';
import type { AuthorizedSend } from './authorized-send.ts';

const CAPABILITIES = { name: 'scim', membersPerRequest: 500, membersOnCreate: 500, pageSize: 100 } as const;

/** Ids in one request for users: 100 UUIDs make a URL of about 4 kB, under the 8 kB that servers commonly take. */
const USERS_PER_REQUEST = 100;

/** Pages after which a list is given up: with 100 a page, a million groups. */
const MAX_PAGES = 10_000;

const usersSchema = z.object({ entities: z.array(z.object({ id: z.string() })) });

/** The `scim` target: one SCIM 2.0 server that creates groups with their members by POST. */
export function createScimTarget(urls: TargetUrls, send: AuthorizedSend, signal?: AbortSignal): GroupTarget {
  const exchange = (method: HttpRequest['method'], url: string, body?: unknown) => {
    const request: HttpRequest = {
      method,
      url: new URL(url),
      headers: {
        accept: `${SCIM_MEDIA_TYPE}, application/json`,
        ...(body === undefined ? {} : { 'content-type': SCIM_MEDIA_TYPE }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
    };
    return send(request).then((response) => ({ request, response }));
  };

  const query = async (url: string): Promise<GroupPage> => {
    const { request, response } = await exchange('GET', url);
    const page = readGroupPage(jsonBody(request, response));
    if (page === undefined)
      throw shapeError(request, response.status, 'no ListResponse of groups (RFC 7644 section 3.4.2)');
    return page;
  };

  /** Reads a list to its end. The next page starts after what was received: `itemsPerPage` is often wrong. */
  const pages = async function* (parameters: Readonly<Record<string, string>>): AsyncGenerator<GroupResource> {
    const seen = new Set<string>();
    let received = 0;
    for (let page = 0; page < MAX_PAGES; page++) {
      const search = searchOf({
        ...parameters,
        startIndex: String(received + 1),
        count: String(CAPABILITIES.pageSize),
      });
      const { groups, totalResults } = await query(`${urls.groups}?${search}`);
      const fresh = groups.filter((group) => !seen.has(group.id));
      if (groups.length > 0 && fresh.length === 0) throw stuckError(`${urls.groups}?${search}`);
      for (const group of fresh) seen.add(group.id);
      yield* fresh;
      received += groups.length;
      if (groups.length === 0 || received >= totalResults) return;
    }
    throw stuckError(urls.groups);
  };

  const find = async (
    attribute: GroupFilterAttribute,
    operator: GroupFilterOperator,
    value: string,
    exact: (group: GroupResource) => boolean,
  ): Promise<GroupResource[]> => {
    const filter = groupFilter(attribute, operator, value);
    const filtered = pages({ filter, ...(operator === 'sw' ? { excludedAttributes: 'members' } : {}) });
    try {
      const found = (await collect(filtered)).filter(exact);
      if (found.length > 0 || !filterIsFragile(value)) return found;
    } catch (error) {
      if (!(error instanceof ScimError && error.code === 'request_refused' && error.facts.reason === 'invalidFilter'))
        throw error;
    }
    // The server could not use the filter, or is of a kind that gets quotes in it wrong: the whole list cannot lie that way.
    return (await collect(pages({ excludedAttributes: 'members' }))).filter(exact);
  };

  return {
    capabilities: CAPABILITIES,
    usersUrl: urls.users,
    findByDisplayName: (name) => find('displayName', 'eq', name, (group) => sameName(group.displayName, name)),
    findByExternalId: (id) => find('externalId', 'eq', id, (group) => group.externalId === id),
    findByExternalIdPrefix: (prefix) =>
      find('externalId', 'sw', prefix, (group) => group.externalId?.startsWith(prefix) === true),
    list: () => pages({ excludedAttributes: 'members' }),
    async get(groupId) {
      const { request, response } = await exchange('GET', groupUrl(urls, groupId));
      return groupOf(request, response.status, jsonBody(request, response));
    },
    async create(payload) {
      const { request, response } = await exchange('POST', urls.groups, payload);
      return groupOf(request, response.status, jsonBody(request, response));
    },
    async addMembers(groupId, memberIds) {
      // 200 with a body and 204 without one are both right (RFC 7644 section 3.5.2); what holds is what is read back.
      await exchange('PATCH', groupUrl(urls, groupId), addMembersPatch(memberIds));
    },
    async existingUsers(ids) {
      const found = new Set<string>();
      for (let start = 0; start < ids.length; start += USERS_PER_REQUEST) {
        const batch = ids.slice(start, start + USERS_PER_REQUEST);
        const search = new URLSearchParams([
          ...batch.map((id): [string, string] => ['id', id]),
          ['pageSize', String(USERS_PER_REQUEST)],
        ]);
        const { request, response } = await exchange('GET', `${urls.users}?${search.toString()}`);
        const parsed = usersSchema.safeParse(jsonBody(request, response));
        if (!parsed.success) throw shapeError(request, response.status, 'no page of users');
        // Only what was asked for counts: a server that ignores `id` returns strangers.
        const asked = new Set(batch);
        for (const user of parsed.data.entities) if (asked.has(user.id)) found.add(user.id);
      }
      return found;
    },
  };
}

/** Names are the same if they differ by case or by Unicode form only. */
export function sameName(a: string, b: string): boolean {
  return a.normalize('NFC').toLowerCase() === b.normalize('NFC').toLowerCase();
}

/** Built from the id, never from `meta.location`: an answer must not decide where a token is sent. */
function groupUrl(urls: TargetUrls, groupId: string): string {
  return `${urls.groups}/${encodeURIComponent(groupId)}`;
}

function searchOf(parameters: Readonly<Record<string, string>>): string {
  // encodeURIComponent, not URLSearchParams: some servers read `+` in a filter as a plus sign.
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
}

async function collect(groups: AsyncIterable<GroupResource>): Promise<GroupResource[]> {
  const all: GroupResource[] = [];
  for await (const group of groups) all.push(group);
  return all;
}

function groupOf(request: HttpRequest, status: number, body: unknown): GroupResource {
  const group = readGroup(body);
  if (group === undefined) throw shapeError(request, status, 'no group with id and displayName (RFC 7643 section 4.2)');
  return group;
}

function shapeError(request: HttpRequest, status: number, detail: string): ScimError {
  const facts: ScimErrorFacts = { method: request.method, url: request.url.href, status, detail };
  return new ScimError('unexpected_shape', facts);
}

function stuckError(url: string): ScimError {
  return new ScimError('pagination_stuck', { method: 'GET', url });
}
