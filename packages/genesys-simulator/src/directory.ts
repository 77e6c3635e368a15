import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Seed, SeedGroup, SeedUser } from './seed.ts';

/** What only Genesys' Groups API knows of a group. A key that is not set is absent, never `undefined`. */
export interface GroupSettings {
  readonly description?: string;
  readonly type?: 'official' | 'social';
  readonly visibility?: 'public' | 'owners' | 'members';
  readonly rulesVisible?: boolean;
  readonly rolesEnabled?: boolean;
  readonly includeOwners?: boolean;
  readonly callsEnabled?: boolean;
  /** Ids of users. */
  readonly ownerIds?: readonly string[];
}

/** What a client can set on a group, whichever API it uses. */
export interface GroupFields {
  readonly displayName: string;
  readonly externalId?: string | undefined;
  /** Ids of users or groups, without duplicates, in the order they were added. */
  readonly members: readonly string[];
  /** Extension objects by schema URN. */
  readonly extensions: Readonly<Record<string, unknown>>;
  /** Without it a new group has none, and a changed group keeps the ones it has: SCIM does not carry them. */
  readonly settings?: GroupSettings | undefined;
}

/** A stored group. Records are never changed in place: a change makes a new one with the next version. */
export interface DirectoryGroup extends GroupFields {
  readonly id: string;
  readonly settings: GroupSettings;
  /** Starts at 1, grows by 1 with each change. */
  readonly version: number;
  readonly created: Date;
  readonly lastModified: Date;
}

/** Why a write was refused. */
export type DirectoryProblem =
  | { kind: 'duplicate'; attribute: 'id' | 'displayName' | 'externalId'; value: string; existingId: string }
  | { kind: 'unknown-members'; ids: string[] };

/** A refused write. Each API gives it its own form. */
export class DirectoryError extends Error {
  readonly problem: DirectoryProblem;

  constructor(problem: DirectoryProblem) {
    super(describe(problem));
    this.name = 'DirectoryError';
    this.problem = problem;
  }
}

function describe(problem: DirectoryProblem): string {
  if (problem.kind === 'unknown-members') {
    const shown = problem.ids.slice(0, 20).join(', ');
    return `unknown member ids (${problem.ids.length}): ${shown}${problem.ids.length > 20 ? ', ...' : ''}`;
  }
  return `a group with ${problem.attribute} ${JSON.stringify(problem.value)} exists already (id ${problem.existingId})`;
}

/** Users and groups of one organization, in memory. Knows no wire format. */
export class Directory {
  readonly #users = new Map<string, SeedUser>();
  readonly #groups = new Map<string, DirectoryGroup>();
  // Uniqueness is asked on every write; without these indexes a test with many groups would be quadratic.
  readonly #idByName = new Map<string, string>();
  readonly #idByExternalId = new Map<string, string>();
  // Few groups list other groups, and only those can list one that is deleted.
  readonly #idsWithGroups = new Set<string>();

  /** @throws DirectoryError when the seed contradicts itself */
  constructor(seed: Seed = {}) {
    this.addUsers(seed.users ?? []);
    // All ids are known before members are checked, so that a group can list one that comes later in the seed.
    const groups = (seed.groups ?? []).map((group) => ({ ...group, id: group.id ?? randomUUID() }));
    const ids = new Set(groups.map((group) => group.id));
    for (const group of groups) this.#insert(group.id, fieldsOf(group), ids);
  }

  addUsers(users: readonly SeedUser[]): void {
    for (const user of users) this.#users.set(user.id, { ...user });
  }

  user(id: string): SeedUser | undefined {
    return this.#users.get(id);
  }

