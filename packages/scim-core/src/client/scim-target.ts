import { groupPayload, type GroupPayload } from '../payload.ts';
import { dropDuplicates, type GroupDefinition } from '../group-definition.ts';
import type { GroupPage, GroupResource } from '../group-resource.ts';
import type { AuthorizedSend } from './authorized-send.ts';
import { discover } from './discovery.ts';
import { entityTag } from './etag.ts';
import { findGroups, type GroupLists } from './find-groups.ts';
import { sameName } from './names.ts';
import { onceSuccessful, untilAborted } from './once.ts';
import { readPages } from './paging.ts';
import { patiently } from './patience.ts';
import type { ScimProfile } from './profiles.ts';
import { createRequests, groupOf, resourceUrl, type Requests } from './requests.ts';
import { scimAbilities, type ScimAbilities } from './scim-capabilities.ts';
import { changeBody, changedGroup, replaceGroup } from './scim-change.ts';
import type { GroupTarget, ListOptions } from './target.ts';
import type { ScimUrls } from './urls.ts';
import { createUserCheck, type UserCheck } from './user-check.ts';

export interface ScimTargetOptions {
  readonly urls: ScimUrls;
  readonly profile: ScimProfile;
  /** Default: the profile's. */
  readonly removeBy?: 'path' | 'value' | undefined;
  readonly send: AuthorizedSend;
}

/** Makes targets for callers. What is learned of the server is learned once. */
export type TargetFactory = (signal?: AbortSignal, urgent?: boolean) => Promise<GroupTarget>;

/** The `scim` target: one SCIM 2.0 server that creates groups with their members by POST (RFC 7644 section 3.3). */
export function createScimTargets(options: ScimTargetOptions): TargetFactory {
  const { profile, urls, send } = options;
  const abilities = onceSuccessful(async () => {
    // No caller's signal here: others wait for the same answer.
    const config = profile.discovers ? await discover(createRequests(send, undefined), urls.serviceProviderConfig) : {};
    return scimAbilities(profile, config, urls.groups.replace(/^.*\/(?=[^/]+$)/u, '<SCIM base>/'));
  });
  const users = createUserCheck(profile.memberCheck, urls.users);
  return async (signal, urgent) =>
    scimTarget(options, await untilAborted(abilities(), signal), users, createRequests(send, signal, urgent));
}

function scimTarget(
  { urls, profile, removeBy = profile.removeBy }: ScimTargetOptions,
  { capabilities, filters, patches }: ScimAbilities,
  users: UserCheck,
  requests: Requests,
): GroupTarget {
  const known = (group: GroupResource): GroupResource => (capabilities.returnsMembers ? group : withoutMembers(group));
  const read = async (url: string): Promise<GroupPage> => {
    const page = await requests.getPage(url);
    return { ...page, groups: page.groups.map(known) };
  };
  const pages = (parameters: Readonly<Record<string, string>>, { patient }: ListOptions = {}) =>
    readPages({
      url: urls.groups,
      parameters,
      pageSize: capabilities.pageSize,
      read: patient === true ? (url) => patiently(() => read(url)) : read,
    });

  const lists: GroupLists = {
    filtered(filter, { operator }) {
      if (!filters || (operator === 'sw' && !capabilities.findsByPrefix)) return undefined;
      return pages({ filter, ...(operator === 'sw' ? { excludedAttributes: 'members' } : {}) });
    },
    all: () => pages({ excludedAttributes: 'members' }),
  };

  return {
    capabilities,
    findByDisplayName: (name) =>
      findGroups(lists, {
        attribute: 'displayName',
        operator: 'eq',
        value: name,
        exact: (group) => sameName(group.displayName, name),
      }),
    findByExternalId: (id) =>
      findGroups(lists, {
        attribute: 'externalId',
        operator: 'eq',
        value: id,
        exact: (group) => group.externalId === id,
      }),
    findByExternalIdPrefix: (prefix) =>
      findGroups(lists, {
        attribute: 'externalId',
        operator: 'sw',
        value: prefix,
        exact: (group) => group.externalId?.startsWith(prefix) === true,
      }),
    list: (options = {}) => pages(options.members === true ? {} : { excludedAttributes: 'members' }, options),
    async get(groupId) {
      const group = known(await requests.getGroup(resourceUrl(urls.groups, groupId)));
      return capabilities.returnsMembers ? withMembers(group) : group;
    },
    async create(definition) {
      const wanted = dropDuplicates(definition.members).members;
      const members = wanted.slice(0, capabilities.membersOnCreate);
      const payload = groupPayload(
        { ...withKnownExtensions(definition, capabilities.extensions), members },
        urls.users,
      );
      const group = known(groupOf(await requests.exchange('POST', urls.groups, { body: payload })));
      return { group, complete: members.length === wanted.length && isAsSent(group, payload) };
    },
    async change(groupId, change, version) {
      const url = resourceUrl(urls.groups, groupId);
      const ifMatch = capabilities.checksVersion && version !== undefined ? entityTag(version) : undefined;
      const exchange = patches
        ? await requests.exchange('PATCH', url, { body: changeBody(change, removeBy), ifMatch })
        : await replaceGroup(requests, url, change, ifMatch);
      const changed = changedGroup(exchange, groupId);
      return changed === undefined ? undefined : known(changed);
    },
    async delete(groupId) {
      await requests.exchange('DELETE', resourceUrl(urls.groups, groupId));
    },
    existingUsers: (ids) => users(requests, ids),
  };
}

/** A server that returns members may leave an empty list out (RFC 7643 section 2.5: unassigned and empty are the same). */
function withMembers(group: GroupResource): GroupResource {
  return group.memberIds === undefined ? { ...group, memberIds: [] } : group;
}

/** Some servers drop members or the externalId of a POST without a word; an answer without members says nothing of them. */
function isAsSent(group: GroupResource, { externalId, members }: GroupPayload): boolean {
  const present = group.memberIds === undefined ? undefined : new Set(group.memberIds);
  return group.externalId === externalId && members.every(({ value }) => present?.has(value) !== false);
}

/** A server that does not return members may send an empty list, which says nothing. */
function withoutMembers({ memberIds: _memberIds, ...group }: GroupResource): GroupResource {
  return group;
}

function withKnownExtensions(definition: GroupDefinition, known: 'all' | readonly string[]): GroupDefinition {
  const { extensions, ...rest } = definition;
  if (known === 'all' || extensions === undefined) return definition;
  const sent = Object.entries(extensions).filter(([urn]) => known.includes(urn));
  return { ...rest, ...(sent.length === 0 ? {} : { extensions: Object.fromEntries(sent) }) };
}
