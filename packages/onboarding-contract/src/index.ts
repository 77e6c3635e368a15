/** What the worker and its callers agree on. Workflow code imports `./workflow` instead, which has no zod in it. */
export * from './workflow.ts';
export { definitionDigest } from './digest.ts';
export { groupRules, rulesSettings } from './rules-config.ts';
export { FAILURE_GUIDE, type FailureGuide } from './failure-guide.ts';
export { packDefinition, unpackDefinition } from './wire-definition.ts';
export { rosterJobInputSchema, rosterJobResultSchema } from './roster-job-schema.ts';
