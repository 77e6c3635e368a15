import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { PayloadCodec } from '@temporalio/common';

import { EncryptionConfigError, EncryptionKeyNotFoundError, PayloadDecryptionError } from '../errors.ts';
import { answerPreflight, checkNamespace, checkOrigin, checkToken, isLoopback } from './access.ts';
import { HttpError, readBody, sendJson } from './http.ts';
import { payloadFromJson, payloadsJson, payloadToJson, type PayloadJson } from './payload-json.ts';

const MAX_BODY_BYTES = 8 * 1024 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;

/** One answered call, without anything of its content. */
export interface CodecCall {
  readonly operation: 'encode' | 'decode';
  /** Header `X-Namespace`; empty when the caller sent none. */
  readonly namespace: string;
  /** Header `Origin`. */
  readonly origin: string | undefined;
  readonly payloads: number;
}

export interface CodecServerOptions {
  readonly codec: PayloadCodec;
  /** Default `127.0.0.1`. Another one than loopback needs a token. */
  readonly host?: string | undefined;
  /** Default 0: a free one. */
  readonly port?: number | undefined;
  /** Origins of the pages that may call, such as `http://127.0.0.1:8233`. Default none. */
  readonly origins?: readonly string[] | undefined;
  /** Every call but `/health` needs `Authorization: Bearer <token>`. Default: no check. */
  readonly token?: string | undefined;
  /** Values of `X-Namespace` that are served. Default all. */
  readonly namespaces?: readonly string[] | undefined;
  /** Called for each answered call: who read what is worth a record. */
  readonly onCall?: ((call: CodecCall) => void) | undefined;
  /** Called with errors that are a mistake of this server. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

export interface CodecServer {
  /** `http://host:port`, for the setting "codec server endpoint" of the UI and for `--codec-endpoint`. */
  readonly url: string;
  /** Ends open connections and resolves when the port is free. May be called more than once. */
  close(): Promise<void>;
}

/**
 * Serves a codec to the Temporal UI and to the `temporal` command: `POST /decode`, `POST /encode`, `GET /health`. An
 * address with a namespace in front (`/{namespace}/decode`) is understood too.
 * Source: https://docs.temporal.io/codec-server
 *
 * Answers 400 for a body that is not payloads, 401, 403, 404, 405, 413 above 8 MiB, and 422 for a payload that cannot
 * be decrypted.
 *
 * @throws {EncryptionConfigError} when the host is not loopback and there is no token: it shows plain text.
 */
export async function startCodecServer(options: CodecServerOptions): Promise<CodecServer> {
  const { host = '127.0.0.1', port = 0, token } = options;
  if (token === undefined && !isLoopback(host)) {
    throw new EncryptionConfigError(
      `The codec server shows plain text, so it listens on ${host} only with CODEC_SERVER_TOKEN. ` +
        'Set the token, or listen on 127.0.0.1.',
    );
  }
  const origins = new Set(options.origins);
  const namespaces = options.namespaces === undefined ? undefined : new Set(options.namespaces);
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    void answer(request, response, { ...options, origins, namespaces });
  });
  server.listen(port, host);
  await once(server, 'listening');
  return { url: urlOf(server), close: () => close(server) };
}

interface Rules extends Omit<CodecServerOptions, 'origins' | 'namespaces'> {
  readonly origins: ReadonlySet<string>;
  readonly namespaces: ReadonlySet<string> | undefined;
}

async function answer(request: IncomingMessage, response: ServerResponse, rules: Rules): Promise<void> {
  try {
    const { pathname } = new URL(request.url ?? '/', 'http://codec-server');
    if (pathname === '/health') return sendJson(response, 200, { status: 'ok' });
    checkOrigin(request, response, rules.origins);
    const operation = /\/(encode|decode)$/.exec(pathname)?.[1];
    if (operation !== 'encode' && operation !== 'decode')
      throw new HttpError(404, 'There is only /encode and /decode.');
    if (request.method === 'OPTIONS') return answerPreflight(response);
    if (request.method !== 'POST') throw new HttpError(405, `Use POST ${pathname}.`, { allow: 'POST, OPTIONS' });
    checkToken(request, rules.token);
    const namespace = checkNamespace(request, rules.namespaces);
    const payloads = parsePayloads(await readBody(request, MAX_BODY_BYTES));
    const result = await convert(payloads, operation, rules.codec);
    sendJson(response, 200, { payloads: result });
    rules.onCall?.({ operation, namespace, origin: request.headers.origin, payloads: payloads.length });
  } catch (error) {
    answerError(response, error, rules.onError);
  }
}

function parsePayloads(body: string): PayloadJson[] {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw new HttpError(400, 'The body is not JSON.');
  }
  const parsed = payloadsJson.safeParse(json);
  if (parsed.success) return parsed.data.payloads;
  const issue = parsed.error.issues[0];
  throw new HttpError(400, `The body is not payloads: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'wrong'}.`);
}

/** What the codec lets pass is given back as it came, with fields that are not known here. */
async function convert(
  payloads: readonly PayloadJson[],
  operation: 'encode' | 'decode',
  codec: PayloadCodec,
): Promise<PayloadJson[]> {
  const before = payloads.map(payloadFromJson);
  const after = await codec[operation](before);
  return after.map((payload, index) => {
    const original = payloads[index];
    return payload === before[index] && original !== undefined ? original : payloadToJson(payload);
  });
}

function answerError(response: ServerResponse, error: unknown, onError: CodecServerOptions['onError']): void {
  if (response.headersSent || response.destroyed) return;
  if (error instanceof HttpError) {
    for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value);
    return sendJson(response, error.status, { error: error.message });
  }
  if (error instanceof EncryptionKeyNotFoundError || error instanceof PayloadDecryptionError) {
    return sendJson(response, 422, { error: error.message });
  }
  onError?.(error);
  sendJson(response, 500, { error: 'The codec server failed. Its log has the reason.' });
}

function urlOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('The server has no port.');
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
