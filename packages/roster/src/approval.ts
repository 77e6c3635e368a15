import { arrayDigest, type StreamedDigest } from './digest.ts';
import { asSummarized, type GroupSummary } from './group-summary.ts';
import { actionOf } from './plan-group.ts';
import { planTotals } from './plan-header.ts';
import type { PlannedGroup } from './planned-group.ts';
import type { PlannedRoster } from './planned-roster.ts';

/**
 * Makes the digest of all that a plan removes or holds. A person approves this and nothing else: if one more member is to be removed, or
 * a group changed in the target, the digest is another one. Groups are to be added in the order of their externalIds.
 */
export function approvalHash(): StreamedDigest & { add(group: PlannedGroup): void } {
  const hash = arrayDigest();
  return {
    add({ action, externalId, groupId, remove, hold, stateDigest, definitionDigest }: PlannedGroup) {
      if (action !== 'held' && (action === 'conflict' || remove.length === 0)) return;
      hash.add({ externalId, groupId, remove, hold, stateDigest, definitionDigest });
    },
    digest: () => hash.digest(),
  };
}

/**
 * The same plan with the groups released that are held, if the approval is the plan's own. Groups held for an incomplete source stay
 * held. Both plans share one temporary file: closing one closes both. `digest`, `approval` and `users` are those of the plan given.
 *
 * @throws Error if the approval is for other removals
 */
export function releaseHeld(plan: PlannedRoster, approval: string): PlannedRoster {
  if (approval !== plan.approval) {
    throw new Error(
      `The approval ${approval.slice(0, 12)}… is for other removals than those of this plan (${plan.approval.slice(0, 12)}…). Look at the plan again and approve that`,
    );
  }
  const { policy } = plan.header.options;
  const summaries = plan.summaries.map((group): GroupSummary => {
    if (group.action !== 'held' || group.hold === 'incomplete-source') return group;
    const { hold: _hold, reason: _reason, ...rest } = group;
    return { ...rest, action: actionOf(group, policy) };
  });
  return {
    ...plan,
    totals: planTotals(summaries),
    summaries,
    async *groups() {
      let index = 0;
      for await (const group of plan.groups()) {
        const summary = summaries[index++];
        if (summary !== undefined) yield asSummarized(group, summary);
      }
    },
  };
}
