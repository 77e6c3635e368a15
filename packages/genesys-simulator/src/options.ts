import type { LoggedRequest } from './records.ts';
import type { Seed } from './seed.ts';
import { GROUP_ADD, GROUP_DELETE, GROUP_EDIT } from './access.ts';
import type { VisibilityDelays } from './visibility.ts';
import { webhookKey } from './webhook-signature.ts';

/**
 * `scim`: one SCIM server at `scimBasePath` that creates groups too. `published`: Genesys Cloud's published API, where
 * `/api/v2/groups` creates groups and `/api/v2/scim/v2/groups` changes them.
 */
export type GroupsApi = 'scim' | 'published' | 'both';

/** How a SCIM write with an `If-Match` of another version is refused. */
export type VersionMismatch = 'invalidVers' | '409' | '412';

const NO_LIMIT = Number.MAX_SAFE_INTEGER;

/** How a simulator is started. Everything has a default. */
export interface SimulatorOptions {
  /** Address to listen on. Default `127.0.0.1`. */
  host?: string | undefined;
  /** Default 0: any free port. */
  port?: number | undefined;
  /** Default `demo-client`. */
  clientId?: string | undefined;
  /** Default `demo-secret`. */
  clientSecret?: string | undefined;
  /** Default 3600. */
  tokenTtlSeconds?: number | undefined;
  /** Status for a wrong client: 400 as Genesys answers (default), or 401 as RFC 6749 section 5.2 allows. */
  invalidClientStatus?: 400 | 401 | undefined;
  /** Scopes that the client may have. Default `user:scim:write` and `user:scim:read`. */
  grantedScopes?: readonly string[] | undefined;
  /**
   * Permissions of the client's role. Default: `directory:group:edit` (all of SCIM, changes by the Groups API),
   * `directory:group:add` and `directory:group:delete` (Groups API).
   */
  permissions?: readonly string[] | undefined;
  /** Requests per minute over all vendor paths but the token endpoint. Default 1,000,000: more than a test sends. */
  rateLimitPerMinute?: number | undefined;
  /** Milliseconds of the "minute" of `rateLimitPerMinute`, for tests that cannot wait. Default 60000, as the vendor's. */
  rateLimitWindowMs?: number | undefined;
  /** Users and groups at the start. Default: none. */
  seed?: Seed | undefined;
  /** Default `/api/v2/users/scim`. */
  scimBasePath?: string | undefined;
  /** Most groups in one list answer. Default 100. */
  maxPageSize?: number | undefined;
  /** Most member values in one POST, PUT or PATCH. Default: no limit. */
  maxMembersPerRequest?: number | undefined;
  /** Answer a PATCH with 204 and no body, as RFC 7644 section 3.5.2 allows. Default false. */
  patchReturns204?: boolean | undefined;
  /** Which APIs for groups there are. Default `both`. */
  api?: GroupsApi | undefined;
  /**
   * Milliseconds until reads see a group that a request has created; a number counts for every API. Unique names
   * count at once. Default 0.
   */
  visibilityDelayMs?: number | Partial<VisibilityDelays> | undefined;
  /** Whether PUT, PATCH and DELETE miss a group too while reads do not see it. Default false. */
  hideFromWrites?: boolean | undefined;
  /** Most member values in one PUT or PATCH of the published SCIM API. Default: no limit. */
  maxScimMembersPerRequest?: number | undefined;
  /** Answer when there are more: 413 (default), or 400 with a SCIM error. */
  scimMemberLimitStatus?: 400 | 413 | undefined;
  /**
   * Answer of the published SCIM API to an `If-Match` of another version: 400 with `invalidVers`, as its description
   * says (default), or 409, which the same operations declare, or the 412 of RFC 7644 section 3.14.
   */
  versionMismatch?: VersionMismatch | undefined;
  /** Whether the published SCIM API takes `externalId eq`. Default `refused`: it is documented for users only. */
  externalIdFilter?: 'refused' | 'supported' | undefined;
  /** Whether `/api/v2/scim/v2/groups` needs a filter, as its parameter is marked. Default false, as its text says. */
  v2FilterRequired?: boolean | undefined;
  /** `whsec_<base64>`: the webhook sink then checks signatures. Default: it takes everything. */
  webhookSecret?: string | undefined;
  /** Entries that the request log and the webhook list keep. Default 50000. */
  logEntries?: number | undefined;
  /** Bytes of request bodies that the log keeps. Default 64 MiB. */
  logBodyBytes?: number | undefined;
  /** Called once for each logged request, after its answer has ended. */
  onRequest?: ((request: LoggedRequest) => void) | undefined;
}

