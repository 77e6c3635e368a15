import type { GroupChange } from '../group-change.ts';
import type { GroupDefinition } from '../group-definition.ts';
import type { GroupResource } from '../group-resource.ts';

/** Which API groups are written by. */
export type TargetName = 'scim' | 'platform';

/** What a target can do. The workflow and its activities go by this, and by nothing else that they know of a target. */
export interface TargetCapabilities {
  readonly name: TargetName;
  /** The request that creates a group, for people. */
  readonly createdBy: string;
  /** True if a group can be looked up by its externalId with a filter; else by its name, then compared. */
  readonly findsByExternalId: boolean;
  /** True if `sw` filters work. */
  readonly findsByPrefix: boolean;
  /** Members that one request may add or remove. */
  readonly membersPerRequest: number;
  /** Members that the create request may carry; 0 if it takes none. */
  readonly membersOnCreate: number;
  /** False if the create request cannot carry the externalId, so that it has to be set by a request of its own. */
  readonly externalIdOnCreate: boolean;
  /** False if the target does not return members, so that a read-back proves nothing about them. */
  readonly returnsMembers: boolean;
  /** True if versions are checked (`If-Match`). */
  readonly checksVersion: boolean;
  /** True if groups can be deleted. */
  readonly deletes: boolean;
  /** Groups asked for in one page of a list. */
  readonly pageSize: number;
  /** What names must match beyond our own rule, for people; undefined if nothing is known. */
  readonly nameRule?: string;
  /** Extension URNs that are sent: all that a definition has, or only these. */
  readonly extensions: 'all' | readonly string[];
}

/** What a create request made. */
export interface CreateAnswer {
  readonly group: GroupResource;
  /** True if the group has its externalId and all members now, as far as the target says. */
  readonly complete: boolean;
}

/** How a whole list is read. */
export interface ListOptions {
  /** True asks for the members of each group, where the target returns them. Default false: they may be there or not. */
  readonly members?: boolean;
  /** True waits out the target's rate limit in the middle of the list, up to a minute a page. Default false: it fails. */
  readonly patient?: boolean;
}

/**
 * The port that activities use: a directory with groups in it. A find returns exact matches only, whatever the target's filter
 * returned. Every method throws {@link ScimError}.
 */
export interface GroupTarget {
  readonly capabilities: TargetCapabilities;
  /** Groups whose displayName is the given one; names are compared without case (RFC 7643 section 4.2: caseExact is false). */
  findByDisplayName(displayName: string): Promise<GroupResource[]>;
  /**
   * Groups whose externalId is the given one, exact case (RFC 7643 section 3.1).
   *
   * @param displayName where a target cannot filter by externalId, groups of this name are looked at
   */
  findByExternalId(externalId: string, displayName?: string): Promise<GroupResource[]>;
  /** Groups whose externalId begins with the given text. They may lack members. */
  findByExternalIdPrefix(prefix: string): Promise<GroupResource[]>;
  /** Every group, read to the end. They may lack members unless they are asked for. */
  list(options?: ListOptions): AsyncIterable<GroupResource>;
  /** @throws {ScimError} `not_found` if the id is unknown */
  get(groupId: string): Promise<GroupResource>;
  /** Creates a group, with as much of the definition as one request takes. */
  create(definition: GroupDefinition): Promise<CreateAnswer>;
  /**
   * Changes a group in one request. At most `membersPerRequest` members in all.
   *
   * @param version the version that the change was planned for; sent where the target checks it
   * @returns the group after the change, if the answer has it
   * @throws {ScimError} `stale` if the group was changed meanwhile
   */
  change(groupId: string, change: GroupChange, version?: string): Promise<GroupResource | undefined>;
  /** @throws {ScimError} `not_found` if the id is unknown */
  delete(groupId: string): Promise<void>;
  /** The ids among the given that are users of the directory. Asked in batches. */
  existingUsers(ids: readonly string[]): Promise<Set<string>>;
}
