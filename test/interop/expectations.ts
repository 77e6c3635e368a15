import type { OAuthProbeName } from './oauth-probes.ts';
import type { ProbeName } from './probes.ts';
import type { PeerName } from './support/peers.ts';

/** What each peer makes of a probe. */
type Row = Readonly<Record<PeerName, unknown>>;

const everywhere = (outcome: unknown): Row => ({
  'scim2-server': outcome,
  'better-auth': outcome,
  'django-scim2': outcome,
});

/**
 * What has to come of each probe with each peer. Where peers differ, the row shows the difference; where the row is the same
 * everywhere, the client hides one. An upgrade of a peer that changes its behaviour shows as a change of this table.
 *
 * A failure is the code of the ScimError, the status, and the reason that the server gave. Members are numbers of users.
 */
export const EXPECTED: Readonly<Record<ProbeName, Row>> = {
  'capabilities that the client works out': {
    'scim2-server': {
      findsByExternalId: true,
      findsByPrefix: true,
      checksVersion: true,
      membersPerRequest: 100,
      pageSize: 100,
    },
    'better-auth': {
      findsByExternalId: true,
      findsByPrefix: true,
      checksVersion: false,
      membersPerRequest: 100,
      pageSize: 100,
    },
    // It says that it has no filters and that a page holds 50.
    'django-scim2': {
      findsByExternalId: false,
      findsByPrefix: false,
      checksVersion: false,
      membersPerRequest: 100,
      pageSize: 50,
    },
  },

  'create with two members, then read': {
    'scim2-server': { complete: true, name: true, externalId: true, members: [1, 2] },
    'better-auth': { complete: true, name: true, externalId: true, members: [1, 2] },
    // Answers 201 and loses the members, so only what is read back counts.
    'django-scim2': { complete: false, name: true, externalId: true, members: [] },
  },
  // The first leaves `members` out, the others return an empty list.
  'create without members, then read': everywhere([]),
  'create with a member that does not exist': {
    'scim2-server': ['9999999'],
    'better-auth': 'request_refused 400 invalidValue',
    'django-scim2': [],
  },
  'create with an extension that the server does not know': {
    'scim2-server': 'request_refused 400 invalidSyntax',
    'better-auth': 'request_refused 400 invalidValue',
    'django-scim2': 'created',
  },
  'create with a displayName that is taken': {
    'scim2-server': 'created',
    'better-auth': 'conflict 409 uniqueness',
    // Without a scimType, which RFC 7644 section 3.3 asks for.
    'django-scim2': 'conflict 409',
  },
  'create with an externalId that is taken': {
    'scim2-server': 'created',
    'better-auth': 'conflict 409 uniqueness',
    'django-scim2': 'created',
  },
  'groups after eight creates of the same at the same time': {
    'scim2-server': { groups: 8, refusals: [] },
    'better-auth': { groups: 1, refusals: ['conflict 409 uniqueness'] },
    'django-scim2': { groups: 1, refusals: ['conflict 409'] },
  },

  // The third compares names with case; the client reads its whole list.
  'find by displayName, written in another case': everywhere([true]),
  'find by externalId': everywhere([true]),
  'find by externalId, written in another case': everywhere(0),
  'find by an externalId with a quote and a backslash': everywhere([true]),
  // The second refuses `sw` with invalidFilter.
  'find by the beginning of an externalId': everywhere(['prefix/1', 'prefix/2']),
  'find what is not there': everywhere([]),
  'list more groups than one page holds': everywhere({ complete: true, twice: 0 }),

  // 204 without a body from the first, 200 with one from the others.
  'add members': everywhere([1, 2, 3]),
  // The first keeps the member twice.
  'add a member that is in already': everywhere([1, 2]),
  'remove one of two members': {
    'scim2-server': [2],
    'better-auth': [2],
    'django-scim2': 'request_refused 501',
  },
  // The first reads RFC 7644 section 3.5.2.2 strictly: a removal takes no value.
  'remove one of two members with SCIM_REMOVE_BY=value': {
    'scim2-server': 'request_refused 400 invalidValue',
    'better-auth': [2],
    'django-scim2': [2],
  },
  'remove a member that is not in': {
    'scim2-server': [1, 2],
    'better-auth': [1, 2],
    'django-scim2': 'request_refused 501',
  },
  'remove one and add another in one change': {
    'scim2-server': [2, 3],
    'better-auth': [2, 3],
    'django-scim2': 'request_refused 501',
  },
  // The third takes a new name by PUT only.
  rename: {
    'scim2-server': true,
    'better-auth': true,
    'django-scim2': 'request_refused 501',
  },
  'give an externalId to a group that has none': {
    'scim2-server': 'adopted-1',
    'better-auth': 'adopted-1',
    'django-scim2': 'request_refused 501',
  },

  'change with the version that was read': everywhere([1]),
  'change with a version that is old': {
    'scim2-server': 'stale 412',
    'better-auth': [1, 2],
    'django-scim2': [1, 2],
  },

  'users among known and unknown ids': everywhere([true, true, true, true]),
  // The third answers with an empty text/html body.
  'read with a wrong token': everywhere('unauthorized 401'),
  'read a group that is not there': everywhere('not_found 404'),
  'change a group that is not there': everywhere('not_found 404'),
  'delete, read, delete again': everywhere(['deleted', 'not_found 404', 'not_found 404']),
};

/**
 * What has to come of the probes in `oauth-probes.ts` with canaille. Its OAuth server is sound; of its groups little works: it does
 * not keep an externalId, and every list with a `count` is answered by 500.
 */
export const CANAILLE_EXPECTED: Readonly<Record<OAuthProbeName, unknown>> = {
  'get a token and create a group': { name: 'First', externalId: undefined, members: 1 },
  'one token for many requests': 1,
  'a wrong secret': 'invalid_client 401 invalid_client',
  'a client that is not known': 'invalid_client 401 invalid_client',
  'a token that was revoked': { name: 'Second', tokens: 2, statuses: [401, 200] },
  'find by externalId': 'server_error 500',
};
