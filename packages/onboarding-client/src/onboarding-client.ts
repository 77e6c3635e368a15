import { DEFAULT_TENANT, type OnboardGroupResult } from '@scim-onboarding/onboarding-contract';
import { DEFAULT_RULES, type GroupRules } from '@scim-onboarding/scim-core';
import type { Client } from '@temporalio/client';
import { createCalls } from './calls.ts';
import { cancelOnboarding, type CancelOptions } from './cancel.ts';
import { readHistory, type HistoryOptions, type OnboardingHistory } from './history.ts';
import { countRuns, listRuns, type ListOptions, type OnboardingSummary } from './list.ts';
import { resetRun, type ResetOptions, type ResetRun } from './reset.ts';
import { resolveRun, type ResolutionRequest, type ResolvedOnboarding, type ResolveOptions } from './resolve.ts';
import { waitForResult, type ResultOptions } from './result.ts';
import { startOnboarding, type StartedOnboarding, type StartOptions } from './start.ts';
import { readStatus, type OnboardingStatus, type StatusOptions } from './status.ts';
import { pauseSteps, resumeSteps, retryStepsNow, type StepOptions, type StepsChanged } from './step-control.ts';
import { readStory, type OnboardingStory } from './story.ts';
import { resolveWorkflowId } from './workflow-ids.ts';
import type { OnboardingFilter } from './visibility-query.ts';

export interface OnboardingClientOptions {
  /** A connected Temporal client. It stays the caller's: this package does not close its connection. */
  readonly client: Client;
  /** Milliseconds that one call to the server may take. Default 10 000. */
  readonly deadlineMs?: number;
  /** Rules that definitions are checked against before anything is sent; the same as the worker's. */
  readonly rules?: GroupRules;
  /** Tenant of calls that name none. Default `default`. */
  readonly tenant?: string;
}

/** Starts and follows onboardings. All methods throw subclasses of `OnboardingClientError`. */
export interface OnboardingClient {
  /**
   * Starts the onboarding of a group, or joins the open run of the same group and definition.
   *
   * @param definition a `GroupDefinition`, or any value, which is parsed as one
   * @throws InvalidGroupDefinitionError, InvalidArgumentError before anything is sent
   * @throws DefinitionMismatchError if a run with another definition or conflict policy is open
   * @throws TemporalUnavailableError, TemporalRefusedError
   */
  start(definition: unknown, options?: StartOptions): Promise<StartedOnboarding>;
  /**
   * Waits for a result. Without `runId` it is the newest run's.
   *
   * @throws OnboardingFailedError, DeadlineExceededError, OnboardingNotFoundError, TemporalUnavailableError
   * @throws OnboardingBlockedError if `whenBlocked` is `throw` and the run waits for a person
   */
  result(
    workflowIdOrExternalId: string,
    options?: ResultOptions & { readonly runId?: string; readonly tenant?: string },
  ): Promise<OnboardGroupResult>;
  /**
   * Reads where a run is.
   *
   * @throws OnboardingNotFoundError, TemporalUnavailableError, TemporalRefusedError
   */
  status(workflowIdOrExternalId: string, options?: StatusOptions): Promise<OnboardingStatus>;
  /**
   * Asks an open run to end. The run ends on its own after what it has begun; wait with {@link OnboardingClient.result}.
   *
   * @throws OnboardingNotFoundError if there is no open run
   */
  cancel(workflowIdOrExternalId: string, options?: CancelOptions): Promise<void>;
  /**
   * Decides about a blocked run.
   *
   * @throws NotBlockedError, ResolutionRefusedError if the run does not take the decision
   * @throws InvalidGroupDefinitionError, InvalidArgumentError before anything is sent
   * @throws OnboardingNotFoundError, TemporalUnavailableError (also if no worker answers), TemporalRefusedError
   */
  resolve(
    workflowIdOrExternalId: string,
    resolution: ResolutionRequest,
    options?: ResolveOptions,
  ): Promise<ResolvedOnboarding>;
  /**
   * Lists runs: the open ones first, then those that ended last. Without `tenant` those of all tenants.
   *
   * @throws InvalidArgumentError, TemporalUnavailableError, TemporalRefusedError
   */
  list(options?: ListOptions): AsyncIterable<OnboardingSummary>;
  /** Counts runs. Without `tenant` those of all tenants. */
  count(options?: OnboardingFilter & { readonly deadlineMs?: number }): Promise<number>;
  /** Reads the history of a run as protobuf JSON, for a replay or for an archive. */
  history(workflowIdOrExternalId: string, options?: HistoryOptions): Promise<OnboardingHistory>;
  /** Reads what happened in a run out of its history: steps with attempts and failures, decisions, resets. Needs no worker. */
  story(workflowIdOrExternalId: string, options?: Omit<HistoryOptions, 'redact'>): Promise<OnboardingStory>;
  /**
   * Makes the next attempt of a step begin now.
   *
   * @throws InvalidArgumentError if no step waits for its next attempt
   */
  retryNow(workflowIdOrExternalId: string, options?: StepOptions): Promise<StepsChanged>;
  /**
   * Keeps the pending steps from beginning another attempt until `resume`. An attempt that is at work ends as usual.
   *
   * @param reason shown in the Temporal UI
   * @throws InvalidArgumentError if no step is pending
   */
  pause(workflowIdOrExternalId: string, reason: string, options?: StepOptions): Promise<StepsChanged>;
  /**
   * Lets paused steps go on, at once.
   *
   * @throws InvalidArgumentError if no step is paused
   */
  resume(workflowIdOrExternalId: string, options?: StepOptions): Promise<StepsChanged>;
  /**
   * Starts a run again from a step on. Works for open and for ended runs; an open one is terminated. Decisions after that point are
   * not applied again.
   *
   * @throws InvalidArgumentError if the history has no such step, or if there is a newer run
   */
  reset(workflowIdOrExternalId: string, options: ResetOptions): Promise<ResetRun>;
}

