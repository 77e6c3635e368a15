import type { GroupSummary } from './group-summary.ts';

/**
 * Groups of one roster that would take the same name become conflicts: the target takes the name for one of them, and which one that
 * is would be chance.
 *
 * @param groups of the whole plan
 */
export function refuseSharedNames(groups: readonly GroupSummary[]): GroupSummary[] {
  const takers = new Map<string, string[]>();
  for (const group of groups) {
    if (!takesName(group)) continue;
    const others = takers.get(group.displayName);
    if (others === undefined) takers.set(group.displayName, [group.externalId]);
    else others.push(group.externalId);
  }
  return groups.map((group) => {
    const { externalId, displayName } = group;
    const sharing = takesName(group) ? (takers.get(displayName) ?? []) : [];
    if (sharing.length < 2) return group;
    const others = sharing.filter((other) => other !== externalId).slice(0, 5);
    const { rename: _rename, hold: _hold, ...rest } = group;
    return {
      ...rest,
      action: 'conflict',
      add: 0,
      remove: 0,
      reason: `the roster gives the name ${JSON.stringify(displayName)} also to ${others.map((other) => JSON.stringify(other)).join(', ')}`,
    };
  });
}

function takesName({ action, rename }: GroupSummary): boolean {
  return action === 'create' || (rename !== undefined && action !== 'conflict');
}
