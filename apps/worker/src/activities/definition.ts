import { activityInfo } from '@temporalio/activity';
import type { ApplicationFailure } from '@temporalio/common';
import { FAILURE_TYPES, type WireDefinition } from '@scim-onboarding/onboarding-contract/workflow';
import { formatIssues, type GroupDefinition, type ValidationIssue } from '@scim-onboarding/scim-core';
import type { DefinitionRef } from '../workflows/activities.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { typedFailure } from './to-failure.ts';

/**
 * The definition that the running activity works on. It is parsed by the worker's own rules: a caller need not be our client.
 *
 * @param given the definition, where it came along with the activity
 * @throws {ApplicationFailure} `ValidationFailed`
 */
export async function definitionOf(
  deps: ActivityDependencies,
  ref: DefinitionRef,
  given?: WireDefinition,
): Promise<GroupDefinition> {
  const { workflowExecution } = activityInfo();
  if (workflowExecution === undefined) throw new Error('This activity belongs to a workflow.');
  const parsed = await deps.definitions.load(workflowExecution, ref, given);
  if (!parsed.ok) throw invalid(parsed.issues);
  return parsed.definition;
}

/** Every problem at once; nothing was written. */
export function invalid(issues: readonly ValidationIssue[]): ApplicationFailure {
  return typedFailure(
    FAILURE_TYPES.validationFailed,
    `${issues.length} problem${issues.length === 1 ? '' : 's'} in the definition; nothing was written.\n${formatIssues(issues)}`,
    'Correct the definition (each problem names its JSON path), then try again with it.',
    { details: { issues } },
  );
}
