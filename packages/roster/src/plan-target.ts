import type { GroupResource } from '@scim-onboarding/scim-core';
import { checkPlanState, type FoundInTarget } from './plan-group.ts';
import type { PlannedRoster } from './planned-roster.ts';

/** What planning asks of a target; the targets of `scim-core/client` have it. Each look-up gives all groups that there are. */
export interface PlanTarget {
  readonly capabilities: { readonly name: string };
  /** @param displayName for targets that cannot look up an externalId */
  findByExternalId(externalId: string, displayName: string): Promise<readonly GroupResource[]>;
  findByDisplayName(displayName: string): Promise<readonly GroupResource[]>;
}

export async function findInTarget(
  target: PlanTarget,
  { externalId, displayName }: { readonly externalId: string; readonly displayName: string },
): Promise<FoundInTarget> {
  return {
    byExternalId: await target.findByExternalId(externalId, displayName),
    byName: await target.findByDisplayName(displayName),
  };
}

/**
 * Groups of a plan whose state in the target is another one now, by externalId, each with what to say to people.
 *
 * @throws what the target throws
 */
export async function changedSince(plan: PlannedRoster, target: PlanTarget): Promise<Map<string, string>> {
  const changed = new Map<string, string>();
  for await (const group of plan.groups()) {
    const state = checkPlanState(group, await findInTarget(target, group));
    if (!state.current) changed.set(group.externalId, state.message);
  }
  return changed;
}
