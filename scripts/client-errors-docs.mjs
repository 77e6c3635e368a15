// Error types that are no failure types of a run: of the client package, of the connection, and of the command.
import { EXIT } from '../apps/starter/dist/exit-codes.js';
import { table } from './settings-docs.mjs';

export const CLIENT_ERRORS_HEADING = 'Types of the client and the command';

/** `[type, exit code of onboard, meaning, what to do]`. */
export const CLIENT_ERRORS = [
  [
    'InvalidGroupDefinition',
    EXIT.usage,
    'The definition breaks a rule. Nothing was sent.',
    'Correct the values at the JSON paths that it lists.',
  ],
  ['InvalidArgument', EXIT.usage, 'An argument beside the definition is not valid, such as the tenant.', 'Correct it.'],
  [
    'DefinitionMismatch',
    EXIT.usage,
    'A run of this group is open and was started with another definition or conflict policy. Nothing was changed.',
    'Wait until it has ended, or cancel it; then start again. A blocked run takes a corrected definition by `onboard resolve`.',
  ],
  [
    'OnboardingBlocked',
    EXIT.failed,
    'The run waits for a person (`start --wait`). It is open; its report names step, failure type and commands.',
    'Remove the cause, then `onboard resolve`.',
  ],
  [
    'NotBlocked',
    EXIT.usage,
    'A decision came to a run that is not blocked, or is blocked for another reason by now. Nothing was changed.',
    'Look at the run: `onboard show`.',
  ],
  [
    'ResolutionRefused',
    EXIT.usage,
    'The run does not take this decision at the step where it is blocked. Nothing was changed.',
    'Take one that `onboard show` lists.',
  ],
  [
    'OnboardingNotFound',
    EXIT.usage,
    'The namespace has no such run, or it has ended already.',
    'Check externalId, tenant and namespace.',
  ],
  [
    'ScheduleNotFound',
    EXIT.usage,
    'There is no such schedule, or it was not made by `onboard schedule create`. Nothing was changed.',
    'List them: `onboard schedule list`.',
  ],
  [
    'ScheduleExists',
    EXIT.usage,
    'The id is taken by a schedule of another content. Nothing was changed.',
    'Choose another id, or `onboard schedule delete` first.',
  ],
  [
    'DeadlineExceeded',
    EXIT.deadline,
    'The deadline of the caller passed. The run goes on.',
    'Follow it with `onboard status`, or wait longer.',
  ],
  [
    'InvalidRoster',
    EXIT.usage,
    'Rows of the roster cannot be used; each is named with its column. Nothing was sent.',
    'Correct them, or name the columns with `--map`.',
  ],
  [
    'InvalidPlan',
    EXIT.usage,
    'The plan cannot be read, is of another version, or was changed after it was made; the place is named. Nothing was started.',
    'Make it again: `onboard plan`.',
  ],
  [
    'RosterChanged',
    EXIT.usage,
    'The roster is not the file that was planned, or its groups are other ones. Nothing was started.',
    'Apply with the `--format` and `--map` of the plan, or make the plan again.',
  ],
  [
    'RosterIncomplete',
    EXIT.failed,
    'The file of the roster was changed while it was handed over. Some groups may be under way, the others do not come.',
    'See which: `onboard roster watch`. Then apply the file as it is now.',
  ],
  [
    'NotApproved',
    EXIT.usage,
    'The approval is for other removals than those of the plan.',
    'Look at the plan again and approve that.',
  ],
  [
    'RosterRuns',
    EXIT.usage,
    'The roster is open, so its groups cannot be tried again. Nothing was started.',
    'Wait for its end, or `onboard roster cancel`.',
  ],
  [
    'RosterTellsHris',
    EXIT.usage,
    'All groups of the roster are settled, but the HRIS has not taken the summary yet. Nothing was started.',
    'Wait for the HRIS, or give the delivery up: `onboard roster cancel`.',
  ],
  [
    'RosterEnded',
    EXIT.failed,
    'The workflow of a roster that was watched was ended by hand before its groups were settled.',
    '`onboard roster show`, then `onboard roster retry`.',
  ],
  ['Cancelled', EXIT.failed, 'The run was cancelled.', 'Start it again if the group is still wanted.'],
  [
    'Terminated',
    EXIT.failed,
    'The run was terminated. It left no audit record.',
    'Start it again if the group is still wanted.',
  ],
  [
    'TimedOut',
    EXIT.failed,
    'The run reached the execution timeout that its caller set.',
    'Look at what it waited for, remove the reason, start it again.',
  ],
  ['Unknown', EXIT.failed, 'The run failed without a type.', 'Look at the last events of the run in the Temporal UI.'],
  [
    'UnreadableResult',
    EXIT.failed,
    'The result of the run is not one that this client can read.',
    'Use versions of worker and client that belong together.',
  ],
  [
    'PayloadUnreadable',
    EXIT.usage,
    'What Temporal stores of the run is encrypted, and this process has not the key.',
    'Set PAYLOAD_ENCRYPTION_KEYS or PAYLOAD_ENCRYPTION_KEYS_FILE to the keys of the workers.',
  ],
  [
    'TemporalUnavailable',
    EXIT.unreachable,
    'A call did not get through to Temporal, or was not answered in time.',
    'Check TEMPORAL_ADDRESS and that the server is up; the call may be made again.',
  ],
  ['NamespaceNotFound', EXIT.failed, 'Temporal has no such namespace.', 'Create it, or correct TEMPORAL_NAMESPACE.'],
  [
    'SearchAttributesMissing',
    EXIT.failed,
    'The search attributes are not registered in the namespace.',
    'Run `onboard setup`.',
  ],
  [
    'PermissionDenied',
    EXIT.failed,
    'Temporal refused the call for lack of permission.',
    'Check TEMPORAL_API_KEY or the client certificate, and its permissions.',
  ],
  [
    'RequestRefused',
    EXIT.failed,
    'From the client: Temporal refused the call. A run that fails with this type was refused by the target, see above.',
    'Correct what the message names.',
  ],
  [
    'EncryptionConfig',
    EXIT.usage,
    'The PAYLOAD_ENCRYPTION_* settings cannot be used.',
    'Correct what the message names.',
  ],
  [
    'TracingConfig',
    EXIT.usage,
    'The OTEL_* settings cannot be used.',
    'Correct what the message names, or set OTEL_SDK_DISABLED=true.',
  ],
  [
    'TemporalConfig',
    EXIT.usage,
    'The TEMPORAL_* settings or the profile cannot be used.',
    'Correct what the message names.',
  ],
  [
    'TemporalUnreachable',
    EXIT.unreachable,
    'No Temporal server answers at the address.',
    'Start one, or correct TEMPORAL_ADDRESS, TEMPORAL_TLS or TEMPORAL_API_KEY.',
  ],
  [
    'TemporalAccessDenied',
    EXIT.failed,
    'The Temporal server refuses the credentials.',
    'Check TEMPORAL_API_KEY, TEMPORAL_NAMESPACE and TEMPORAL_TLS_CLIENT_*.',
  ],
  [
    'SearchAttributeType',
    EXIT.failed,
    'A search attribute exists with another type.',
    'Remove it from the namespace, or use another namespace.',
  ],
  [
    'SearchAttributesRefused',
    EXIT.failed,
    'The server does not let this client create search attributes, as Temporal Cloud does not.',
    'Create those that the message lists by other means.',
  ],
  [
    'SearchAttributesNotListed',
    EXIT.failed,
    'Search attributes were created and did not show up in time.',
    'Run `onboard setup` again.',
  ],
  [
    'DeploymentNotFound',
    EXIT.failed,
    'Temporal knows no worker of this deployment or build.',
    'Start a worker with WORKER_DEPLOYMENT_NAME and WORKER_BUILD_ID set to it, and wait until it polls.',
  ],
  [
    'StillRouted',
    EXIT.usage,
    'The build that is to be drained still gets new runs.',
    'Promote another build: `onboard deploy promote`.',
  ],
  [
    'NotDrained',
    EXIT.deadline,
    'The build still had open runs when `onboard deploy drain` stopped waiting (130 after Ctrl-C).',
    'Keep its workers, and wait longer.',
  ],
  [
    'InvalidSettings',
    EXIT.usage,
    'A setting of the command is not valid, or `.env` cannot be read.',
    'Correct the variable, or its line in `.env`.',
  ],
  ['Usage', EXIT.usage, 'The command was called in a way that it does not know.', 'See `onboard --help`.'],
  [
    'NotConfirmed',
    EXIT.usage,
    'A command with `--where` was not confirmed. Nothing was changed.',
    'Look at the runs with `--dry-run`, then add `--yes`.',
  ],
  [
    'UnwritableOutput',
    EXIT.usage,
    'The file of `history --out` cannot be written.',
    'Name a file in a folder that can be written to.',
  ],
  ['UnreadableInput', EXIT.usage, 'The file cannot be read.', 'Name a file that can be read, or `-` for stdin.'],
  ['EmptyInput', EXIT.usage, 'The file or stdin is empty.', 'Hand over a group definition as JSON.'],
  ['InputTooLarge', EXIT.usage, 'The file is larger than 16 MiB.', 'Split the group.'],
  ['InvalidEncoding', EXIT.usage, 'The file is not UTF-8.', 'Save it as UTF-8.'],
  ['InvalidJson', EXIT.usage, 'The file is not JSON; line and column are named.', 'Correct the text there.'],
  [
    'Interrupted',
    EXIT.interrupted,
    'Ctrl-C ended the waiting, and the run goes on; or the planning, and nothing was started.',
    'Follow the run with `onboard status`.',
  ],
  ['Unforeseen', EXIT.failed, 'An error that the command does not know.', 'Report it with its lines and the command.'],
];

/** The section of `docs/errors.md`. */
export function clientErrorsSection() {
  return [
    `## ${CLIENT_ERRORS_HEADING}`,
    '',
    'Errors that end a call of the client or the command, not a step of a run. The code is the exit code of `onboard`.',
    '',
    ...table(
      ['Type', 'Code', 'Means', 'Do'],
      CLIENT_ERRORS.map(([type, code, means, action]) => [type, String(code), means, action]),
    ),
    '',
  ].join('\n');
}
