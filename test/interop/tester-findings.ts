/** What a tester holds against the simulator, and why the simulator is right or the difference does not matter. */
export interface AllowedFailure {
  readonly check: string;
  /** The first line of what the tester says. */
  readonly says: string;
  readonly because: string;
}

const NO_DISCOVERY =
  'The simulator has no /Schemas and no /ResourceTypes: nothing in this repository reads them, and its groups take any extension.';
const GATEWAY_404 =
  'A path that does not exist is answered by the gateway in front of the API, whose errors are no SCIM errors.';
const NO_USERS = 'Users are read by /api/v2/users, as the vendor has them. The simulator has no SCIM users.';

const NO_SCIM_ERROR = 'The server answered 404 without a SCIM error';
const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE'];

/** scim2-tester, with the schemas of RFC 7643 since the simulator does not publish any. */
export const SCIM2_TESTER_ALLOWED: readonly AllowedFailure[] = [
  { check: 'query_all_resource_types', says: NO_SCIM_ERROR, because: NO_DISCOVERY },
  { check: 'access_invalid_resource_type', says: NO_SCIM_ERROR, because: NO_DISCOVERY },
  ...METHODS.map((method) => ({
    check: 'resource_types_endpoint_methods',
    says: `${method} /ResourceTypes returned 404 instead of 405`,
    because: NO_DISCOVERY,
  })),
  { check: 'query_all_schemas', says: NO_SCIM_ERROR, because: NO_DISCOVERY },
  { check: 'access_invalid_schema', says: NO_SCIM_ERROR, because: NO_DISCOVERY },
  ...METHODS.map((method) => ({
    check: 'schemas_endpoint_methods',
    says: `${method} /Schemas returned 404 instead of 405`,
    because: NO_DISCOVERY,
  })),
  { check: 'random_url', says: NO_SCIM_ERROR, because: GATEWAY_404 },
  {
    check: 'search_with_attributes',
    says: NO_SCIM_ERROR,
    because: 'There is no POST /.search (RFC 7644 section 3.4.3), as in the API that the simulator stands for.',
  },
  ...['check_add_attribute', 'check_replace_attribute'].map((check) => ({
    check,
    says: "PATCH modify() returned unexpected value for 'members'.",
    because:
      'The tester sends a display name for a member and wants it back. Here the directory knows the name of its members.',
  })),
];

/** Checks of scim2-tester that have to succeed: a tester that stops half-way reports no failure either. */
export const SCIM2_TESTER_REQUIRED = [
  'service_provider_config_endpoint',
  'service_provider_config_endpoint_methods',
  'object_creation',
  'object_query',
  'object_query_without_id',
  'object_query_with_attributes',
  'object_list_with_attributes',
  'object_replacement',
  'object_deletion',
  'check_add_attribute',
  'check_remove_attribute',
  'check_replace_attribute',
];

/** scim-sanity, told to look at groups only; it asks for users all the same. */
export const SCIM_SANITY_ALLOWED: readonly AllowedFailure[] = [
  { check: 'GET /Schemas', says: 'Expected 200, got 404', because: NO_DISCOVERY },
  { check: 'GET /ResourceTypes', says: 'Expected 200, got 404', because: NO_DISCOVERY },
  {
    check: 'PATCH /Groups/{id} add member',
    says: 'Expected 200, got 400',
    because: 'The tester adds a member with an id of its own invention; the simulator refuses ids that nobody has.',
  },
  ...[
    'GET /Users (ListResponse)',
    'GET /Users?filter (no match)',
    'GET /Users?startIndex=1&count=1',
    'GET /Users/nonexistent (expect 404)',
    'POST /Users invalid body (expect 400)',
    'POST /Users missing userName (expect 400)',
  ].map((check) => ({ check, says: '', because: NO_USERS })),
];

/** Checks of scim-sanity that have to pass. */
export const SCIM_SANITY_REQUIRED = [
  'GET /ServiceProviderConfig',
  'POST /Groups',
  'GET /Groups/{id}',
  'PUT /Groups/{id}',
  'GET /Groups/{id} after PUT',
  'PATCH /Groups/{id}',
  'GET /Groups/{id} after PATCH',
  'PATCH /Groups/{id} remove members',
  'DELETE /Groups/{id}',
  'GET /Groups/{id} after DELETE (expect 404)',
];
