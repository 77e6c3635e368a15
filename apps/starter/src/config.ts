import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_TENANT, groupRules, rulesSettings, TENANT_PATTERN } from '@scim-onboarding/onboarding-contract';
import type { GroupRules } from '@scim-onboarding/scim-core';
import { joinDevStack } from '@scim-onboarding/temporal-connection';
import * as z from 'zod';
import { CliError } from './cli-error.ts';
import { EXIT } from './exit-codes.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const settingsSchema = z.object({
  ...rulesSettings,
  /** Tenant of commands without `--tenant`. */
  ONBOARDING_TENANT: z
    .string()
    .regex(
      TENANT_PATTERN,
      'must start with a letter or digit and hold at most 64 letters, digits, dots, underscores or hyphens',
    )
    .default(DEFAULT_TENANT),
  /** Base of the Temporal UI; without it the path of a run is printed alone. */
  TEMPORAL_UI_URL: z
    .url({ protocol: /^https?$/u })
    .max(2_000)
    .optional(),
});

/** Settings of the command, beside those of Temporal and of the target. */
export interface Settings {
  readonly rules: GroupRules;
  readonly tenant: string;
  readonly uiUrl?: string;
}

/** Parses the settings. `TEMPORAL_*` is read by temporal-connection, `GENESYS_*` and `SCIM_*` by scim-core. */
export function parseSettings(
  env: Environment,
): { readonly ok: true; readonly settings: Settings } | { readonly ok: false; readonly problems: readonly string[] } {
  // `KEY=` in an env file means "not set".
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = settingsSchema.safeParse(given);
  if (!parsed.success) {
    return { ok: false, problems: parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`) };
  }
  const { ONBOARDING_TENANT, TEMPORAL_UI_URL } = parsed.data;
  return {
    ok: true,
    settings: {
      rules: groupRules(parsed.data),
      tenant: ONBOARDING_TENANT,
      ...(TEMPORAL_UI_URL !== undefined && { uiUrl: TEMPORAL_UI_URL.replace(/\/+$/u, '') }),
    },
  };
}

/**
 * The settings.
 *
 * @throws CliError with exit code 2
 */
export function loadSettings(env: Environment): Settings {
  const parsed = parseSettings(env);
  if (parsed.ok) return parsed.settings;
  throw new CliError(EXIT.usage, {
    type: 'InvalidSettings',
    message: `Settings are not valid: ${parsed.problems.join('; ')}`,
    hint: 'Correct these environment variables, or their lines in .env.',
  });
}

/**
 * The environment of this process, with the lines of `.env` in the folder added, and how to reach the stack of `npm run dev` if that is
 * up there and nothing names another server. A variable that is set already stays.
 *
 * @throws CliError with exit code 2 if the file cannot be read
 */
export function loadEnvironment(folder: string): Environment {
  const file = join(folder, '.env');
  if (existsSync(file)) {
    try {
      process.loadEnvFile(file);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const message = `${file} cannot be read: ${reason}`;
      throw new CliError(EXIT.usage, {
        type: 'InvalidSettings',
        message,
        hint: 'Make it a readable file, or remove it.',
      });
    }
  }
  joinDevStack(folder, process.env);
  return process.env;
}

/** Version of the command. */
export function readVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
