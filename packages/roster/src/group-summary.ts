import type { Hold, PlanAction, PlannedGroup } from './planned-group.ts';

/** A planned group with the numbers of its members in place of their ids: what is kept in memory of a large plan. */
export interface GroupSummary {
  readonly externalId: string;
  readonly displayName: string;
  readonly action: PlanAction;
  readonly groupId?: string | undefined;
  /** Members to add. */
  readonly add: number;
  /** Members to remove. Of a held group: that would be removed once it is approved. */
  readonly remove: number;
  /** Members that the target has and the roster does not, and which stay. */
  readonly kept: number;
  readonly rename?: PlannedGroup['rename'];
  /** The group has no externalId yet and gets it. */
  readonly claims?: boolean | undefined;
  /** Members that the target has now; undefined if it did not say. */
  readonly membersNow?: number | undefined;
  readonly hold?: Hold | undefined;
  /** For people. */
  readonly reason?: string | undefined;
  /** Digest of the definition that was planned with. */
  readonly definitionDigest: string;
}

/** True if something is done with the group. */
export function isActive({ action }: Pick<GroupSummary, 'action'>): boolean {
  return action === 'create' || action === 'adopt' || action === 'update';
}

/** The numbers of the members in place of their ids. */
export function countsOf<T extends Pick<PlannedGroup, 'add' | 'remove' | 'kept'>>(
  group: T,
): Omit<T, 'add' | 'remove' | 'kept'> & Pick<GroupSummary, 'add' | 'remove' | 'kept'> {
  const { add, remove, kept, ...rest } = group;
  return { ...rest, add: add.length, remove: remove.length, kept: kept.length };
}

export function summarize(group: PlannedGroup): GroupSummary {
  const { stateDigest: _state, ...summary } = countsOf(group);
  return summary;
}

/** The group as its summary has it after rules for the whole plan, or an approval, changed that. */
export function asSummarized(group: PlannedGroup, summary: GroupSummary): PlannedGroup {
  const { rename, hold: _hold, reason: _reason, ...rest } = group;
  const { action, hold, reason } = summary;
  return {
    ...rest,
    action,
    add: summary.add === 0 ? [] : group.add,
    remove: summary.remove === 0 ? [] : group.remove,
    ...(rename === undefined || summary.rename === undefined ? {} : { rename }),
    ...(hold === undefined ? {} : { hold }),
    ...(reason === undefined ? {} : { reason }),
  };
}
