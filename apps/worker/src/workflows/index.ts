/** Everything the workflow bundle exports: one name a workflow type. */
export { onboardGroup } from './onboard-group.ts';
export { onboardRoster } from './onboard-roster.ts';
export { onboardRosterPart } from './onboard-roster-part.ts';
export { runRosterJob } from './run-roster-job.ts';
