import * as z from 'zod';
import type { GroupDefinition } from '../group-definition.ts';
import type { GroupResource } from '../group-resource.ts';
import { jsonBody } from './response.ts';
import { resourceUrl, shapeError, type Exchange, type Requests } from './requests.ts';

/** Attributes of a group that SCIM does not have; the Groups API asks for them when it creates one. */
export interface NewGroupOptions {
  readonly type: 'official' | 'social';
  readonly visibility: 'public' | 'owners' | 'members';
  readonly rulesVisible: boolean;
}

/** Genesys Cloud's Groups API, as far as SCIM there does not go: it creates, renames and deletes. */
export interface PlatformGroups {
  create(definition: GroupDefinition): Promise<GroupResource>;
  rename(groupId: string, name: string): Promise<void>;
  delete(groupId: string): Promise<void>;
}

const JSON_MEDIA_TYPE = 'application/json';

const groupSchema = z.object({ id: z.string().min(1), name: z.string() });
const versionSchema = z.object({ version: z.number().int() });

export function createPlatformGroups(requests: Requests, groupsUrl: string, options: NewGroupOptions): PlatformGroups {
  return {
    async create({ displayName, description }) {
      const exchange = await requests.exchange('POST', groupsUrl, {
        mediaType: JSON_MEDIA_TYPE,
        // The vendor is known to drop the description of a POST; its contract has it.
        body: { name: displayName, ...(description === undefined ? {} : { description }), ...options },
      });
      const group = parsed(groupSchema, exchange, 'no group with id and name');
      // Its version counts the Groups API's changes; whether SCIM counts the same way is not published.
      return { id: group.id, displayName: group.name, memberIds: [] };
    },
    async rename(groupId, name) {
      // `displayName` is read-only in the vendor's SCIM. The version is required here, and another one than SCIM's.
      const url = resourceUrl(groupsUrl, groupId);
      const current = await requests.exchange('GET', url, { mediaType: JSON_MEDIA_TYPE });
      const { version } = parsed(versionSchema, current, 'no group with a version');
      await requests.exchange('PUT', url, { mediaType: JSON_MEDIA_TYPE, body: { version, name } });
    },
    async delete(groupId) {
      await requests.exchange('DELETE', resourceUrl(groupsUrl, groupId), { mediaType: JSON_MEDIA_TYPE });
    },
  };
}

function parsed<T extends z.ZodType>(schema: T, exchange: Exchange, problem: string): z.output<T> {
  const result = schema.safeParse(jsonBody(exchange.request, exchange.response));
  if (!result.success) throw shapeError(exchange, problem);
  return result.data;
}
