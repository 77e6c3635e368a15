import { scimError } from './errors.ts';
import { type Exchange, jsonReply, type Reply, ReplyError, SCIM_TYPE } from './http.ts';
import { FilterError, type FilterNode, matchesFilter, parseFilter } from './scim-filter.ts';
import { projectResource, type ScimPlace, toGroupResource } from './scim-resource.ts';
import type { SimulatorState } from './state.ts';
import { LIST_RESPONSE_URN } from './urns.ts';

/** Genesys' default page size for SCIM lists. */
const DEFAULT_COUNT = 25;

/** `GET {base}/groups` (RFC 7644 section 3.4.2). */
export function listGroups(state: SimulatorState, exchange: Exchange, place: ScimPlace): Reply {
  const query = exchange.url.searchParams;
  const filter = readFilter(query.get('filter'));
  // RFC 7644 section 3.4.2.4: a startIndex below 1 is read as 1, a negative count as 0.
  const startIndex = Math.max(1, readInteger(query, 'startIndex', 1));
  const count = Math.min(state.options.maxPageSize, Math.max(0, readInteger(query, 'count', DEFAULT_COUNT)));

  const all = state.directory.groups();
  const found = filter === undefined ? all : all.filter((group) => matchesFilter(filter, group));
  const page = found.slice(startIndex - 1, startIndex - 1 + count);
  const { attributes, excludedAttributes } = readProjection(exchange);
  return jsonReply(
    200,
    {
      schemas: [LIST_RESPONSE_URN],
      totalResults: found.length,
      startIndex,
      itemsPerPage: page.length,
      Resources: page.map((group) =>
        projectResource(toGroupResource(group, state.directory, place), attributes, excludedAttributes),
      ),
    },
    {},
    SCIM_TYPE,
  );
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

function readFilter(text: string | null): FilterNode | undefined {
  if (text === null) return undefined;
  try {
    return parseFilter(text);
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
