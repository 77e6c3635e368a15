import type { GroupTarget } from '@scim-onboarding/scim-core/client';
import type { DefinitionRef } from '../workflows/activities.ts';
import type { ActivityDependencies } from './dependencies.ts';

/**
 * The target for look-ups of a run. In a roster they are answered from the roster's snapshot of the directory; what is written goes to the
 * target itself, whose 409 or version mismatch decides.
 */
export function targetOf(
  deps: ActivityDependencies,
  { roster }: DefinitionRef,
  signal?: AbortSignal,
): Promise<GroupTarget> {
  return roster === undefined ? deps.target.target(signal) : deps.snapshots.target(roster, signal);
}
