import { upsertMemo } from '@temporalio/workflow';
import {
  DIGEST_MEMO,
  memberCount,
  type ConflictPolicy,
  type OnboardGroupInput,
  type Resolution,
  type Step,
  type WireDefinition,
} from '@scim-onboarding/onboarding-contract/workflow';
import type { DefinitionRef, GroupRef, ValidatedGroup } from './activities.ts';
import type { Taken } from './blocking.ts';

/** What a run knows of its group, over all rounds. */
export interface RunState {
  readonly input: OnboardGroupInput;
  readonly policy: ConflictPolicy;
  /** What of the definition the workflow itself needs; activities read the rest by `ref`. */
  head: { readonly externalId: string; readonly displayName: string; readonly members: number };
  ref: DefinitionRef;
  /** The definition of `ref`, if it is small enough to go along with the validation. */
  small: WireDefinition | undefined;
  /** Counts the rounds from 1: each decision of a person begins a new one. */
  round: number;
  /** Group that a person chose to adopt. */
  chosen: string | undefined;
  allowRemovals: boolean;
  readonly skip: Set<Step>;
  /** The group that this run created; the only one that it may delete. */
  created: GroupRef | undefined;
  target: string | undefined;
  webhook: ValidatedGroup['webhook'];
}

export function beginRun(input: OnboardGroupInput): RunState {
  return {
    input,
    policy: input.conflictPolicy ?? 'adopt',
    head: headOf(input.definition),
    ref: input.roster === undefined ? {} : { roster: input.roster.id },
    small: ifSmall(input.definition),
    round: 1,
    chosen: undefined,
    allowRemovals: input.allowRemovals ?? false,
    skip: new Set(),
    created: undefined,
    target: undefined,
    webhook: undefined,
  };
}

/** Id of a step's activity in the present round. */
export function activityId(state: RunState, step: Step, suffix?: string): string {
  return [step, ...(suffix === undefined ? [] : [suffix]), ...(state.round === 1 ? [] : [String(state.round)])].join(
    '-',
  );
}

/** Takes a decision over; what is done next is a new round from the validation on. Every step finds what earlier ones did. */
export function applyResolution(state: RunState, { resolution, updateId }: Taken, step: Step): void {
  state.round += 1;
  if (resolution.action === 'adopt') state.chosen = resolution.groupId;
  if (resolution.action === 'skip') state.skip.add(step);
  if (resolution.action === 'retry') amend(state, resolution, updateId);
}

function amend(state: RunState, resolution: Resolution & { action: 'retry' }, updateId: string | undefined): void {
  state.allowRemovals ||= resolution.allowRemovals ?? false;
  if (resolution.definition === undefined) return;
  state.head = headOf(resolution.definition);
  state.small = ifSmall(resolution.definition);
  if (updateId !== undefined) state.ref = { ...state.ref, updateId };
  // A service that starts with the amended definition joins this run.
  if (resolution.digest !== undefined) upsertMemo({ [DIGEST_MEMO]: resolution.digest });
}

/** Characters of JSON up to which a definition is written into the history a second time: it costs less than reading it from there. */
const SMALL = 4_096;

function ifSmall(definition: WireDefinition): WireDefinition | undefined {
  return JSON.stringify(definition).length <= SMALL ? definition : undefined;
}

function headOf(definition: OnboardGroupInput['definition']): RunState['head'] {
  return { externalId: definition.externalId, displayName: definition.displayName, members: memberCount(definition) };
}
