import { isActive, type GroupSummary } from './group-summary.ts';

/** What the estimate needs to know of a target. */
export interface EstimateTarget {
  /** Members that a create request takes. */
  readonly membersOnCreate: number;
  /** Members that a later request adds or removes. */
  readonly membersPerRequest: number;
  /** False if the externalId has to be set by a request after the create request. */
  readonly externalIdOnCreate: boolean;
}

export interface Estimate {
  readonly requests: number;
  /** At the rate given, without the time that answers take. */
  readonly seconds: number;
}

/** Users that one request asks for. */
const USERS_PER_REQUEST = 100;

/**
 * Estimates what a plan costs. Groups that are unchanged, held or in conflict cost nothing: look-ups are answered by one read of the
 * directory, which is not counted, and a group is read back from the answer that made it.
 */
export function estimatePlan(input: {
  readonly groups: readonly Pick<GroupSummary, 'action' | 'add' | 'remove'>[];
  /** Users that are asked for: `PlannedRoster.users`. */
  readonly users: number;
  readonly target: EstimateTarget;
  readonly requestsPerMinute: number;
}): Estimate {
  const { groups, users, target, requestsPerMinute } = input;
  const writes = groups.filter(isActive).reduce((sum, group) => sum + writesOf(group, target), 0);
  const requests = writes + Math.ceil(users / USERS_PER_REQUEST);
  return { requests, seconds: Math.ceil((requests / requestsPerMinute) * 60) };
}

function writesOf(
  { action, add, remove }: Pick<GroupSummary, 'action' | 'add' | 'remove'>,
  target: EstimateTarget,
): number {
  const chunks = (members: number): number => Math.ceil(Math.max(0, members) / target.membersPerRequest);
  // A rename or an externalId alone is one request too.
  if (action !== 'create') return Math.max(1, chunks(add) + chunks(remove));
  const later = chunks(add - target.membersOnCreate);
  return 1 + (target.externalIdOnCreate ? later : Math.max(1, later));
}