/** Makes an {@link OnboardingClient} on a Temporal client. */
export function createOnboardingClient(options: OnboardingClientOptions): OnboardingClient {
  const calls = createCalls(options.client, options.deadlineMs ?? 10_000);
  const defaults = { tenant: options.tenant ?? DEFAULT_TENANT, rules: options.rules ?? DEFAULT_RULES };
  const idOf = (id: string, tenant: string | undefined): string => resolveWorkflowId(id, tenant ?? defaults.tenant);
  return {
    start: async (definition, startOptions = {}) =>
      startOnboarding(calls, definition, { ...defaults, ...startOptions }),
    result: async (id, { tenant, ...resultOptions } = {}) => waitForResult(calls, idOf(id, tenant), resultOptions),
    status: async (id, { tenant, ...statusOptions } = {}) => readStatus(calls, idOf(id, tenant), statusOptions),
    cancel: async (id, { tenant, ...cancelOptions } = {}) =>
      cancelOnboarding(calls, idOf(id, tenant), { ...cancelOptions, rules: defaults.rules }),
    resolve: async (id, resolution, { tenant, ...resolveOptions } = {}) =>
      resolveRun(calls, idOf(id, tenant), resolution, { ...resolveOptions, rules: defaults.rules }),
    list: (listOptions = {}) => listRuns(calls, listOptions),
    count: async (countOptions = {}) => countRuns(calls, countOptions),
    history: async (id, { tenant, ...rest } = {}) => readHistory(calls, idOf(id, tenant), rest),
    story: async (id, { tenant, ...rest } = {}) => readStory(calls, idOf(id, tenant), rest),
    retryNow: async (id, { tenant, ...rest } = {}) => retryStepsNow(calls, idOf(id, tenant), rest),
    pause: async (id, reason, { tenant, ...rest } = {}) => pauseSteps(calls, idOf(id, tenant), reason, rest),
    resume: async (id, { tenant, ...rest } = {}) => resumeSteps(calls, idOf(id, tenant), rest),
    reset: async (id, { tenant, ...rest }) => resetRun(calls, idOf(id, tenant), rest),
  };
}
