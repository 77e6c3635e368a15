import type { BlockedReport, FailureDetails, FailureType } from '@scim-onboarding/onboarding-contract';
import { formatIssues, type ValidationIssue } from '@scim-onboarding/scim-core';

/** What every error of this package has: a stable `type`, a message that says what happened, and a hint what to do. */
export abstract class OnboardingClientError extends Error {
  /** Stable name of the kind of error. */
  abstract readonly type: string;
  /** What a person should do next. */
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.hint = hint;
  }
}

/** The definition is not valid. Nothing was sent. */
export class InvalidGroupDefinitionError extends OnboardingClientError {
  readonly type = 'InvalidGroupDefinition';
  readonly issues: readonly ValidationIssue[];

  constructor(issues: readonly ValidationIssue[]) {
    super(
      `The group definition is not valid:\n${formatIssues(issues)}`,
      'Correct the values at these paths and start again. Nothing was sent.',
    );
    this.issues = issues;
  }
}

/** An argument other than the definition is not valid, for example the tenant. Nothing was sent. */
export class InvalidArgumentError extends OnboardingClientError {
  readonly type = 'InvalidArgument';
}

/** A run for the same group is open, and it was started with another definition or another conflict policy. */
export class DefinitionMismatchError extends OnboardingClientError {
  readonly type = 'DefinitionMismatch';
  readonly workflowId: string;
  readonly runId: string;

  /** @param difference what the open run was started with, for the message */
  constructor(workflowId: string, runId: string, difference = 'another definition of this group') {
    super(
      `Workflow ${workflowId} is open (run ${runId}) and was started with ${difference}. Nothing was changed.`,
      'Wait until that run has ended, or cancel it; then start again. A blocked run takes a corrected definition with `onboard resolve`.',
    );
    this.workflowId = workflowId;
    this.runId = runId;
  }
}

/** Facts about a run that did not succeed. */
export interface OnboardingFailure {
  /** A failure type of the contract, or `Cancelled`, `Terminated`, `TimedOut`, or the type of an unforeseen error. */
  readonly type: FailureType | (string & {});
  readonly message: string;
  readonly hint: string;
  readonly details?: FailureDetails;
  readonly cancelled: boolean;
}

/** The run ended without a group to show. */
export class OnboardingFailedError extends OnboardingClientError {
  readonly type: FailureType | (string & {});
  readonly details?: FailureDetails;
  readonly workflowId: string;
  readonly runId: string;
  /** True if somebody cancelled the run. */
  readonly cancelled: boolean;

  constructor(failure: OnboardingFailure, workflowId: string, runId: string, options?: ErrorOptions) {
    super(failure.message, failure.hint, options);
    this.type = failure.type;
    if (failure.details !== undefined) this.details = failure.details;
    this.workflowId = workflowId;
    this.runId = runId;
    this.cancelled = failure.cancelled;
  }
}

/** The run waits for a person; thrown by `result` if it is asked to. The run goes on waiting. */
export class OnboardingBlockedError extends OnboardingClientError {
  readonly type = 'OnboardingBlocked';
  readonly workflowId: string;
  readonly runId: string;
  readonly blocked: BlockedReport;

  constructor(workflowId: string, runId: string, blocked: BlockedReport) {
    super(
      `Workflow ${workflowId} waits for a person at ${blocked.step} (${blocked.type}): ${blocked.message}`,
      blocked.hint ?? 'Remove the cause, then decide about the run with `onboard resolve`.',
    );
    this.workflowId = workflowId;
    this.runId = runId;
    this.blocked = blocked;
  }
}

/** A decision came to a run that is not blocked, or is blocked for another reason by now. Nothing was changed. */
export class NotBlockedError extends OnboardingClientError {
  readonly type = 'NotBlocked';
  readonly workflowId: string;

  constructor(workflowId: string, message: string, options?: ErrorOptions) {
    super(message, `Look at the run before you decide: \`onboard show ${workflowId}\`.`, options);
    this.workflowId = workflowId;
  }
}

