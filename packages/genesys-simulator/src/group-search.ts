import type { Directory, DirectoryGroup } from './directory.ts';
import { type FilterNode, matchesFilter } from './scim-filter.ts';

/** The groups that satisfy a filter, in the order they were created; all of them without one. */
export function searchGroups(directory: Directory, filter: FilterNode | undefined): DirectoryGroup[] {
  if (filter === undefined) return directory.groups();
  const candidates = indexed(directory, filter) ?? directory.groups();
  return candidates.filter((group) => matchesFilter(filter, group));
}

/** At most one group when the filter names a unique value; `undefined` when no index helps. */
function indexed(directory: Directory, filter: FilterNode): DirectoryGroup[] | undefined {
  if (filter.kind === 'and') return indexed(directory, filter.left) ?? indexed(directory, filter.right);
  if (filter.kind !== 'compare' || filter.operator !== 'eq') return undefined;
  switch (filter.attribute) {
    case 'displayname':
      return listOf(directory.groupByName(filter.value));
    case 'externalid':
      return listOf(directory.groupByExternalId(filter.value));
    case 'id':
      return listOf(directory.group(filter.value));
    case 'members.value':
      return undefined;
  }
}

function listOf(group: DirectoryGroup | undefined): DirectoryGroup[] {
  return group === undefined ? [] : [group];
}
