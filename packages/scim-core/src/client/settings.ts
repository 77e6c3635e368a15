import * as z from 'zod';
import { SCIM_PROFILE_NAMES } from './profiles.ts';
import { regionProblem } from './regions.ts';

/** Letters of a host name; whether it is a region is checked by {@link checkTargetSettings}, where it is used at all. */
const HOST = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/u;

const httpUrl = z
  .url({ protocol: /^https?$/u })
  .refine((value) => !/[?#@]/u.test(value), { message: 'must not hold a query, a fragment or credentials' })
  .refine((value) => value.startsWith('https:') || isPrivateHost(new URL(value).hostname), {
    message: 'must use https: a token is sent to it (http is allowed for localhost and for names without a dot)',
  });

const secret = z.string().min(1).max(20_000);

/**
 * Settings of the target, by the names of their environment variables. Parsing a parsed object again gives the same. What depends on
 * more than one of them is checked by {@link checkTargetSettings}.
 */
export const targetSettingsSchema = z.object({
  /** Id of an OAuth client of the type client credentials. Needed unless SCIM_BASE_URL is set. */
  GENESYS_CLIENT_ID: z.string().min(1).max(200).optional(),
  /** Secret of that client. Needed unless SCIM_BASE_URL is set. */
  GENESYS_CLIENT_SECRET: z.string().min(1).max(500).optional(),
  /** Domain of a region, see {@link REGIONS}. Default `mypurecloud.com`. */
  GENESYS_REGION: z
    .string()
    .regex(HOST, 'must be a region domain such as mypurecloud.com or usw2.pure.cloud')
    .default('mypurecloud.com'),
  /** Overrides `https://api.<region>`. */
  GENESYS_API_URL: httpUrl.optional(),
  /** Overrides `https://login.<region>`. */
  GENESYS_LOGIN_URL: httpUrl.optional(),
  /** Which API groups are written by: `auto` (default) looks once, see {@link TargetClient}. */
  GENESYS_GROUPS_API: z.enum(['auto', 'scim', 'platform']).default('auto'),
  /** Path under which `/groups` is. Default `/api/v2/users/scim`. */
  SCIM_BASE_PATH: z
    .string()
    .regex(/^(?:\/[A-Za-z0-9._~-]+)*$/u, 'must be a path such as /api/v2/users/scim, without a slash at its end')
    .default('/api/v2/users/scim'),
  /** Scopes asked for. Default: `user:scim:write user:scim:read` for `scim`, none for `platform` and for SCIM_BASE_URL. */
  GENESYS_OAUTH_SCOPE: z.string().max(1000).optional(),
  /** Type of groups that `platform` creates; it cannot be changed later. Default `official`. */
  GENESYS_GROUP_TYPE: z.enum(['official', 'social']).default('official'),
  /** Who sees groups that `platform` creates. Default `public`. */
  GENESYS_GROUP_VISIBILITY: z.enum(['public', 'owners', 'members']).default('public'),
  /** Whether those who see such a group see its membership rules: `true` (default) or `false`. */
  GENESYS_GROUP_RULES_VISIBLE: z.enum(['true', 'false']).default('true'),
  /** Milliseconds to wait for an answer. Default 30 000. */
  GENESYS_TIMEOUT_MS: z.coerce.number().int().min(100).max(300_000).default(30_000),
  /** Share of the target's rate limit that is left to others, 0 to 0.9. Default 0.05. */
  GENESYS_RATE_LIMIT_RESERVE: z.coerce.number().min(0).max(0.9).default(0.05),
  /** Base URL of another SCIM 2.0 server, such as `https://host/scim/v2`. GENESYS_* hosts and clients are then not used. */
  SCIM_BASE_URL: httpUrl.optional(),
  /** Path of the groups below the base. Default `groups` for Genesys Cloud, `Groups` (RFC 7644 section 3.2) for SCIM_BASE_URL. */
  SCIM_GROUPS_PATH: z
    .string()
    .regex(/^[A-Za-z0-9._~-]+(?:\/[A-Za-z0-9._~-]+)*$/u, 'must be a path such as Groups, without a slash at its ends')
    .optional(),
  /** Token that SCIM_BASE_URL takes as it is. */
  SCIM_BEARER_TOKEN: secret.regex(/^[\x21-\x7e]+$/u, 'must not hold spaces or letters outside ASCII').optional(),
  /** Token endpoint for SCIM_BASE_URL (OAuth 2.0 client credentials), in place of SCIM_BEARER_TOKEN. */
  SCIM_TOKEN_URL: httpUrl.optional(),
  /** Client for SCIM_TOKEN_URL. */
  SCIM_CLIENT_ID: z.string().min(1).max(200).optional(),
  /** Secret for SCIM_TOKEN_URL. */
  SCIM_CLIENT_SECRET: secret.optional(),
  /** What is known of the server. Default `genesys-scim`, or `generic` for SCIM_BASE_URL. */
  SCIM_PROFILE: z.enum(SCIM_PROFILE_NAMES).optional(),
  /** How one member is removed: `path` (RFC 7644 section 3.5.2.2) or `value`. Default: the profile's. */
  SCIM_REMOVE_BY: z.enum(['path', 'value']).optional(),
});

/** Parsed settings of the target. Holds secrets: never log it. */
export type TargetSettings = z.output<typeof targetSettingsSchema>;

/** A setting that does not fit the others. */
export interface SettingsConflict {
  readonly setting: keyof TargetSettings;
  readonly problem: string;
}

/** What is wrong with the settings taken together. */
export function settingsConflicts(settings: TargetSettings): SettingsConflict[] {
  return settings.SCIM_BASE_URL === undefined ? genesysConflicts(settings) : otherScimConflicts(settings);
}

/** The same for zod: `z.object({ ...targetSettingsSchema.shape, … }).superRefine(checkTargetSettings)`. */
export function checkTargetSettings(settings: TargetSettings, context: z.core.$RefinementCtx): void {
  for (const { setting, problem } of settingsConflicts(settings)) {
    context.addIssue({ code: 'custom', path: [setting], message: problem });
  }
}

function genesysConflicts(settings: TargetSettings): SettingsConflict[] {
  const hostsAreGiven = settings.GENESYS_API_URL !== undefined && settings.GENESYS_LOGIN_URL !== undefined;
  const region = hostsAreGiven ? undefined : regionProblem(settings.GENESYS_REGION);
  const onlyOther = (['SCIM_BEARER_TOKEN', 'SCIM_TOKEN_URL', 'SCIM_CLIENT_ID', 'SCIM_CLIENT_SECRET'] as const).filter(
    (setting) => settings[setting] !== undefined,
  );
  return [
    ...missing(settings, 'GENESYS_CLIENT_ID', 'GENESYS_CLIENT_SECRET'),
    ...(region === undefined ? [] : [{ setting: 'GENESYS_REGION' as const, problem: region }]),
    ...onlyOther.map((setting) => ({ setting, problem: 'is for SCIM_BASE_URL, which is not set' })),
  ];
}

function otherScimConflicts(settings: TargetSettings): SettingsConflict[] {
  const conflicts: SettingsConflict[] = [];
  if (settings.GENESYS_GROUPS_API === 'platform') {
    conflicts.push({ setting: 'GENESYS_GROUPS_API', problem: 'must be scim or auto where SCIM_BASE_URL is set' });
  }
  if (settings.SCIM_TOKEN_URL !== undefined) {
    conflicts.push(...missing(settings, 'SCIM_CLIENT_ID', 'SCIM_CLIENT_SECRET'));
    if (settings.SCIM_BEARER_TOKEN !== undefined) {
      conflicts.push({ setting: 'SCIM_BEARER_TOKEN', problem: 'and SCIM_TOKEN_URL exclude each other' });
    }
  } else if (settings.SCIM_BEARER_TOKEN === undefined) {
    conflicts.push({
      setting: 'SCIM_BEARER_TOKEN',
      problem: 'is not set; SCIM_BASE_URL needs it, or SCIM_TOKEN_URL with SCIM_CLIENT_ID and SCIM_CLIENT_SECRET',
    });
  }
  return conflicts;
}

function missing(settings: TargetSettings, ...names: readonly (keyof TargetSettings)[]): SettingsConflict[] {
  return names.filter((name) => settings[name] === undefined).map((setting) => ({ setting, problem: 'is not set' }));
}

/** Parses environment variables; empty ones count as absent. */
export function parseTargetSettings(
  env: Readonly<Record<string, string | undefined>>,
): { readonly ok: true; readonly settings: TargetSettings } | { readonly ok: false; readonly problems: string[] } {
  const parsed = targetSettingsSchema.superRefine(checkTargetSettings).safeParse(withoutEmpty(env));
  if (parsed.success) return { ok: true, settings: parsed.data };
  return { ok: false, problems: parsed.error.issues.map(settingProblem) };
}

/** One line about a setting; never its value, which may be a secret. */
export function settingProblem(issue: z.core.$ZodIssue): string {
  // Every value of an environment is a string: what is not a string is not there.
  const isMissing = issue.code === 'invalid_type' && issue.expected === 'string';
  return `${issue.path.join('.')} ${isMissing ? 'is not set' : issue.message}`;
}

/** `KEY=` in an env file means "not set". */
export function withoutEmpty(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  );
}

function isPrivateHost(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/u.test(host) || !host.includes('.');
}
