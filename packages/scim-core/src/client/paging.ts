import { ScimError } from '../errors.ts';
import type { GroupPage, GroupResource } from '../group-resource.ts';
import { searchOf } from './requests.ts';

/** Pages after which a list is given up: with 100 a page, a million groups. */
const MAX_PAGES = 10_000;

export interface PagedQuery {
  readonly url: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly pageSize: number;
  /** Reads one page; throws if it cannot be read, so that a list is complete or fails. */
  readonly read: (url: string) => Promise<GroupPage>;
}

/**
 * Reads a list to its end, each group once. The next page starts after what was received: `itemsPerPage` is often the number that
 * was asked for (RFC 7644 section 3.4.2.4 has it right).
 *
 * @throws {ScimError} `pagination_stuck` if a page brings nothing new
 */
export async function* readPages(query: PagedQuery): AsyncGenerator<GroupResource> {
  const seen = new Set<string>();
  let received = 0;
  for (let page = 0; page < MAX_PAGES; page++) {
    const search = searchOf({
      ...query.parameters,
      startIndex: String(received + 1),
      count: String(query.pageSize),
    });
    const { groups, totalResults } = await query.read(`${query.url}?${search}`);
    const fresh = groups.filter((group) => !seen.has(group.id));
    if (groups.length > 0 && fresh.length === 0) throw stuckError(`${query.url}?${search}`);
    for (const group of fresh) seen.add(group.id);
    yield* fresh;
    received += groups.length;
    if (groups.length === 0 || received >= totalResults) return;
  }
  throw stuckError(query.url);
}

/** All groups of a list. */
export async function collect(groups: AsyncIterable<GroupResource>): Promise<GroupResource[]> {
  const all: GroupResource[] = [];
  for await (const group of groups) all.push(group);
  return all;
}

function stuckError(url: string): ScimError {
  return new ScimError('pagination_stuck', { method: 'GET', url });
}
