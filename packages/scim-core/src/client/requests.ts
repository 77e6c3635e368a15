import { ScimError } from '../errors.ts';
import { readGroup, readGroupPage, type GroupPage, type GroupResource } from '../group-resource.ts';
import { SCIM_MEDIA_TYPE } from '../urns.ts';
import type { AuthorizedSend } from './authorized-send.ts';
import type { HttpRequest, HttpResponse } from './http.ts';
import { jsonBody } from './response.ts';

/** A request and its 2xx answer. */
export interface Exchange {
  readonly request: HttpRequest;
  readonly response: HttpResponse;
}

/** Requests of one caller: they end when its signal is aborted. */
export interface Requests {
  /** Sends a request, with a JSON body where there is one. */
  exchange(method: HttpRequest['method'], url: string, options?: RequestOptions): Promise<Exchange>;
  getJson(url: string): Promise<{ readonly exchange: Exchange; readonly body: unknown }>;
  /** @throws {ScimError} `unexpected_shape` if the answer is no group */
  getGroup(url: string): Promise<GroupResource>;
  /** @throws {ScimError} `unexpected_shape` if the answer is no list of groups */
  getPage(url: string): Promise<GroupPage>;
}

export interface RequestOptions {
  readonly body?: unknown;
  /** The version that `If-Match` asks for, as an entity tag. */
  readonly ifMatch?: string | undefined;
  /** Media type of the body and of the answer. Default SCIM's. */
  readonly mediaType?: string;
}

export function createRequests(send: AuthorizedSend, signal: AbortSignal | undefined, urgent = false): Requests {
  const exchange: Requests['exchange'] = async (method, url, options = {}) => {
    const mediaType = options.mediaType ?? SCIM_MEDIA_TYPE;
    const request: HttpRequest = {
      method,
      url: new URL(url),
      headers: {
        accept: mediaType === SCIM_MEDIA_TYPE ? `${SCIM_MEDIA_TYPE}, application/json` : mediaType,
        ...(options.body === undefined ? {} : { 'content-type': mediaType }),
        ...(options.ifMatch === undefined ? {} : { 'if-match': options.ifMatch }),
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      signal,
      urgent,
    };
    return { request, response: await send(request) };
  };
  const getJson: Requests['getJson'] = async (url) => {
    const answered = await exchange('GET', url);
    return { exchange: answered, body: jsonBody(answered.request, answered.response) };
  };
  return {
    exchange,
    getJson,
    async getGroup(url) {
      return groupOf((await getJson(url)).exchange);
    },
    async getPage(url) {
      const { exchange: answered, body } = await getJson(url);
      const page = readGroupPage(body);
      if (page === undefined) throw shapeError(answered, 'no ListResponse of groups (RFC 7644 section 3.4.2)');
      return page;
    },
  };
}

/** The group in an answer. Where it has no `meta.version`, the entity tag of the answer is its version (RFC 7644 section 3.14). */
export function groupOf(exchange: Exchange): GroupResource {
  const group = readGroup(jsonBody(exchange.request, exchange.response));
  if (group === undefined) throw shapeError(exchange, 'no group with id and displayName (RFC 7643 section 4.2)');
  const { etag } = exchange.response.headers;
  return group.version === undefined && etag !== undefined ? { ...group, version: etag } : group;
}

/** An answer that is JSON but not what it should be. */
export function shapeError({ request, response }: Exchange, detail: string): ScimError {
  return new ScimError('unexpected_shape', {
    method: request.method,
    url: request.url.href,
    status: response.status,
    detail,
  });
}

/** Query parameters by `encodeURIComponent`, not `URLSearchParams`: some servers read `+` in a filter as a plus sign. */
export function searchOf(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
}

/** Address of one resource. Built from its id, never from `meta.location`: an answer must not decide where a token is sent. */
export function resourceUrl(collection: string, id: string): string {
  return `${collection}/${encodeURIComponent(id)}`;
}
