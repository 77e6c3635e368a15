import type { OnboardingActivities } from '../workflows/activities.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { runActivity } from './run-activity.ts';
import { groupNotVisible } from './not-visible.ts';

/** Adds members that the group lacks, in chunks that the target takes. Removes nobody: members that others put there stay. */
export function syncMembers(deps: ActivityDependencies): OnboardingActivities['syncMembers'] {
  return ({ groupId, memberIds }) =>
    runActivity(async (run) => {
      const target = deps.target.target(run.signal);
      const group = await groupNotVisible(run, () => target.get(groupId));
      const present = new Set(group.memberIds);
      const lacking = memberIds.filter((id) => !present.has(id));
      // What the first attempt found missing is what this run adds; later attempts find less of it missing.
      const added = typeof run.lastProgress === 'number' ? run.lastProgress : lacking.length;
      run.progress(added);
      const chunk = target.capabilities.membersPerRequest;
      for (let start = 0; start < lacking.length; start += chunk) {
        await target.addMembers(groupId, lacking.slice(start, start + chunk));
      }
      return { added };
    });
}
