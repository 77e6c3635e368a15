import * as z from 'zod';

/** A domain such as `mypurecloud.com` or `usw2.pure.cloud`; the API and login hosts are made from it. */
const REGION = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/u;

const httpUrl = z
  .url({ protocol: /^https?$/u })
  .refine((value) => !/[?#@]/u.test(value), { message: 'must not hold a query, a fragment or credentials' })
  .refine((value) => value.startsWith('https:') || isPrivateHost(new URL(value).hostname), {
    message: 'must use https: a token is sent to it (http is allowed for localhost and for names without a dot)',
  });

/** Settings of the `scim` target, by the names of their environment variables. */
export const targetSettingsSchema = z.object({
  /** Id of an OAuth client of the type client credentials. */
  GENESYS_CLIENT_ID: z.string().min(1).max(200),
  GENESYS_CLIENT_SECRET: z.string().min(1).max(500),
  GENESYS_REGION: z
    .string()
    .regex(REGION, 'must be a region domain such as mypurecloud.com or usw2.pure.cloud')
    .default('mypurecloud.com'),
  /** Overrides `https://api.<region>`. */
  GENESYS_API_URL: httpUrl.optional(),
  /** Overrides `https://login.<region>`. */
  GENESYS_LOGIN_URL: httpUrl.optional(),
  /** Path under which `/groups` is. Default `/api/v2/users/scim`. */
  SCIM_BASE_PATH: z
    .string()
    .regex(/^(?:\/[A-Za-z0-9._~-]+)*$/u, 'must be a path such as /api/v2/users/scim, without a slash at its end')
    .default('/api/v2/users/scim'),
  /** Scopes asked for. Default `user:scim:write user:scim:read`; empty sends none. */
  GENESYS_OAUTH_SCOPE: z.string().max(1000).default('user:scim:write user:scim:read'),
  /** Milliseconds to wait for an answer. Default 30 000. */
  GENESYS_TIMEOUT_MS: z.coerce.number().int().min(100).max(300_000).default(30_000),
});

/** Parsed settings of the target. Holds the client secret: never log it. */
export type TargetSettings = z.output<typeof targetSettingsSchema>;

/** The hosts that requests go to. Nothing that a response says changes them. */
export interface TargetUrls {
  /** Base of the API without a slash at its end, for example `https://api.mypurecloud.com`. */
  readonly api: string;
  readonly token: URL;
  readonly groups: string;
  readonly users: string;
}

export function targetUrls(settings: TargetSettings): TargetUrls {
  const api = trimSlash(settings.GENESYS_API_URL ?? `https://api.${settings.GENESYS_REGION}`);
  const login = trimSlash(settings.GENESYS_LOGIN_URL ?? `https://login.${settings.GENESYS_REGION}`);
  return {
    api,
    token: new URL(`${login}/oauth/token`),
    groups: `${api}${settings.SCIM_BASE_PATH}/groups`,
    users: `${api}/api/v2/users`,
  };
}

/** Parses environment variables; empty ones count as absent. */
export function parseTargetSettings(
  env: Readonly<Record<string, string | undefined>>,
): { readonly ok: true; readonly settings: TargetSettings } | { readonly ok: false; readonly problems: string[] } {
  const parsed = targetSettingsSchema.safeParse(withoutEmpty(env));
  if (parsed.success) return { ok: true, settings: parsed.data };
  return { ok: false, problems: parsed.error.issues.map(settingProblem) };
}

/** One line about a setting; never its value, which may be a secret. */
export function settingProblem(issue: z.core.$ZodIssue): string {
  // Every value of an environment is a string: what is not a string is not there.
  const missing = issue.code === 'invalid_type' && issue.expected === 'string';
  return `${issue.path.join('.')} ${missing ? 'is not set' : issue.message}`;
}

/** `KEY=` in an env file means "not set". */
export function withoutEmpty(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  );
}

function trimSlash(url: string): string {
  return url.replace(/\/+$/u, '');
}

function isPrivateHost(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/u.test(host) || !host.includes('.');
}
