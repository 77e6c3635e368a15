import { Agent, request as undiciRequest, errors as undiciErrors } from 'undici';
import { cleanText, ScimError, type ScimErrorCode } from '../errors.ts';
import { correlationIdOf } from './correlation.ts';

/** Largest answer that is read, in bytes. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
  /** Where the rate limit is nearly used up, this request goes before work in bulk. Default false. */
  readonly urgent?: boolean;
}

export interface HttpResponse {
  readonly status: number;
  /** Header names are in lower case; a header that came twice is joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends one request and reads the whole answer. */
export interface Http {
  /** @throws {ScimError} `timeout`, `connection_failed`, `connection_lost`, `body_too_large`; the signal's reason if it was aborted */
  send(request: HttpRequest): Promise<HttpResponse>;
  close(): Promise<void>;
}

export interface HttpOptions {
  /** Milliseconds for connect, for the answer's headers, and between two chunks of its body. Default 30 000. */
  readonly timeoutMs?: number;
  /** Milliseconds for a whole request, however slowly its body comes. Default twice `timeoutMs`. */
  readonly totalTimeoutMs?: number;
  /** Called with each answered or failed request; never with headers or bodies. */
  readonly onRequest?: (event: RequestEvent) => void;
}

/** One request, as it may be logged. */
export interface RequestEvent {
  readonly method: string;
  readonly url: string;
  readonly status?: number;
  readonly error?: ScimErrorCode;
  readonly durationMs: number;
  readonly correlationId?: string;
}

/** HTTP over undici. It does not retry and does not follow redirects: a token goes to the host that the settings name, and nowhere else. */
export function createHttp(options: HttpOptions = {}): Http {
  const timeoutMs = options.timeoutMs ?? 30_000;
  const agent = new Agent({
    connect: { timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connections: 64,
  });
  const totalTimeoutMs = options.totalTimeoutMs ?? timeoutMs * 2;

  const exchange = async (request: HttpRequest): Promise<HttpResponse> => {
    const deadline = AbortSignal.timeout(totalTimeoutMs);
    const signal = request.signal === undefined ? deadline : AbortSignal.any([deadline, request.signal]);
    try {
      const answer = await undiciRequest(request.url, {
        method: request.method,
        headers: request.headers,
        body: request.body ?? null,
        signal,
        dispatcher: agent,
      });
      const body = await readBody(answer.body, request, answer.statusCode);
      return { status: answer.statusCode, headers: joinHeaders(answer.headers), body };
    } catch (error) {
      if (error instanceof ScimError) throw error;
      request.signal?.throwIfAborted();
      throw toScimError(error, request, deadline.aborted);
    }
  };

  return {
    async send(request) {
      const started = performance.now();
      const base = { method: request.method, url: request.url.href };
      const took = (): number => Math.round(performance.now() - started);
      try {
        const response = await exchange(request);
        const correlationId = correlationIdOf(response);
        options.onRequest?.({
          ...base,
          status: response.status,
          durationMs: took(),
          ...(correlationId === undefined ? {} : { correlationId }),
        });
        return response;
      } catch (error) {
        if (error instanceof ScimError) options.onRequest?.({ ...base, error: error.code, durationMs: took() });
        throw error;
      }
    },
    close: () => agent.close(),
  };
}

async function readBody(stream: AsyncIterable<Buffer>, request: HttpRequest, status: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES)
      throw new ScimError('body_too_large', { method: request.method, url: request.url.href, status });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function joinHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) joined[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return joined;
}

/** Codes of failures that happen before a byte of the request leaves this machine. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

function toScimError(error: unknown, request: HttpRequest, deadlinePassed: boolean): ScimError {
  const codes = errorCodes(error);
  const detail = cleanText(
    error instanceof Error ? [error.message, ...codes].filter((part) => part !== '').join(' ') : String(error),
  );
  const facts = { method: request.method, url: request.url.href, detail };
  if (codes.some((code) => NOT_SENT.has(code))) return new ScimError('connection_failed', facts, { cause: error });
  if (
    deadlinePassed ||
    error instanceof undiciErrors.HeadersTimeoutError ||
    error instanceof undiciErrors.BodyTimeoutError
  ) {
    return new ScimError('timeout', facts, { cause: error });
  }
  return new ScimError('connection_lost', facts, { cause: error });
}

function errorCodes(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const own = 'code' in error && typeof error.code === 'string' ? [error.code] : [];
  const inner = error instanceof AggregateError ? error.errors.flatMap(errorCodes) : [];
  return [...own, ...inner, ...errorCodes(error.cause)];
}
