import { isScimError } from '../errors.ts';
import { isEmptyChange } from '../group-change.ts';
import type { GroupResource } from '../group-resource.ts';
import type { AuthorizedSend } from './authorized-send.ts';
import { entityTag } from './etag.ts';
import { findGroups, type GroupLists } from './find-groups.ts';
import { sameName } from './names.ts';
import { readPages } from './paging.ts';
import { patiently } from './patience.ts';
import { createPlatformGroups, type NewGroupOptions, type PlatformGroups } from './platform-groups.ts';
import { createRequests, resourceUrl, type Requests } from './requests.ts';
import { changeBody, changedGroup } from './scim-change.ts';
import type { TargetFactory } from './scim-target.ts';
import type { GroupTarget, ListOptions, TargetCapabilities } from './target.ts';
import type { PlatformUrls } from './urls.ts';
import { createUserCheck } from './user-check.ts';

export interface PlatformTargetOptions {
  readonly urls: PlatformUrls;
  readonly newGroups: NewGroupOptions;
  readonly send: AuthorizedSend;
}

export const PLATFORM_CAPABILITIES: TargetCapabilities = {
  name: 'platform',
  createdBy: 'POST /api/v2/groups',
  findsByExternalId: false,
  findsByPrefix: false,
  // No limit is published for SCIM; the Groups API takes 50 members in a request, which is the nearest fact.
  membersPerRequest: 50,
  membersOnCreate: 0,
  externalIdOnCreate: false,
  returnsMembers: true,
  checksVersion: true,
  deletes: true,
  // Over 25 the vendor answers 429, unless costly attributes such as externalId are left out.
  pageSize: 25,
  nameRule: 'must not be in use by another group of the organization (group.name.in.use)',
  extensions: [],
};

/** Page size of a list without externalId and members. */
const CHEAP_PAGE_SIZE = 100;

/** The `platform` target: Genesys Cloud as its API is published, where SCIM neither creates, renames nor deletes a group. */
export function createPlatformTargets(options: PlatformTargetOptions): TargetFactory {
  return (signal, urgent) => {
    const requests = createRequests(options.send, signal, urgent);
    const groups = createPlatformGroups(requests, options.urls.groups, options.newGroups);
    return Promise.resolve(platformTarget(options.urls, requests, groups));
  };
}

function platformTarget(urls: PlatformUrls, requests: Requests, groups: PlatformGroups): GroupTarget {
  const users = createUserCheck('genesys-users', urls.users);
  const lists = platformLists(urls, requests);

  const findByDisplayName = async (name: string): Promise<GroupResource[]> => {
    const found = await findGroups(lists.byName, {
      attribute: 'displayName',
      operator: 'eq',
      value: name,
      exact: (group) => sameName(group.displayName, name),
    });
    // A look-up leaves out what is costly; the few groups of the name are read one by one.
    const read = await Promise.all(found.map((group) => getOrUndefined(urls, requests, group.id)));
    return read.filter((group) => group !== undefined);
  };

  const filterAll = async (exact: (group: GroupResource) => boolean): Promise<GroupResource[]> => {
    const found: GroupResource[] = [];
    for await (const group of lists.all()) if (exact(group)) found.push(group);
    return found;
  };

  return {
    capabilities: PLATFORM_CAPABILITIES,
    findByDisplayName,
    async findByExternalId(externalId, displayName) {
      const exact = (group: GroupResource): boolean => group.externalId === externalId;
      if (displayName !== undefined) {
        const named = (await findByDisplayName(displayName)).filter(exact);
        if (named.length > 0) return named;
      }
      // A group may have been renamed: only the whole list proves that no group has this externalId.
      return filterAll(exact);
    },
    findByExternalIdPrefix: (prefix) => filterAll((group) => group.externalId?.startsWith(prefix) === true),
    list: (options) => lists.all(options),
    get: (groupId) => getGroup(urls, requests, groupId),
    async create(definition) {
      return { group: await groups.create(definition), complete: false };
    },
    async change(groupId, { displayName, ...change }, version) {
      // SCIM first: its If-Match guards the plan, and a rename would make the version old.
      let changed: GroupResource | undefined;
      if (!isEmptyChange(change)) {
        const exchange = await requests.exchange('PATCH', resourceUrl(urls.scimGroups, groupId), {
          body: changeBody(change, 'path'),
          ifMatch: version === undefined ? undefined : entityTag(version),
        });
        changed = changedGroup(exchange, groupId);
      }
      if (displayName === undefined) return changed;
      await groups.rename(groupId, displayName);
      // What SCIM answered before the rename has the old name and version.
      return undefined;
    },
    delete: (groupId) => groups.delete(groupId),
    existingUsers: (ids) => users(requests, ids),
  };
}

interface PlatformLists {
  /** Look-ups by name, without externalId and members. */
  readonly byName: GroupLists;
  /** All groups with their externalId, without members unless they are asked for. */
  all(options?: ListOptions): AsyncIterable<GroupResource>;
}

function platformLists(urls: PlatformUrls, requests: Requests): PlatformLists {
  const read = (url: string) => requests.getPage(url);
  const cheap = { excludedAttributes: 'members,externalId' };
  return {
    byName: {
      filtered: (filter) =>
        readPages({ url: urls.scimGroups, parameters: { filter, ...cheap }, pageSize: CHEAP_PAGE_SIZE, read }),
      all: () => readPages({ url: urls.scimGroupList, parameters: cheap, pageSize: CHEAP_PAGE_SIZE, read }),
    },
    all: ({ members, patient }: ListOptions = {}) =>
      readPages({
        url: urls.scimGroupList,
        parameters: members === true ? {} : { excludedAttributes: 'members' },
        pageSize: PLATFORM_CAPABILITIES.pageSize,
        read: patient === true ? (url) => patiently(() => read(url)) : read,
      }),
  };
}

async function getGroup(urls: PlatformUrls, requests: Requests, groupId: string): Promise<GroupResource> {
  const group = await requests.getGroup(resourceUrl(urls.scimGroups, groupId));
  return group.memberIds === undefined ? { ...group, memberIds: [] } : group;
}

/** A group that was listed a moment ago may be deleted by now. */
async function getOrUndefined(
  urls: PlatformUrls,
  requests: Requests,
  groupId: string,
): Promise<GroupResource | undefined> {
  try {
    return await getGroup(urls, requests, groupId);
  } catch (error) {
    if (isScimError(error, 'not_found')) return undefined;
    throw error;
  }
}
