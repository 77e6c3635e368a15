import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIP } from 'node:net';

import { HttpError } from './http.ts';

const ALLOWED_METHODS = 'POST, OPTIONS';
const ALLOWED_HEADERS = 'authorization, content-type, x-namespace';
const PREFLIGHT_SECONDS = 600;

/**
 * Refuses a browser page that is not one of the origins, and lets the others read the answer. A request without the
 * header `Origin` is not from a page: the `temporal` command sends none. Browsers send it with every POST, also when
 * a foreign host name was made to point here (DNS rebinding).
 *
 * @throws {HttpError} 403
 */
export function checkOrigin(request: IncomingMessage, response: ServerResponse, origins: ReadonlySet<string>): void {
  response.setHeader('vary', 'origin');
  const { origin } = request.headers;
  if (origin === undefined) return;
  if (!origins.has(origin)) {
    throw new HttpError(403, 'Pages of this origin may not use the codec server. Add it to CODEC_SERVER_ORIGINS.');
  }
  response.setHeader('access-control-allow-origin', origin);
}

/** Answers the question that a browser asks before it sends JSON to another origin. It carries no token. */
export function answerPreflight(response: ServerResponse): void {
  response.writeHead(204, {
    'access-control-allow-methods': ALLOWED_METHODS,
    'access-control-allow-headers': ALLOWED_HEADERS,
    'access-control-max-age': String(PREFLIGHT_SECONDS),
  });
  response.end();
}

/**
 * Compares digests, which have one length, so that the time tells nothing about the token.
 *
 * @throws {HttpError} 401
 */
export function checkToken(request: IncomingMessage, token: string | undefined): void {
  if (token === undefined) return;
  const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  if (timingSafeEqual(digest(given), digest(token))) return;
  throw new HttpError(
    401,
    'The header "Authorization: Bearer <token>" with the token of this codec server is needed.',
    {
      'www-authenticate': 'Bearer',
    },
  );
}

/** @throws {HttpError} 403 when the namespace in the header `X-Namespace` is not one of the allowed ones. */
export function checkNamespace(request: IncomingMessage, namespaces: ReadonlySet<string> | undefined): string {
  const namespace = String(request.headers['x-namespace'] ?? '');
  if (namespaces === undefined || namespaces.has(namespace)) return namespace;
  throw new HttpError(403, 'The namespace in the header X-Namespace is not one of CODEC_SERVER_NAMESPACES.');
}

/** Whether only this machine can reach a server that listens on the host. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}

function digest(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}
