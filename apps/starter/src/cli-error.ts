import {
  OnboardingBlockedError,
  OnboardingClientError,
  InvalidGroupDefinitionError,
  OnboardingFailedError,
} from '@scim-onboarding/onboarding-client';
import type { BlockedReport } from '@scim-onboarding/onboarding-contract';
import { commandLines, resolveCommands } from './blocked.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { indented } from './indent.ts';

/** The `error` of the JSON that a failed command prints. */
export interface ErrorReport {
  readonly type: string;
  readonly message: string;
  readonly hint: string;
  /** Problems of the definition, with their JSON paths. */
  readonly issues?: readonly { readonly path: string; readonly code: string; readonly message: string }[];
  readonly workflowId?: string;
  readonly runId?: string;
  readonly details?: unknown;
  /** Why the run waits for a person. */
  readonly blocked?: BlockedReport;
  /** Commands that decide about it. */
  readonly commands?: readonly { readonly command: string; readonly does: string }[];
}

/** An error with everything that the command needs to end by. */
export class CliError extends Error {
  readonly exitCode: ExitCode;
  readonly report: ErrorReport;

  constructor(exitCode: ExitCode, report: ErrorReport, options?: ErrorOptions) {
    super(report.message, options);
    this.name = 'CliError';
    this.exitCode = exitCode;
    this.report = report;
  }
}

const CLIENT_EXITS: Readonly<Record<string, ExitCode>> = {
  InvalidGroupDefinition: EXIT.usage,
  InvalidArgument: EXIT.usage,
  DefinitionMismatch: EXIT.usage,
  OnboardingNotFound: EXIT.usage,
  NotBlocked: EXIT.usage,
  ResolutionRefused: EXIT.usage,
  PayloadUnreadable: EXIT.usage,
  ScheduleNotFound: EXIT.usage,
  ScheduleExists: EXIT.usage,
  RosterRuns: EXIT.usage,
  RosterTellsHris: EXIT.usage,
  TemporalUnavailable: EXIT.unreachable,
  DeadlineExceeded: EXIT.deadline,
};

/** Exits for the errors of temporal-connection and payload-encryption, by their names. */
const CONNECTION_EXITS: Readonly<Record<string, ExitCode>> = {
  EncryptionConfigError: EXIT.usage,
  TracingConfigError: EXIT.usage,
  TemporalConfigError: EXIT.usage,
  TemporalUnreachableError: EXIT.unreachable,
  TemporalAccessDeniedError: EXIT.failed,
  DeploymentNotFoundError: EXIT.failed,
  SearchAttributeTypeError: EXIT.failed,
  SearchAttributesRefusedError: EXIT.failed,
  SearchAttributesNotListedError: EXIT.failed,
};

/** Maps anything that was thrown to what the command says and how it ends. */
export function toCliError(error: unknown): CliError {
  if (error instanceof CliError) return error;
  if (error instanceof OnboardingClientError) return fromClientError(error);
  const known = error instanceof Error ? CONNECTION_EXITS[error.name] : undefined;
  if (error instanceof Error && known !== undefined) {
    // Their messages say what to do themselves.
    const [message, hint] = splitHint(error.message);
    return new CliError(known, { type: error.name.replace(/Error$/u, ''), message, hint }, { cause: error });
  }
  const message = error instanceof Error ? error.message : String(error);
  const hint = 'This was not foreseen. Report it with the lines above and the command that was run.';
  return new CliError(EXIT.failed, { type: 'Unforeseen', message, hint }, { cause: error });
}

/** The lines that a person reads. */
export function errorLines({ type, message, hint, issues = [], commands = [] }: ErrorReport): string[] {
  const problems = issues.map((issue) => `    ${issue.path}: ${issue.message} (${issue.code})`);
  return [`✗ ${type}: ${indented(message, 4)}`, ...problems, `  → ${hint}`, ...commandLines(commands)];
}

function fromClientError(error: OnboardingClientError): CliError {
  const { type, hint } = error;
  const ids = 'workflowId' in error && typeof error.workflowId === 'string' ? { workflowId: error.workflowId } : {};
  const run = 'runId' in error && typeof error.runId === 'string' ? { runId: error.runId } : {};
  if (error instanceof InvalidGroupDefinitionError) {
    const message = error.message.split('\n', 1)[0] ?? error.message;
    return new CliError(EXIT.usage, { type, message, hint, issues: error.issues }, { cause: error });
  }
  if (error instanceof OnboardingBlockedError) {
    const { blocked, workflowId, message } = error;
    const commands = resolveCommands(workflowId, blocked);
    return new CliError(EXIT.failed, { type, message, hint, ...ids, ...run, blocked, commands }, { cause: error });
  }
  if (!(error instanceof OnboardingFailedError)) {
    const exitCode = CLIENT_EXITS[type] ?? EXIT.failed;
    return new CliError(exitCode, { type, message: error.message, hint, ...ids, ...run }, { cause: error });
  }
  const { details, message } = error;
  const issues = details?.issues === undefined ? {} : { issues: details.issues };
  const report = { type, message, hint, ...issues, ...ids, ...run, ...(details !== undefined && { details }) };
  return new CliError(EXIT.failed, report, { cause: error });
}

function splitHint(text: string): [message: string, hint: string] {
  const end = text.indexOf('. ');
  return end === -1
    ? [text, 'Correct what the message names and run the command again.']
    : [text.slice(0, end + 1), text.slice(end + 2)];
}
