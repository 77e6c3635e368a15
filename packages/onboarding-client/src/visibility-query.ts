import { ONBOARD_GROUP_WORKFLOW, type Outcome, type Stage } from '@scim-onboarding/onboarding-contract';
import { InvalidArgumentError } from './errors.ts';

/** Which runs are asked for. What is given must all hold. */
export interface OnboardingFilter {
  /** Runs that wait for a person. */
  readonly blocked?: boolean;
  /** Runs that failed or reached their execution timeout. */
  readonly failed?: boolean;
  /** Open runs with which a worker has a problem, so that they get nowhere (`TemporalReportedProblems`). */
  readonly stuck?: boolean;
  readonly open?: boolean;
  readonly stage?: Stage;
  readonly outcome?: Outcome;
  readonly tenant?: string;
  readonly externalId?: string;
  /** Failure type for which they are blocked. */
  readonly blockedReason?: string;
  /** More conditions, in Temporal's query language: https://docs.temporal.io/list-filter */
  readonly query?: string;
}

const MAX_QUERY = 4_000;

/**
 * The visibility query of a filter. It holds for onboardings only, whatever `query` says.
 *
 * @throws InvalidArgumentError if `query` would change the meaning of what stands around it
 */
export function visibilityQuery(filter: OnboardingFilter): string {
  const { stage, outcome, tenant, externalId, blockedReason, query } = filter;
  return [
    `WorkflowType = ${quoted(ONBOARD_GROUP_WORKFLOW)}`,
    // The stage of a run that was terminated stays what it was.
    ...(filter.blocked === true ? [`OnboardingStage = 'blocked'`, OPEN] : []),
    ...(filter.failed === true ? [`ExecutionStatus IN ('Failed', 'TimedOut')`] : []),
    ...(filter.stuck === true ? ['TemporalReportedProblems IS NOT NULL', OPEN] : []),
    ...(filter.open === true ? [OPEN] : []),
    ...(stage === undefined ? [] : [`OnboardingStage = ${quoted(stage)}`]),
    ...(outcome === undefined ? [] : [`OnboardingOutcome = ${quoted(outcome)}`]),
    ...(tenant === undefined ? [] : [`OnboardingTenant = ${quoted(tenant)}`]),
    ...(externalId === undefined ? [] : [`GroupExternalId = ${quoted(externalId)}`]),
    ...(blockedReason === undefined ? [] : [`BlockedReason = ${quoted(blockedReason)}`]),
    ...(query === undefined ? [] : [`(${checkedQuery(query)})`]),
  ].join(' AND ');
}

const OPEN = `ExecutionStatus = 'Running'`;

/**
 * A string of the query language. A backslash escapes there, as in MySQL. (A server on SQLite, as the dev server is, finds no value
 * that holds a backslash or a double quote, however it is written.)
 */
export function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** Refuses what would end the parentheses that are put around it. */
function checkedQuery(query: string): string {
  const refuse = (why: string): InvalidArgumentError =>
    new InvalidArgumentError(
      `The query ${JSON.stringify(query.slice(0, 200))} ${why}.`,
      "Write a condition such as OnboardingTenant = 'acme' AND StartTime > '2026-01-01T00:00:00Z'.",
    );
  if (query.trim() === '') throw refuse('is empty');
  if (query.length > MAX_QUERY) throw refuse(`is longer than ${MAX_QUERY} characters`);
  let depth = 0;
  let quote: string | undefined;
  for (let at = 0; at < query.length; at += 1) {
    const char = query[at];
    if (quote !== undefined) {
      if (char === '\\') at += 1;
      else if (char === quote) quote = undefined;
    } else if (char === "'" || char === '"' || char === '`') quote = char;
    else if (char === '(') depth += 1;
    else if (char === ')') depth -= 1;
    else if (char === ';') throw refuse('holds a semicolon outside of a string');
    else if (query.startsWith('--', at) || query.startsWith('/*', at)) throw refuse('holds a comment');
    if (depth < 0) throw refuse('closes a parenthesis that it did not open');
  }
  if (quote !== undefined) throw refuse('has a string that does not end');
  if (depth > 0) throw refuse('has a parenthesis that does not end');
  if (/\border\s+by\b/iu.test(withoutStrings(query))) throw refuse('holds ORDER BY; the order is fixed');
  return query;
}

function withoutStrings(query: string): string {
  return query.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/gsu, "''");
}
