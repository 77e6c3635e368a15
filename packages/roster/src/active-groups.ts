import { definitionDigest, type ConflictPolicy } from '@scim-onboarding/onboarding-contract';
import type { GroupDefinition } from '@scim-onboarding/scim-core';
import { isActive, type GroupSummary } from './group-summary.ts';
import type { RosterReading } from './open-roster.ts';
import type { PlanHeader } from './plan-header.ts';
import type { PlannedRoster } from './planned-roster.ts';

/** A group that is to be onboarded, as `startRoster` of the onboarding client takes it. */
export interface ActiveGroup {
  readonly definition: GroupDefinition;
  readonly duplicatesDropped: number;
  /** In place of the plan's policy. */
  readonly conflictPolicy?: ConflictPolicy;
}

/** The file is another one than that which was planned, or its groups are other ones because it was read in another way. */
export class RosterChangedError extends Error {
  readonly file: string;

  /** @param what for people, behind the name of the file */
  constructor(file: string, what = 'is not the file that was planned.') {
    super(`${file} ${what}`);
    this.name = 'RosterChangedError';
    this.file = file;
  }
}

/**
 * Groups of a plan with which something is to be done.
 *
 * @param excluded externalIds that are left out: of `changedSince`
 */
export function activeSummaries(
  { summaries }: Pick<PlannedRoster, 'summaries'>,
  excluded: { has(externalId: string): boolean },
): GroupSummary[] {
  return summaries.filter((group) => isActive(group) && !excluded.has(group.externalId));
}

/**
 * The definitions of such groups, read from the roster once more.
 *
 * @throws {RosterChangedError} if a group is not as it was planned, or at the end, if the file is not the one that was planned. Groups
 *   came already then: look at `fileDigest` before, and where the file may be read in another way than for the plan, read it through once
 */
export async function* activeGroups(
  { header }: Pick<PlannedRoster, 'header'>,
  active: readonly GroupSummary[],
  reading: RosterReading,
): AsyncGenerator<ActiveGroup> {
  const wanted = new Map(active.map((group) => [group.externalId, group]));
  for await (const { definition, duplicatesDropped } of reading.groups()) {
    const planned = wanted.get(definition.externalId);
    if (planned === undefined) continue;
    if (definitionDigest(definition) !== planned.definitionDigest) throw readOtherwise(header, definition.externalId);
    wanted.delete(definition.externalId);
    yield { definition, duplicatesDropped, ...onboardedAs(planned, header.options) };
  }
  if (reading.digest() !== header.roster.digest) throw new RosterChangedError(header.roster.file);
  for (const externalId of wanted.keys()) throw readOtherwise(header, externalId);
}

function readOtherwise({ roster }: PlannedRoster['header'], externalId: string): RosterChangedError {
  return new RosterChangedError(
    roster.file,
    `gives another group ${JSON.stringify(externalId)} than the one that was planned: it was changed, or it is read with other columns or rules.`,
  );
}

/** With which policy a group is onboarded, where it is not that of the plan. */
export function onboardedAs(
  { kept }: Pick<GroupSummary, 'kept'>,
  { policy, allowRemovals }: Pick<PlanHeader['options'], 'policy' | 'allowRemovals'>,
): Pick<ActiveGroup, 'conflictPolicy'> {
  // Without the permission to remove, `update` would still remove what is under the limits of one group.
  return policy === 'update' && !allowRemovals && kept > 0 ? { conflictPolicy: 'adopt' } : {};
}

/** What the start of a planned roster needs beside its groups; `startRoster` of the onboarding client takes it. */
export function rosterStart({ roster, options }: Pick<PlanHeader, 'roster' | 'options'>): {
  readonly name: string;
  readonly digest: string;
  readonly conflictPolicy: ConflictPolicy;
  readonly allowRemovals: boolean;
  readonly tenant: string;
} {
  const { policy: conflictPolicy, allowRemovals, tenant } = options;
  return { name: roster.file, digest: roster.digest, conflictPolicy, allowRemovals, tenant };
}
