/** Exports of an HRIS: read, planned against a target, reported. Nothing here opens a connection. */
export { readRoster } from './read-roster.ts';
export {
  InvalidRosterError,
  openRoster,
  UnreadableRosterError,
  type OpenRosterOptions,
  type RosterReading,
} from './open-roster.ts';
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
export { digestedSource, fileDigest, type DigestedSource } from './digest.ts';
export { HOLDS, PLAN_ACTIONS, type Hold, type PlanAction, type PlannedGroup } from './planned-group.ts';
export { isActive, type GroupSummary } from './group-summary.ts';
export {
  checkPlanState,
  planGroup,
  stateDigest,
  type FoundInTarget,
  type PlanGroupOptions,
  type PlanState,
} from './plan-group.ts';
export { planRoster, type PlanRosterInput, type PlanRosterOptions } from './plan-roster.ts';
export type { PlannedRoster } from './planned-roster.ts';
export { changedSince, type PlanTarget } from './plan-target.ts';
export { activeGroups, activeSummaries, RosterChangedError, rosterStart, type ActiveGroup } from './active-groups.ts';
export { inOrder, selectedGroups, selectionOf, type Selection } from './selection.ts';
export { InvalidPlanError, isPlanFile, openPlan, planJson } from './plan-file.ts';
export { PLAN_VERSION, type PlanHeader, type PlanTotals } from './plan-header.ts';
export { DEFAULT_REMOVAL_LIMITS, holdRun, removalLimitsSchema, type RemovalLimits } from './removal-limits.ts';
export { refuseSharedNames } from './shared-names.ts';
export { releaseHeld } from './approval.ts';
export { estimatePlan, type Estimate, type EstimateTarget } from './estimate.ts';
export { driftOf } from './drift.ts';
export { REPORT_OUTCOMES, reportTotals, type ReportedGroup, type ReportOutcome, type RosterReport } from './report.ts';
export { reportCsv, reportJson } from './report-text.ts';
export { reportHtml } from './report-html.ts';
