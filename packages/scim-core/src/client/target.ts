import type { GroupPayload } from '../payload.ts';
import type { GroupResource } from '../group-resource.ts';

/** What a target can do. */
export interface TargetCapabilities {
  readonly name: 'scim';
  /** Members that one PATCH may add. */
  readonly membersPerRequest: number;
  /** Members that may be sent with the create request. */
  readonly membersOnCreate: number;
  /** Groups asked for in one page of a list. */
  readonly pageSize: number;
}

/**
 * The port that activities use: a directory with groups in it. A find returns exact matches only, whatever the target's filter
 * returned. Every method throws {@link ScimError}.
 */
export interface GroupTarget {
  readonly capabilities: TargetCapabilities;
  /** Base of `$ref` of members. */
  readonly usersUrl: string;
  /** Groups whose displayName is the given one; names are compared without case (RFC 7643 section 4.2: caseExact is false). */
  findByDisplayName(displayName: string): Promise<GroupResource[]>;
  /** Groups whose externalId is the given one, exact case (RFC 7643 section 3.1). */
  findByExternalId(externalId: string): Promise<GroupResource[]>;
  /** Groups whose externalId begins with the given text, without their members. */
  findByExternalIdPrefix(prefix: string): Promise<GroupResource[]>;
  /** Every group, without members, read to the end. */
  list(): AsyncIterable<GroupResource>;
  /** @throws {ScimError} `not_found` if the id is unknown */
  get(groupId: string): Promise<GroupResource>;
  /** Creates a group. The answer may lack members. */
  create(payload: GroupPayload): Promise<GroupResource>;
  /** Adds members in one request; at most `capabilities.membersPerRequest`. */
  addMembers(groupId: string, memberIds: readonly string[]): Promise<void>;
  /** The ids among the given that are users of the directory. Asked in batches. */
  existingUsers(ids: readonly string[]): Promise<Set<string>>;
}
