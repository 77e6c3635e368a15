import type { LoggedRequest } from './records.ts';
import type { Seed } from './seed.ts';
import { webhookKey } from './webhook-signature.ts';

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
  /** Permissions of the client's role. Group calls need `directory:group:edit`, which is the default. */
  permissions?: readonly string[] | undefined;
  /** Requests per minute over all vendor paths but the token endpoint. Default: no limit. */
  rateLimitPerMinute?: number | undefined;
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
  readonly rateLimitPerMinute: number | undefined;
  readonly seed: Seed;
  readonly scimBasePath: string;
  readonly maxPageSize: number;
  readonly maxMembersPerRequest: number;
  readonly patchReturns204: boolean;
  readonly webhookKey: Buffer | undefined;
  readonly logEntries: number;
  readonly logBodyBytes: number;
  readonly onRequest: (request: LoggedRequest) => void;
}

/** @throws TypeError or RangeError naming the option that is wrong */
export function resolveOptions(options: SimulatorOptions): ResolvedOptions {
  const { webhookSecret, rateLimitPerMinute } = options;
  if (rateLimitPerMinute !== undefined) atLeast('rateLimitPerMinute', rateLimitPerMinute, 1);
  return {
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
    clientId: options.clientId ?? 'demo-client',
    clientSecret: options.clientSecret ?? 'demo-secret',
    tokenTtlSeconds: options.tokenTtlSeconds ?? 3600,
    invalidClientStatus: options.invalidClientStatus ?? 400,
    grantedScopes: options.grantedScopes ?? ['user:scim:write', 'user:scim:read'],
    permissions: new Set(options.permissions ?? ['directory:group:edit']),
    rateLimitPerMinute,
    seed: options.seed ?? {},
    scimBasePath: basePath(options.scimBasePath ?? '/api/v2/users/scim'),
    maxPageSize: atLeast('maxPageSize', options.maxPageSize ?? 100, 1),
    maxMembersPerRequest: options.maxMembersPerRequest ?? Number.POSITIVE_INFINITY,
    patchReturns204: options.patchReturns204 ?? false,
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

function basePath(path: string): string {
  if (!path.startsWith('/')) throw new TypeError(`scimBasePath must start with "/", not ${JSON.stringify(path)}`);
  return path.replace(/\/+$/, '');
}