  /** All users in the order they were added. */
  users(): SeedUser[] {
    return [...this.#users.values()];
  }

  group(id: string): DirectoryGroup | undefined {
    return this.#groups.get(id);
  }

  /** The group with this name, in any case. */
  groupByName(displayName: string): DirectoryGroup | undefined {
    return this.#groupAt(this.#idByName, nameKey(displayName));
  }

  groupByExternalId(externalId: string): DirectoryGroup | undefined {
    return this.#groupAt(this.#idByExternalId, externalId);
  }

  /** All groups in the order they were created. */
  groups(): DirectoryGroup[] {
    return [...this.#groups.values()];
  }

  /** @throws DirectoryError when a unique value is taken or a member is not known */
  createGroup(fields: GroupFields, id: string = randomUUID()): DirectoryGroup {
    return this.#insert(id, fields, new Set());
  }

  /** Like `createGroup`, from the form of a seed. */
  addGroup(group: SeedGroup): DirectoryGroup {
    return this.createGroup(fieldsOf(group), group.id);
  }

  /**
   * Puts new values in the place of the old ones. Equal values leave version and time as they are.
   * @throws DirectoryError when a unique value is taken or a member is not known
   */
  replaceGroup(current: DirectoryGroup, next: GroupFields): DirectoryGroup {
    const fields = normalized({ ...next, settings: next.settings ?? current.settings });
    if (isDeepStrictEqual(normalized(current), fields)) return current;
    this.#assertUnique(fields, current.id);
    this.#assertMembers(fields.members, new Set());
    const group = { ...current, ...fields, version: current.version + 1, lastModified: new Date() };
    this.#unindex(current);
    this.#store(group);
    return group;
  }

  /** Removes a group, also from the groups that list it as a member. False when there is none. */
  deleteGroup(id: string): boolean {
    const group = this.#groups.get(id);
    if (group === undefined) return false;
    for (const parent of this.#parentsOf(id)) {
      this.replaceGroup(parent, { ...parent, members: parent.members.filter((member) => member !== id) });
    }
    this.#unindex(group);
    return this.#groups.delete(id);
  }

  /** The other groups that list this one. */
  #parentsOf(id: string): DirectoryGroup[] {
    return Array.from(this.#idsWithGroups, (parentId) => this.#groups.get(parentId))
      .filter((parent) => parent !== undefined)
      .filter((parent) => parent.id !== id && parent.members.includes(id));
  }

  #groupAt(index: ReadonlyMap<string, string>, key: string): DirectoryGroup | undefined {
    const id = index.get(key);
    return id === undefined ? undefined : this.#groups.get(id);
  }

  #insert(id: string, input: GroupFields, alsoKnown: ReadonlySet<string>): DirectoryGroup {
    const fields = normalized(input);
    if (this.#groups.has(id)) {
      throw new DirectoryError({ kind: 'duplicate', attribute: 'id', value: id, existingId: id });
    }
    this.#assertUnique(fields, id);
    this.#assertMembers(fields.members, alsoKnown);
    const now = new Date();
    const group = { id, ...fields, version: 1, created: now, lastModified: now };
    this.#store(group);
    return group;
  }

  #assertUnique(fields: GroupFields, ownId: string): void {
    const byName = this.#idByName.get(nameKey(fields.displayName));
    if (byName !== undefined && byName !== ownId) throw duplicate('displayName', fields.displayName, byName);
    if (fields.externalId === undefined) return;
    const byExternalId = this.#idByExternalId.get(fields.externalId);
    if (byExternalId !== undefined && byExternalId !== ownId) {
      throw duplicate('externalId', fields.externalId, byExternalId);
    }
  }

  #assertMembers(members: readonly string[], alsoKnown: ReadonlySet<string>): void {
    const ids = members.filter((id) => !this.#users.has(id) && !this.#groups.has(id) && !alsoKnown.has(id));
    if (ids.length > 0) throw new DirectoryError({ kind: 'unknown-members', ids });
  }

  #store(group: DirectoryGroup): void {
    this.#groups.set(group.id, group);
    this.#idByName.set(nameKey(group.displayName), group.id);
    if (group.externalId !== undefined) this.#idByExternalId.set(group.externalId, group.id);
    if (group.members.some((member) => !this.#users.has(member))) this.#idsWithGroups.add(group.id);
  }

  #unindex(group: DirectoryGroup): void {
    this.#idByName.delete(nameKey(group.displayName));
    if (group.externalId !== undefined) this.#idByExternalId.delete(group.externalId);
    this.#idsWithGroups.delete(group.id);
  }
}

function duplicate(attribute: 'displayName' | 'externalId', value: string, existingId: string): DirectoryError {
  return new DirectoryError({ kind: 'duplicate', attribute, value, existingId });
}

/** Names are compared without regard to case, the default of RFC 7643 section 2.2 (`caseExact` false). */
function nameKey(displayName: string): string {
  return displayName.toLowerCase();
}

function normalized(fields: GroupFields): GroupFields & { readonly settings: GroupSettings } {
  return {
    displayName: fields.displayName,
    externalId: fields.externalId,
    members: [...new Set(fields.members)],
    extensions: fields.extensions,
    settings: fields.settings ?? {},
  };
}

function fieldsOf(group: SeedGroup): GroupFields {
  return {
    displayName: group.displayName,
    externalId: group.externalId,
    members: group.members ?? [],
    extensions: group.extensions ?? {},
    settings: settingsOf(group),
  };
}

function settingsOf({ description, type, visibility }: SeedGroup): GroupSettings {
  return {
    ...(description === undefined ? {} : { description }),
    ...(type === undefined ? {} : { type }),
    ...(visibility === undefined ? {} : { visibility }),
  };
}
