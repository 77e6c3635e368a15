import { errorBody } from './errors.ts';
import { type Exchange, jsonReply, type Reply, ReplyError } from './http.ts';

const DEFAULT_PAGE_SIZE = 25;

/** Page wanted from a list of the Platform API. Both numbers start at 1. */
export interface Paging {
  pageSize: number;
  pageNumber: number;
}

/** @throws ReplyError 400 `invalid.query.param.value` when `pageSize` or `pageNumber` is not a number in its range */
export function readPaging(exchange: Exchange, maxPageSize: number): Paging {
  return {
    pageSize: readPositive(exchange, 'pageSize', DEFAULT_PAGE_SIZE, maxPageSize),
    pageNumber: readPositive(exchange, 'pageNumber', 1, Number.MAX_SAFE_INTEGER),
  };
}

/** One page of entities, with links to itself, the first, the last and the pages beside it. */
export function entityListing<T>(
  exchange: Exchange,
  found: readonly T[],
  paging: Paging,
  toEntity: (item: T) => unknown,
): Reply {
  const { pageSize, pageNumber } = paging;
  const start = (pageNumber - 1) * pageSize;
  const pageCount = Math.ceil(found.length / pageSize);
  return jsonReply(200, {
    entities: found.slice(start, start + pageSize).map(toEntity),
    pageSize,
    pageNumber,
    total: found.length,
    selfUri: pageUri(exchange, pageSize, pageNumber),
    firstUri: pageUri(exchange, pageSize, 1),
    lastUri: pageUri(exchange, pageSize, Math.max(1, pageCount)),
    ...(pageNumber < pageCount ? { nextUri: pageUri(exchange, pageSize, pageNumber + 1) } : {}),
    ...(pageNumber > 1 ? { previousUri: pageUri(exchange, pageSize, pageNumber - 1) } : {}),
    pageCount,
  });
}

/** Items by name without regard to case, in the order that the query asks for; ascending is the default. */
export function sortedByName<T>(exchange: Exchange, items: readonly T[], nameOf: (item: T) => string): T[] {
  const sign = readSortOrder(exchange) === 'descending' ? -1 : 1;
  // Lower case is made once for each item: a comparison runs many times.
  return items
    .map((item) => ({ item, key: nameOf(item).toLowerCase() }))
    .toSorted((a, b) => (a.key === b.key ? 0 : sign * (a.key < b.key ? -1 : 1)))
    .map(({ item }) => item);
}

/** The parameter's default is written ASC and its other values in full, so both spellings are taken. */
function readSortOrder(exchange: Exchange): 'ascending' | 'descending' {
  const text = exchange.url.searchParams.get('sortOrder') ?? 'ASC';
  switch (text.toLowerCase()) {
    case 'asc':
    case 'ascending':
      return 'ascending';
    case 'desc':
    case 'descending':
      return 'descending';
    default:
      throw invalidParameter(exchange, 'sortOrder', 'be ascending or descending', text);
  }
}

function readPositive(exchange: Exchange, name: string, fallback: number, most: number): number {
  const text = exchange.url.searchParams.get(name);
  if (text === null) return fallback;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= most) return value;
  throw invalidParameter(exchange, name, `be a whole number from 1 to ${most}`, text);
}

/** A 400 for a query parameter, ready to be thrown. */
export function invalidParameter(exchange: Exchange, name: string, must: string, text: string): ReplyError {
  const message = `${name} must ${must}, not ${JSON.stringify(text)}`;
  return new ReplyError(errorBody(exchange, 400, 'invalid.query.param.value', message));
}

function pageUri(exchange: Exchange, pageSize: number, pageNumber: number): string {
  const query = new URLSearchParams(exchange.url.searchParams);
  query.set('pageSize', String(pageSize));
  query.set('pageNumber', String(pageNumber));
  return `${exchange.url.pathname}?${query.toString()}`;
}
