import { FAILURE_TYPES, type FailureType } from './failure-types.ts';

/** What a failure type means, for people. `docs/errors.md` is made of it. */
export interface FailureGuide {
  readonly means: string;
  /** `final` ends the run; `retried` is tried again by the step's policy, and ends the run only when that is used up. */
  readonly kind: 'final' | 'retried';
  readonly action: string;
}

const final = (means: string, action: string): FailureGuide => ({ means, kind: 'final', action });
const retried = (means: string, action: string): FailureGuide => ({ means, kind: 'retried', action });

/** One entry for every failure type; a type without one does not compile. */
export const FAILURE_GUIDE: Readonly<Record<FailureType, FailureGuide>> = {
  [FAILURE_TYPES.validationFailed]: final(
    'The definition breaks a rule, or does not fit the directory. The message lists every problem with its JSON path and code. Nothing was written.',
    'Correct the definition and try again with it: `onboard resolve … --retry --definition`, or a new start.',
  ),
  [FAILURE_TYPES.nameConflict]: final(
    'The displayName belongs to a group with another externalId, or with none. Both are named. Nothing was written.',
    'Rename one of the two groups, or correct the externalId, and try again.',
  ),
  [FAILURE_TYPES.conflictWithoutGroup]: final(
    'The target answered 409, but neither look-ups nor the full list show a group with this name or externalId.',
    'Look in the target for a deleted or hidden group of that name, or give the OAuth client the right to see it.',
  ),
  [FAILURE_TYPES.ambiguousGroup]: final(
    'More than one group has this externalId.',
    'Remove the externalId from all but one of them; the message lists their ids.',
  ),
  [FAILURE_TYPES.outcomeUnknown]: retried(
    'The group was sent, but no proper answer came: it may have been created or not. The next attempt looks for it before it sends anything.',
    'Nothing. If it lasts, the message names what the target answered.',
  ),
  [FAILURE_TYPES.groupNotVisible]: retried(
    'The group is known to exist, but the target answers 404. For 60 seconds this is taken for a directory that lags behind.',
    'If the run failed with it, look whether somebody deleted the group meanwhile, and try again.',
  ),
  [FAILURE_TYPES.verificationFailed]: final(
    'The group was read back without the externalId that was sent.',
    'Look at the group in the target. Without its externalId a later run cannot find it again.',
  ),
  [FAILURE_TYPES.webhookRefused]: final(
    'The HRIS answered 410: its address was retired. The onboarding is not affected; its result says `undelivered`.',
    'Set HRIS_WEBHOOK_URL to the new address.',
  ),
  [FAILURE_TYPES.webhookUnavailable]: retried(
    'The HRIS did not take the event. It is tried again until HRIS_WEBHOOK_GIVE_UP_SECONDS are over; then the result says `undelivered`. The group is not affected.',
    'Check the receiver, HRIS_WEBHOOK_URL and HRIS_WEBHOOK_SECRET.',
  ),
  [FAILURE_TYPES.auditUnavailable]: retried(
    'The audit record could not be written. The run stays open until it can.',
    'Check that AUDIT_LOG_FILE can be written and that its disk has room.',
  ),
  [FAILURE_TYPES.groupExists]: final(
    'The group exists already, and the conflict policy is `fail`.',
    'Start it with another conflict policy, or leave it.',
  ),
  [FAILURE_TYPES.groupHasOtherOwner]: final(
    'The group that was to be adopted carries the externalId of another source group.',
    'Choose another group, or remove the externalId from it in the target.',
  ),
  [FAILURE_TYPES.removalsHeld]: final(
    'The policy is `update`, and the definition would remove more members than is removed without asking: all, or more than half of more than ten.',
    'Check the source. If it is right, resolve the run with `--retry --allow-removals`.',
  ),
  [FAILURE_TYPES.aborted]: final(
    'A person ended the run. With compensation, the group that it had created was deleted.',
    'Nothing.',
  ),
  [FAILURE_TYPES.staleVersion]: retried(
    'Somebody changed the group between our read and our write. It is read again, and the change is planned anew.',
    'If it lasts, look for another program that writes the same group.',
  ),
  [FAILURE_TYPES.notBlocked]: final(
    'The update `resolve` came to a run that is not blocked. Nothing was changed.',
    'Look at the run: `onboard show`.',
  ),
  [FAILURE_TYPES.resolutionRefused]: final(
    'The update `resolve` asks for something that the blocked step does not allow.',
    'The message says what it allows.',
  ),
  [FAILURE_TYPES.internalError]: final(
    'A step failed in a way that this program does not know.',
    'Report it, with the run’s history.',
  ),
  [FAILURE_TYPES.invalidClient]: final(
    'The login server does not know the OAuth client, or its secret is wrong.',
    'Check GENESYS_CLIENT_ID, GENESYS_CLIENT_SECRET and GENESYS_REGION, restart the worker, and try again.',
  ),
  [FAILURE_TYPES.tokenRefused]: final(
    'The login server knows the client but gives it no token.',
    'Check that its grant type is client credentials, and the scopes in GENESYS_OAUTH_SCOPE.',
  ),
  [FAILURE_TYPES.tokenRateLimited]: retried(
    'The token endpoint answers 400 `invalid_request`, "rate limit exceeded".',
    'If it lasts, look for another program that uses the same OAuth client.',
  ),
  [FAILURE_TYPES.tokenUnavailable]: retried(
    'The token endpoint does not answer properly.',
    'If it lasts, check GENESYS_REGION or GENESYS_LOGIN_URL.',
  ),
  [FAILURE_TYPES.unauthorized]: final(
    'The target refused a token, and a new one too.',
    'Check that GENESYS_API_URL or GENESYS_REGION belongs to the organization of the OAuth client, and the organization’s IP allow list.',
  ),
  [FAILURE_TYPES.forbidden]: final(
    'The OAuth client lacks a scope or permission; the message names it.',
    'Give it to the client’s role, and try again.',
  ),
  [FAILURE_TYPES.notFound]: final(
    'The target has no such path or resource.',
    'If the message names the groups path, check SCIM_BASE_PATH.',
  ),
  [FAILURE_TYPES.conflict]: final(
    'The target answered 409 to something else than a create request.',
    'Look at the group in the target, and try again.',
  ),
  [FAILURE_TYPES.rateLimited]: retried(
    'The target answered 429. The next attempt waits as long as Retry-After asks, else by the step’s policy.',
    'Nothing. If it lasts, lower GENESYS_ACTIVITIES_PER_SECOND.',
  ),
  [FAILURE_TYPES.requestRefused]: final(
    'The target refuses the request; its words are in the message.',
    'Correct what it names.',
  ),
  [FAILURE_TYPES.payloadTooLarge]: final(
    'The target answered 413: the request is larger than it takes.',
    'Give the group fewer members.',
  ),
  [FAILURE_TYPES.serverError]: retried(
    'The target answered 5xx.',
    'If it lasts, give the correlation id of the message to the vendor.',
  ),
  [FAILURE_TYPES.timeout]: retried(
    'The target did not answer within GENESYS_TIMEOUT_MS.',
    'Nothing. If it lasts, look at the target’s status page.',
  ),
  [FAILURE_TYPES.connectionFailed]: retried(
    'No connection to the target; nothing was sent.',
    'If it lasts, check GENESYS_API_URL or GENESYS_REGION, DNS, certificates and proxies.',
  ),
  [FAILURE_TYPES.connectionLost]: retried(
    'The connection broke before the answer was complete.',
    'Nothing. If it lasts, look for a proxy that cuts connections.',
  ),
  [FAILURE_TYPES.malformedJson]: retried(
    'The answer is not JSON.',
    'If it lasts, look for a proxy that changes answers.',
  ),
  [FAILURE_TYPES.htmlInsteadOfJson]: retried(
    'The answer is an HTML page: usually a login page or a proxy.',
    'If it lasts, check GENESYS_API_URL and SCIM_BASE_PATH.',
  ),
  [FAILURE_TYPES.emptyBody]: retried(
    'The answer says success but has no body. Nothing is concluded from it.',
    'If it lasts, report it to the vendor.',
  ),
  [FAILURE_TYPES.unexpectedShape]: retried(
    'The answer is JSON, but not what RFC 7644 asks for.',
    'If it lasts, check that SCIM_BASE_PATH is the path of a SCIM server.',
  ),
  [FAILURE_TYPES.bodyTooLarge]: final(
    'The answer is larger than 16 MiB.',
    'Report it to the vendor; nothing was concluded from it.',
  ),
  [FAILURE_TYPES.paginationStuck]: final(
    'The target sends the same page of a list again and again.',
    'Report it to the vendor.',
  ),
  [FAILURE_TYPES.rosterFolderNotSet]: final(
    'A schedule asked for a roster, and the worker has no ROSTER_FOLDER. Nothing was read or changed.',
    'Set ROSTER_FOLDER on every worker to the folder of the rosters, restart them, then `onboard schedule trigger`.',
  ),
  [FAILURE_TYPES.rosterPathRefused]: final(
    'The path of the roster leaves ROSTER_FOLDER: it is absolute, holds `..`, or is a link to somewhere else. Nothing was read.',
    'Delete the schedule and create it with a path below the folder, or put the file itself there.',
  ),
  [FAILURE_TYPES.rosterUnreadable]: final(
    'A scheduled roster is not there, is not a file, may not be read, or is larger than 512 MiB. Nothing was changed.',
    'Put the file back, or correct its permissions. The next run of the schedule reads it again.',
  ),
  [FAILURE_TYPES.invalidRoster]: final(
    'Rows of a scheduled roster cannot be used; the message names the first ones. Nothing was changed.',
    'Correct the file, or create the schedule again with `--format` or `--map`.',
  ),
  [FAILURE_TYPES.emptyRoster]: final(
    'A scheduled roster holds no group. An empty source is more often a mistake than a wish: nothing was changed.',
    'Look at the export that writes the file.',
  ),
  [FAILURE_TYPES.rosterChanged]: final(
    'A scheduled roster was written anew each time between its plan and its start.',
    'Write the file under another name and rename it, at a time when no run is due.',
  ),
  [FAILURE_TYPES.invalidJob]: final(
    'The input of a job is not one that this worker takes: it was made by another program or version.',
    'Delete the schedule and create it again with `onboard schedule create`.',
  ),
};