/** Options with defaults filled in. */
export interface ResolvedOptions {
  readonly host: string;
  readonly port: number;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tokenTtlSeconds: number;
  readonly invalidClientStatus: 400 | 401;
  readonly grantedScopes: readonly string[];
  readonly permissions: ReadonlySet<string>;
  readonly rateLimitPerMinute: number;
  readonly rateLimitWindowMs: number;
  readonly seed: Seed;
  readonly scimBasePath: string;
  readonly maxPageSize: number;
  readonly maxMembersPerRequest: number;
  readonly patchReturns204: boolean;
  readonly api: GroupsApi;
  readonly visibilityDelayMs: VisibilityDelays;
  readonly hideFromWrites: boolean;
  readonly maxScimMembersPerRequest: number;
  readonly scimMemberLimitStatus: 400 | 413;
  readonly versionMismatch: VersionMismatch;
  readonly externalIdFilter: 'refused' | 'supported';
  readonly v2FilterRequired: boolean;
  readonly webhookKey: Buffer | undefined;
  readonly logEntries: number;
  readonly logBodyBytes: number;
  readonly onRequest: (request: LoggedRequest) => void;
}

/** @throws TypeError or RangeError naming the option that is wrong */
export function resolveOptions(options: SimulatorOptions): ResolvedOptions {
  const { webhookSecret } = options;
  return {
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
    clientId: options.clientId ?? 'demo-client',
    clientSecret: options.clientSecret ?? 'demo-secret',
    tokenTtlSeconds: options.tokenTtlSeconds ?? 3600,
    invalidClientStatus: options.invalidClientStatus ?? 400,
    grantedScopes: options.grantedScopes ?? ['user:scim:write', 'user:scim:read'],
    permissions: new Set(options.permissions ?? [GROUP_EDIT, GROUP_ADD, GROUP_DELETE]),
    rateLimitPerMinute: atLeast('rateLimitPerMinute', options.rateLimitPerMinute ?? 1_000_000, 1),
    rateLimitWindowMs: atLeast('rateLimitWindowMs', options.rateLimitWindowMs ?? 60_000, 1000),
    seed: options.seed ?? {},
    scimBasePath: basePath(options.scimBasePath ?? '/api/v2/users/scim'),
    maxPageSize: atLeast('maxPageSize', options.maxPageSize ?? 100, 1),
    maxMembersPerRequest: options.maxMembersPerRequest ?? Number.POSITIVE_INFINITY,
    patchReturns204: options.patchReturns204 ?? false,
    api: options.api ?? 'both',
    visibilityDelayMs: visibilityDelays(options.visibilityDelayMs ?? 0),
    hideFromWrites: options.hideFromWrites ?? false,
    maxScimMembersPerRequest: atLeast('maxScimMembersPerRequest', options.maxScimMembersPerRequest ?? NO_LIMIT, 1),
    scimMemberLimitStatus: options.scimMemberLimitStatus ?? 413,
    versionMismatch: options.versionMismatch ?? 'invalidVers',
    externalIdFilter: options.externalIdFilter ?? 'refused',
    v2FilterRequired: options.v2FilterRequired ?? false,
    webhookKey: webhookSecret === undefined ? undefined : webhookKey(webhookSecret),
    logEntries: atLeast('logEntries', options.logEntries ?? 50_000, 1),
    logBodyBytes: atLeast('logBodyBytes', options.logBodyBytes ?? 64 * 1024 * 1024, 0),
    onRequest: options.onRequest ?? (() => {}),
  };
}

function atLeast(name: string, value: number, least: number): number {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`${name} must be a whole number of at least ${least}, not ${value}`);
  }
  return value;
}

function visibilityDelays(delay: number | Partial<VisibilityDelays>): VisibilityDelays {
  const delays = typeof delay === 'number' ? { scim: delay, groups: delay, publishedScim: delay } : delay;
  const read = (api: keyof VisibilityDelays): number => atLeast(`visibilityDelayMs.${api}`, delays[api] ?? 0, 0);
  return { scim: read('scim'), groups: read('groups'), publishedScim: read('publishedScim') };
}

function basePath(path: string): string {
  if (!path.startsWith('/')) throw new TypeError(`scimBasePath must start with "/", not ${JSON.stringify(path)}`);
  return path.replace(/\/+$/, '');
}
