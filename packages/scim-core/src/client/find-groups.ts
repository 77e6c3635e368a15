import { isScimError } from '../errors.ts';
import { filterIsFragile, groupFilter, type GroupFilterAttribute, type GroupFilterOperator } from '../filter.ts';
import type { GroupResource } from '../group-resource.ts';
import { collect } from './paging.ts';

export interface GroupSearch {
  readonly attribute: GroupFilterAttribute;
  readonly operator: GroupFilterOperator;
  readonly value: string;
  /** Whether a group is really one that was looked for: some servers ignore filters and return everything. */
  readonly exact: (group: GroupResource) => boolean;
}

/** How a target is asked. */
export interface GroupLists {
  /** Groups that match a filter; undefined if filters with this attribute and operator are not to be used. */
  filtered(filter: string, search: GroupSearch): AsyncIterable<GroupResource> | undefined;
  /** All groups. */
  all(): AsyncIterable<GroupResource>;
}

/**
 * Exact matches of a search. The whole list is read where a filter cannot be used, is refused, or finds nothing for a value that
 * servers are known to get wrong: the list cannot lie that way.
 */
export async function findGroups(lists: GroupLists, search: GroupSearch): Promise<GroupResource[]> {
  const { attribute, operator, value, exact } = search;
  const filtered = lists.filtered(groupFilter(attribute, operator, value), search);
  if (filtered !== undefined) {
    try {
      const found = (await collect(filtered)).filter(exact);
      if (found.length > 0 || !filterIsFragile(value)) return found;
    } catch (error) {
      if (!refusesFilter(error, search)) throw error;
    }
  }
  return (await collect(lists.all())).filter(exact);
}

/** True if the server says that it does not take this filter. Not all say it by `invalidFilter` (RFC 7644 section 3.12). */
function refusesFilter(error: unknown, { operator, value }: GroupSearch): boolean {
  if (!isScimError(error, 'request_refused')) return false;
  const { status, reason, detail } = error.facts;
  if (reason === 'invalidFilter' || status === 501) return true;
  return status === 400 && (operator !== 'eq' || filterIsFragile(value) || /filter/iu.test(detail ?? ''));
}
