import { DEFAULT_TENANT, type OnboardGroupResult } from '@scim-onboarding/onboarding-contract';
import { DEFAULT_RULES, type GroupRules } from '@scim-onboarding/scim-core';
import type { Client } from '@temporalio/client';
import { createCalls } from './calls.ts';
import { cancelOnboarding, type CancelOptions } from './cancel.ts';
import { waitForResult, type ResultOptions } from './result.ts';
import { startOnboarding, type StartedOnboarding, type StartOptions } from './start.ts';
import { readStatus, type OnboardingStatus, type StatusOptions } from './status.ts';
import { resolveWorkflowId } from './workflow-ids.ts';

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
   * @throws DefinitionMismatchError if a run with another definition is open
   * @throws TemporalUnavailableError, TemporalRefusedError
   */
  start(definition: unknown, options?: StartOptions): Promise<StartedOnboarding>;
  /**
   * Waits for a result. Without `runId` it is the newest run's.
   *
   * @throws OnboardingFailedError, DeadlineExceededError, OnboardingNotFoundError, TemporalUnavailableError
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
    cancel: async (id, { tenant, ...cancelOptions } = {}) => cancelOnboarding(calls, idOf(id, tenant), cancelOptions),
  };
}
