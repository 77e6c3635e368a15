/** Exports of an HRIS: read, planned against a target, reported. Nothing here opens a connection. */
export { readRoster } from './read-roster.ts';
export {
  ROSTER_FORMATS,
  type RosterFormat,
  type RosterGroup,
  type RosterItem,
  type RosterNotice,
  type RosterOptions,
  type RosterProblem,
  type RosterProblemCode,
} from './roster-item.ts';
export { COLUMN_FIELDS, parseColumnMap, type ColumnField, type ColumnMap } from './columns.ts';
export { digestedSource, type DigestedSource } from './digest.ts';
export { HOLDS, PLAN_ACTIONS, type Hold, type PlanAction, type PlannedGroup } from './planned-group.ts';
export {
  checkPlanState,
  planGroup,
  stateDigest,
  type FoundInTarget,
  type PlanGroupOptions,
  type PlanState,
} from './plan-group.ts';
export { DEFAULT_REMOVAL_LIMITS, holdRun, removalLimitsSchema, type RemovalLimits } from './removal-limits.ts';
export { refuseSharedNames } from './shared-names.ts';
export { approvalDigest, releaseHeld } from './approval.ts';
export {
  parsePlanDocument,
  PLAN_VERSION,
  planDigest,
  planDocument,
  planDocumentSchema,
  planTotals,
  type PlanDocument,
  type PlanTotals,
} from './plan-document.ts';
export { estimatePlan, type Estimate, type EstimateTarget } from './estimate.ts';
export { driftOf } from './drift.ts';
export { REPORT_OUTCOMES, reportTotals, type ReportedGroup, type ReportOutcome, type RosterReport } from './report.ts';
export { reportCsv, reportJson } from './report-text.ts';
export { reportHtml } from './report-html.ts';
