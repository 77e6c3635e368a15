import type { DirectoryGroup } from './directory.ts';
import { scimError } from './errors.ts';
import { type Exchange, jsonReply, type Reply, ReplyError, SCIM_TYPE } from './http.ts';
import { FilterError, type FilterNode, parseFilter } from './scim-filter.ts';
import { projectResource, type ScimPlace, toGroupResource } from './scim-resource.ts';
import type { SimulatorState } from './state.ts';
import { LIST_RESPONSE_URN } from './urns.ts';

/** Genesys' default page size for SCIM lists. */
export const DEFAULT_COUNT = 25;

/** `GET {base}/groups` (RFC 7644 section 3.4.2). */
export function listGroups(state: SimulatorState, exchange: Exchange, place: ScimPlace): Reply {
  const query = exchange.url.searchParams;
  const filter = readFilter(query.get('filter'), parseFilter);
  const { startIndex, count } = readPage(query);

  const found = state.findGroups('scim', exchange, filter);
  const { attributes, excludedAttributes } = readProjection(exchange);
  return listReply(found, startIndex, Math.min(state.options.maxPageSize, count), (group) =>
    projectResource(toGroupResource(group, state.directory, place), attributes, excludedAttributes),
  );
}

/** `startIndex` and `count` of a list request. */
export function readPage(query: URLSearchParams): { startIndex: number; count: number } {
  // RFC 7644 section 3.4.2.4: a startIndex below 1 is read as 1, a negative count as 0.
  return {
    startIndex: Math.max(1, readInteger(query, 'startIndex', 1)),
    count: Math.max(0, readInteger(query, 'count', DEFAULT_COUNT)),
  };
}

/** One page as a ListResponse (RFC 7644 section 3.4.2). `startIndex` counts from 1. */
export function listReply(
  found: readonly DirectoryGroup[],
  startIndex: number,
  count: number,
  toResource: (group: DirectoryGroup) => unknown,
): Reply {
  const page = found.slice(startIndex - 1, startIndex - 1 + count);
  const body = {
    schemas: [LIST_RESPONSE_URN],
    totalResults: found.length,
    startIndex,
    itemsPerPage: page.length,
    Resources: page.map(toResource),
  };
  return jsonReply(200, body, {}, SCIM_TYPE);
}

/** Both query parameters take commas, repetition, or both: Genesys' own clients use each form. */
export function readProjection(exchange: Exchange): { attributes: string[]; excludedAttributes: string[] } {
  const read = (name: string): string[] =>
    exchange.url.searchParams
      .getAll(name)
      .flatMap((value) => value.split(','))
      .map((value) => value.trim())
      .filter((value) => value !== '');
  return { attributes: read('attributes'), excludedAttributes: read('excludedAttributes') };
}

/** @throws ReplyError 400 `invalidFilter` when `parse` refuses the text with a FilterError */
export function readFilter(text: string | null, parse: (text: string) => FilterNode): FilterNode | undefined {
  if (text === null) return undefined;
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    throw new ReplyError(scimError(400, `filter: ${error.message}`, 'invalidFilter'));
  }
}

function readInteger(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  if (!/^[+-]?\d{1,9}$/.test(text)) {
    throw new ReplyError(scimError(400, `${name} must be a whole number, not ${JSON.stringify(text)}`, 'invalidValue'));
  }
  return Number(text);
}
