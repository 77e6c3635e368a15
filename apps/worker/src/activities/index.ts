import type { OnboardingActivities } from '../workflows/activities.ts';
import type { RosterJobActivities } from '../workflows/roster-job-activities.ts';
import { createGroup } from './create-group.ts';
import { deleteGroup } from './delete-group.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { describeWebhook } from './describe-webhook.ts';
import { findGroup } from './find-group.ts';
import { planRosterJob } from './plan-roster-job.ts';
import { recordAudit } from './record-audit.ts';
import { sendWebhook } from './send-webhook.ts';
import { startRosterJob } from './start-roster-job.ts';
import { syncMembers } from './sync-members.ts';
import { validateGroup } from './validate-group.ts';
import { verifyGroup } from './verify-group.ts';

/** The activities, bound to what they work with. */
export function createActivities(deps: ActivityDependencies): OnboardingActivities & RosterJobActivities {
  return {
    validateGroup: validateGroup(deps),
    createGroup: createGroup(deps),
    findGroup: findGroup(deps),
    syncMembers: syncMembers(deps),
    verifyGroup: verifyGroup(deps),
    describeWebhook: describeWebhook(deps),
    sendWebhook: sendWebhook(deps),
    recordAudit: recordAudit(deps),
    deleteGroup: deleteGroup(deps),
    planRosterJob: planRosterJob(deps),
    startRosterJob: startRosterJob(deps),
  };
}
