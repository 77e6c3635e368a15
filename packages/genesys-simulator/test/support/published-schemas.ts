import { z } from 'zod';

// The shapes of Genesys' published answers in our own words. Objects are strict: a field that Genesys does not have
// must not turn up here, or a client would come to rely on it.

const wholeNumber = z.number().int().min(0);
const timestamp = z.iso.datetime();
const path = z.string().regex(/^\/api\/v2\/[!-~]+$/);

/** A user of the Platform API. */
const user = z.strictObject({
  id: z.string().min(1),
  name: z.string(),
  email: z.string(),
  state: z.literal('active'),
  version: wholeNumber,
  selfUri: path,
});

/** A group of the Groups API. */
export const groupEntity = z.strictObject({
  id: z.string().min(1),
  name: z.string().min(1),
  description: z.string().optional(),
  dateModified: timestamp,
  memberCount: wholeNumber,
  state: z.enum(['active', 'inactive', 'deleted']),
  version: wholeNumber.min(1),
  type: z.enum(['official', 'social']),
  rulesVisible: z.boolean(),
  visibility: z.enum(['public', 'owners', 'members']),
  rolesEnabled: z.boolean(),
  includeOwners: z.boolean(),
  callsEnabled: z.boolean(),
  owners: z.array(user).min(1).optional(),
  selfUri: path,
});

const listingOf = <T extends z.ZodType>(entity: T) =>
  z
    .strictObject({
      entities: z.array(entity),
      pageSize: wholeNumber.min(1),
      pageNumber: wholeNumber.min(1),
      total: wholeNumber,
      pageCount: wholeNumber,
      selfUri: path,
      firstUri: path,
      lastUri: path,
      nextUri: path.optional(),
      previousUri: path.optional(),
    })
    .refine(({ entities, pageSize }) => entities.length <= pageSize)
    .refine(({ pageNumber, pageCount, nextUri }) => (nextUri !== undefined) === pageNumber < pageCount)
    .refine(({ pageNumber, previousUri }) => (previousUri !== undefined) === pageNumber > 1);

const searchResults = z.strictObject({
  total: wholeNumber,
  pageCount: wholeNumber,
  pageSize: wholeNumber.min(1),
  pageNumber: wholeNumber.min(1),
  types: z.array(z.string()).min(1),
  results: z.array(groupEntity),
});

const member = z.strictObject({ type: z.enum(['User', 'Group']), value: z.string().min(1), $ref: z.url() });

const scimMeta = z.strictObject({
  resourceType: z.literal('Group'),
  lastModified: timestamp,
  location: z.url(),
  version: z.string().regex(/^"\d+"$/),
});

/** A group of the SCIM API. */
export const scimGroup = z.strictObject({
  schemas: z.tuple([z.literal('urn:ietf:params:scim:schemas:core:2.0:Group')]),
  id: z.string().min(1),
  displayName: z.string().min(1),
  externalId: z.string().min(1).optional(),
  members: z.array(member),
  meta: scimMeta,
});

/** With `attributes` or `excludedAttributes`, id and meta are what is left for sure. */
const projectedScimGroup = scimGroup.partial({ displayName: true, members: true });

const scimList = z.strictObject({
  schemas: z.tuple([z.literal('urn:ietf:params:scim:api:messages:2.0:ListResponse')]),
  totalResults: wholeNumber,
  startIndex: wholeNumber.min(1),
  itemsPerPage: wholeNumber,
  Resources: z.array(projectedScimGroup),
});

/** Error of the gateway and of the Groups API. `status` is a number. */
export const errorBody = z.strictObject({
  message: z.string().min(1),
  code: z.string().regex(/^[a-z]+(\.[a-z]+)*$/),
  status: z.number().int().min(400).max(599),
  contextId: z.string().min(1),
  details: z.array(z.strictObject({ errorCode: z.string(), fieldName: z.string() })),
  errors: z.array(z.unknown()).max(0),
});

/** Error of the SCIM service. `status` is a string. */
export const scimError = z.strictObject({
  schemas: z.tuple([z.literal('urn:ietf:params:scim:api:messages:2.0:Error')]),
  status: z.string().regex(/^[45]\d\d$/),
  scimType: z
    .enum([
      'invalidFilter',
      'tooMany',
      'uniqueness',
      'mutability',
      'invalidSyntax',
      'invalidPath',
      'noTarget',
      'invalidValue',
      'invalidVers',
      'sensitive',
    ])
    .optional(),
  detail: z.string().min(1),
});

/** Status and body of a success; `undefined` stands for an empty body. */
interface Success {
  readonly method: string;
  readonly path: RegExp;
  readonly status: number;
  readonly body: z.ZodType | undefined;
}

const scimCollection = /^\/api\/v2\/scim(\/v2)?\/groups$/i;
const scimResource = /^\/api\/v2\/scim(\/v2)?\/groups\/[^/]+$/i;
const resource = /^\/api\/v2\/groups\/[^/]+$/;
const members = /^\/api\/v2\/groups\/[^/]+\/members$/;

/** Every success that the published family has here. */
export const successes: readonly Success[] = [
  { method: 'GET', path: scimCollection, status: 200, body: scimList },
  { method: 'GET', path: scimResource, status: 200, body: projectedScimGroup },
  { method: 'GET', path: scimResource, status: 304, body: undefined },
  { method: 'PUT', path: scimResource, status: 200, body: scimGroup },
  { method: 'PATCH', path: scimResource, status: 200, body: scimGroup },
  { method: 'POST', path: /^\/api\/v2\/groups\/search$/, status: 200, body: searchResults },
  { method: 'GET', path: /^\/api\/v2\/groups$/, status: 200, body: listingOf(groupEntity) },
  { method: 'POST', path: /^\/api\/v2\/groups$/, status: 200, body: groupEntity },
  { method: 'GET', path: resource, status: 200, body: groupEntity },
  { method: 'PUT', path: resource, status: 200, body: groupEntity },
  { method: 'DELETE', path: resource, status: 204, body: undefined },
  { method: 'GET', path: members, status: 200, body: listingOf(user) },
  { method: 'POST', path: members, status: 202, body: z.strictObject({}) },
  { method: 'DELETE', path: members, status: 202, body: z.strictObject({}) },
  { method: 'GET', path: /^\/api\/v2\/groups\/[^/]+\/individuals$/, status: 200, body: listingOf(user) },
  { method: 'GET', path: /^\/api\/v2\/users\/[^/]+$/, status: 200, body: user },
];
