import type { GroupDefinition } from '@scim-onboarding/scim-core';

/** What to do with a group that exists already. */
export const CONFLICT_POLICIES = ['adopt', 'adopt-by-name', 'update', 'fail'] as const;
/**
 * - `adopt` (default): a group with the same externalId is taken over, and members that it lacks are added.
 * - `adopt-by-name`: also a group of that name which carries no externalId; its members stay.
 * - `update`: a group with the same externalId is made equal to the definition: name, and members added and removed.
 * - `fail`: a group that exists is a failure.
 */
export type ConflictPolicy = (typeof CONFLICT_POLICIES)[number];

/** What a permanent failure of a step does: park the run until a person decides, or end it. */
export const ON_FAILURE = ['block', 'fail'] as const;
export type OnFailure = (typeof ON_FAILURE)[number];

/** Members of a large group, packed: JSON lines of `[id]` or `[id, email]`, gzip, base64. */
export interface PackedMembers {
  readonly count: number;
  readonly gzip: string;
}

/** A definition as it travels: a large list of members is packed, so that it fits into one payload of Temporal (2 MiB). */
export type WireDefinition = Omit<GroupDefinition, 'members'> & {
  readonly members: GroupDefinition['members'] | PackedMembers;
};

/** Input of the workflow `onboardGroup`. The client package makes it; it was validated before. */
export interface OnboardGroupInput {
  readonly tenant: string;
  readonly definition: WireDefinition;
  /** Members that stood more than once in what was handed over; they were dropped. */
  readonly duplicatesDropped: number;
  /** Default `adopt`. */
  readonly conflictPolicy?: ConflictPolicy;
  /** Default `block`. */
  readonly onFailure?: OnFailure;
  /** With `update`: allow removals over the limit of {@link REMOVAL_LIMIT}. Default false. */
  readonly allowRemovals?: boolean;
  /** Set where the group belongs to a roster: look-ups come from one read of the directory that the whole roster shares. */
  readonly roster?: { readonly id: string };
  /** How long a blocked run waits for a person. Default {@link DEFAULT_BLOCKED}. */
  readonly blocked?: BlockedTimes;
}

export interface BlockedTimes {
  /** Seconds after which, and then again, the run reminds of itself. */
  readonly remindAfterSeconds: number;
  /** Seconds after which the run ends as `failed`. */
  readonly giveUpAfterSeconds: number;
}

/** A reminder each day, the end after a week. */
export const DEFAULT_BLOCKED: BlockedTimes = { remindAfterSeconds: 86_400, giveUpAfterSeconds: 7 * 86_400 };

/** What `update` removes without being asked again: an empty source, or half of a group, is more often a mistake than a wish. */
export const REMOVAL_LIMIT = {
  /** Largest part of a group's members that may be removed. */
  share: 0.5,
  /** Removals up to this number are never held, unless they empty the group. */
  always: 10,
} as const;

/** How many members a definition has on its way. */
export function memberCount({ members }: WireDefinition): number {
  return 'gzip' in members ? members.count : members.length;
}
