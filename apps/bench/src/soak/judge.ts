import type { GroupDefinition } from '@scim-onboarding/scim-core';

/** A group of a directory, as the simulator tells it. */
export interface DirectoryGroup {
  readonly externalId?: string | undefined;
  readonly displayName: string;
  readonly members: readonly string[];
}

/** What a report says of a group. */
export interface Told {
  readonly externalId: string;
  readonly outcome: string;
}

export interface Verdict {
  /** Groups that are in the directory once, by name and members as defined. */
  readonly right: number;
  /** Groups of the directory that stand there beside one with the same externalId, or that nobody defined. */
  readonly extra: number;
  /** Groups that the report says to be created and that are not right, or the other way round. */
  readonly untold: number;
}

/** Compares a directory with what was asked for, and with what the report says of it. */
export function judge(
  asked: readonly GroupDefinition[],
  directory: readonly DirectoryGroup[],
  report: readonly Told[],
): Verdict {
  const byId = new Map<string, DirectoryGroup[]>();
  for (const group of directory) {
    const same = byId.get(group.externalId ?? '') ?? [];
    byId.set(group.externalId ?? '', [...same, group]);
  }
  const rightIds = new Set(
    asked.filter((one) => isRight(one, byId.get(one.externalId) ?? [])).map((one) => one.externalId),
  );
  const told = new Map(report.map(({ externalId, outcome }) => [externalId, outcome]));
  return {
    right: rightIds.size,
    extra: directory.length - asked.filter(({ externalId }) => byId.has(externalId)).length,
    untold: asked.filter(({ externalId }) => (told.get(externalId) === 'created') !== rightIds.has(externalId)).length,
  };
}

function isRight({ displayName, members }: GroupDefinition, found: readonly DirectoryGroup[]): boolean {
  const [group, ...others] = found;
  if (group === undefined || others.length > 0 || group.displayName !== displayName) return false;
  const wanted = new Set(members.map(({ id }) => id));
  return group.members.length === wanted.size && group.members.every((id) => wanted.has(id));
}
