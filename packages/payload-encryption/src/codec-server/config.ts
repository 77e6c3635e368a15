import { parseArgs } from 'node:util';
import { z } from 'zod';

import { currentEnvironment, loadEncryption } from '../config.ts';
import { EncryptionConfigError } from '../errors.ts';
import type { CodecServerOptions } from './server.ts';

export const USAGE = `codec-server [--help]

Shows what the payload encryption of scim-onboarding hid, to the Temporal UI and the temporal command.

  PAYLOAD_ENCRYPTION_KEYS       keyId:base64,...   the key ring of the workers; or
  PAYLOAD_ENCRYPTION_KEYS_FILE  file with the same, one key a line
  CODEC_SERVER_HOST             address to listen on, default 127.0.0.1; another one needs a token
  CODEC_SERVER_PORT             default 8888; 0 takes a free one
  CODEC_SERVER_ORIGINS          addresses of the UI, with commas between them, such as http://127.0.0.1:8233
  CODEC_SERVER_TOKEN            at least 16 characters; callers send Authorization: Bearer <token>
  CODEC_SERVER_NAMESPACES       namespaces that are served, with commas between them; default all`;

const DEFAULT_PORT = '8888';

const list = z
  .string()
  .max(4_096, 'is too long')
  .transform((text) => text.split(',').flatMap((entry) => (entry.trim() === '' ? [] : [entry.trim()])));

const settings = z.object({
  CODEC_SERVER_HOST: z.string().max(255, 'is too long').default('127.0.0.1'),
  CODEC_SERVER_PORT: z
    .string()
    .default(DEFAULT_PORT)
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, 'must be a port from 0 to 65535')
    .transform(Number),
  CODEC_SERVER_ORIGINS: list
    .refine(
      (origins) => origins.every(isOrigin),
      'must be origins such as http://127.0.0.1:8233, without a path or "*"',
    )
    .default([]),
  // RFC 6750 2.1: the characters that a bearer token may have.
  CODEC_SERVER_TOKEN: z
    .string()
    .regex(/^[A-Za-z0-9._~+/-]{16,1024}=*$/, 'must be 16 or more letters, digits and -._~+/')
    .optional(),
  CODEC_SERVER_NAMESPACES: list.optional(),
});

/**
 * Options of the codec server from its settings. A setting that is the empty string counts as not set.
 *
 * @returns `'help'` for `--help`
 * @throws {EncryptionConfigError} names the setting; never the value of a key or of the token.
 */
export function loadCodecServerOptions(
  args: readonly string[],
  env: NodeJS.ProcessEnv = currentEnvironment(),
): CodecServerOptions | 'help' {
  if (asksForHelp(args)) return 'help';
  const parsed = settings.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new EncryptionConfigError(`${issue?.path.join('.') ?? 'A setting'} ${issue?.message ?? 'is wrong'}.`);
  }
  const encryption = loadEncryption(env);
  const [codec] = encryption?.dataConverter.payloadCodecs ?? [];
  if (codec === undefined) {
    throw new EncryptionConfigError(
      'PAYLOAD_ENCRYPTION_KEYS is not set. Give the codec server the keys of the workers.',
    );
  }
  return {
    codec,
    host: parsed.data.CODEC_SERVER_HOST,
    port: parsed.data.CODEC_SERVER_PORT,
    origins: parsed.data.CODEC_SERVER_ORIGINS,
    token: parsed.data.CODEC_SERVER_TOKEN,
    namespaces: parsed.data.CODEC_SERVER_NAMESPACES,
  };
}

function asksForHelp(args: readonly string[]): boolean {
  try {
    return parseArgs({ args: [...args], options: { help: { type: 'boolean' } } }).values.help === true;
  } catch (error) {
    throw new EncryptionConfigError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}
