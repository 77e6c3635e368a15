import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { demoSeed } from './demo-seed.ts';
import type { SimulatorOptions } from './options.ts';
import { parseSeed, type Seed } from './seed.ts';
import { webhookKey } from './webhook-signature.ts';

/** The command was called in a way it does not understand. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const USAGE = `genesys-simulator [--port n] [--host h] [--seed file.json] [--rate-limit n] [--api a] [--log]

  --port n          port to listen on; 0 (default) takes a free one    SIMULATOR_PORT
  --host h          address to listen on, default 127.0.0.1            SIMULATOR_HOST
  --seed file       JSON file with users and groups; default: a small demo organization
  --rate-limit n    requests per minute; default: no limit             SIMULATOR_RATE_LIMIT
  --api a           groups API: scim, published, or both (default)     SIMULATOR_API
  --log             one line on standard error for each request
  --help            this text

Also from the environment: GENESYS_CLIENT_ID (demo-client), GENESYS_CLIENT_SECRET (demo-secret),
SCIM_BASE_PATH (/api/v2/users/scim: where the API "scim" is), WEBHOOK_SECRET (whsec_<base64>; without it webhook signatures are not checked).
A flag wins over the environment.`;

export interface Config {
  help: boolean;
  log: boolean;
  options: SimulatorOptions;
}

const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .pipe(z.number().min(least, `must be at least ${least}`).max(most, `must be at most ${most}`))
    .optional();

const host = z.string().max(255).optional();
const port = wholeNumber(0, 65_535);
const api = z.enum(['scim', 'published', 'both'], { error: 'must be scim, published or both' }).optional();
const scimBasePath = z
  .string()
  .max(1024)
  .regex(/^\/[^?#]*$/, 'must be a path that starts with "/"')
  .optional();
const rateLimit = wholeNumber(1, 1_000_000);

/**
 * Settings of the command, from its arguments and the environment. An empty variable counts as not set.
 * @throws UsageError for an unknown flag, a wrong value, or a seed file that cannot be used
 */
export function loadConfig(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Config {
  const flags = readFlags(args);
  const fromEnv = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  const pick = <T extends z.ZodType>(flag: string, flagValue: string | undefined, variable: string, schema: T) =>
    flagValue === undefined ? check(variable, fromEnv(variable), schema) : check(`--${flag}`, flagValue, schema);
  return {
    help: flags.help ?? false,
    log: flags.log ?? false,
    options: {
      port: pick('port', flags.port, 'SIMULATOR_PORT', port),
      host: pick('host', flags.host, 'SIMULATOR_HOST', host),
      rateLimitPerMinute: pick('rate-limit', flags['rate-limit'], 'SIMULATOR_RATE_LIMIT', rateLimit),
      api: pick('api', flags.api, 'SIMULATOR_API', api),
      scimBasePath: check('SCIM_BASE_PATH', fromEnv('SCIM_BASE_PATH'), scimBasePath),
      clientId: fromEnv('GENESYS_CLIENT_ID'),
      clientSecret: fromEnv('GENESYS_CLIENT_SECRET'),
      webhookSecret: checkSecret(fromEnv('WEBHOOK_SECRET')),
      seed: flags.seed === undefined ? demoSeed : readSeed(flags.seed),
    },
  };
}

function readFlags(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        seed: { type: 'string' },
        'rate-limit': { type: 'string' },
        api: { type: 'string' },
        log: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function check<T extends z.ZodType>(name: string, value: unknown, schema: T): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new UsageError(`${name} ${result.error.issues[0]?.message ?? 'is wrong'}, not ${JSON.stringify(value)}`);
}

function checkSecret(secret: string | undefined): string | undefined {
  if (secret === undefined) return undefined;
  try {
    webhookKey(secret);
    return secret;
  } catch (error) {
    throw new UsageError(`WEBHOOK_SECRET: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function readSeed(file: string): Seed {
  try {
    return parseSeed(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new UsageError(`--seed ${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