/** The run does not allow this decision at the step where it is blocked. Nothing was changed. */
export class ResolutionRefusedError extends OnboardingClientError {
  readonly type = 'ResolutionRefused';
  readonly workflowId: string;

  constructor(workflowId: string, message: string, hint: string, options?: ErrorOptions) {
    super(message, hint, options);
    this.workflowId = workflowId;
  }
}

/** The deadline of a call passed while the run went on. */
export class DeadlineExceededError extends OnboardingClientError {
  readonly type = 'DeadlineExceeded';
  readonly workflowId: string;

  constructor(workflowId: string, deadlineMs: number, options?: ErrorOptions) {
    super(
      `Workflow ${workflowId} had not ended after ${deadlineMs} ms. The run goes on.`,
      `Follow it with \`onboard status ${workflowId}\` or in the Temporal UI, or wait with a longer deadline.`,
      options,
    );
    this.workflowId = workflowId;
  }
}

/** There is no such run. */
export class OnboardingNotFoundError extends OnboardingClientError {
  readonly type = 'OnboardingNotFound';
  readonly workflowId: string;

  constructor(workflowId: string, namespace: string, message?: string, options?: ErrorOptions) {
    super(
      message ?? `There is no workflow ${workflowId} in the namespace ${namespace}.`,
      message === undefined
        ? 'Check the externalId, the tenant and the namespace. Closed runs are removed when the retention of the namespace has passed.'
        : 'Look at how it ended: onboard show. A new start of the same definition finds what the run did.',
      options,
    );
    this.workflowId = workflowId;
  }
}

/** Temporal could not be reached, or did not answer in time. */
export class TemporalUnavailableError extends OnboardingClientError {
  readonly type = 'TemporalUnavailable';
}

/** Temporal answered and refused, for example because of a missing search attribute or permission. */
export class TemporalRefusedError extends OnboardingClientError {
  readonly type: 'NamespaceNotFound' | 'SearchAttributesMissing' | 'PermissionDenied' | 'RequestRefused';

  constructor(type: TemporalRefusedError['type'], message: string, hint: string, options?: ErrorOptions) {
    super(message, hint, options);
    this.type = type;
  }
}

/** The run succeeded, and its result is not one that this version of the client can read. */
export class UnreadableResultError extends OnboardingClientError {
  readonly type = 'UnreadableResult';

  constructor(workflowId: string, problems: string) {
    super(
      `Workflow ${workflowId} succeeded, and its result is not one that this client can read: ${problems}`,
      'Use versions of worker and client that belong together.',
    );
  }
}

/** What Temporal stores of a run is encrypted, and this client has not the key. */
export class PayloadUnreadableError extends OnboardingClientError {
  readonly type = 'PayloadUnreadable';
  readonly workflowId: string;

  /** @param subject what cannot be read, where that is no workflow */
  constructor(workflowId: string, reason: string, options?: ErrorOptions, subject = `workflow ${workflowId}`) {
    super(
      `What Temporal stores of ${subject} cannot be decrypted: ${reason}`,
      'Set PAYLOAD_ENCRYPTION_KEYS or PAYLOAD_ENCRYPTION_KEYS_FILE to the keys of the workers.',
      options,
    );
    this.workflowId = workflowId;
  }
}

/** There is no such schedule, or it is one of another program. Nothing was changed. */
export class ScheduleNotFoundError extends OnboardingClientError {
  readonly type = 'ScheduleNotFound';
  readonly schedule: string;

  constructor(schedule: string, message: string, options?: ErrorOptions) {
    super(message, 'List the schedules: `onboard schedule list`.', options);
    this.schedule = schedule;
  }
}

/** A schedule with this id is there, and it does something else. Nothing was changed. */
export class ScheduleExistsError extends OnboardingClientError {
  readonly type = 'ScheduleExists';
  readonly schedule: string;

  constructor(schedule: string, difference: string) {
    super(
      `The schedule ${schedule} exists already, with ${difference}. Nothing was changed.`,
      `Choose another id, or remove it first: \`onboard schedule delete ${schedule}\`.`,
    );
    this.schedule = schedule;
  }
}
