import type { GroupTarget } from '@scim-onboarding/scim-core/client';
import type { DefinitionRef } from '../workflows/activities.ts';
import type { ActivityDependencies } from './dependencies.ts';

/**
 * The target for look-ups of a run. In a roster they are answered from the roster's snapshot of the directory; what is written goes to the
 * target itself, whose 409 or version mismatch decides.
 */
export function targetOf(deps: ActivityDependencies, ref: DefinitionRef, signal?: AbortSignal): Promise<GroupTarget> {
  return ref.roster === undefined ? targetItself(deps, ref, signal) : deps.snapshots.target(ref.roster, signal);
}

/** The target without a snapshot. Somebody waits for a run of its own: a roster must not use up the rate limit before it. */
export function targetItself(
  deps: ActivityDependencies,
  { roster }: Pick<DefinitionRef, 'roster'>,
  signal?: AbortSignal,
): Promise<GroupTarget> {
  return deps.target.target(signal, { urgent: roster === undefined });
}
