/** Everything the workflow bundle exports: one name a workflow type. */
export { onboardGroup } from './onboard-group.ts';
