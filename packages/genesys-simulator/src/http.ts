import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** One request, read to its end. */
export interface Exchange {
  readonly method: string;
  readonly url: URL;
  /** Scheme and host as the caller wrote them; absolute links in answers start with it. */
  readonly origin: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
  /** True when the body was longer than the limit. `body` is empty then. */
  readonly tooLarge: boolean;
  /** Value of the answer's `inin-correlation-id`, and `contextId` of an error. */
  readonly correlationId: string;
  /** Name, in lower case, of a group that this request does not see, though it counts for unique names. */
  readonly hiddenGroup?: string | undefined;
}

/** One answer. Header names are lower case. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Thrown by a route to leave with a ready answer. */
export class ReplyError extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(`HTTP ${reply.status}`);
    this.name = 'ReplyError';
    this.reply = reply;
  }
}

export const JSON_TYPE = 'application/json';
export const SCIM_TYPE = 'application/scim+json';

/** An answer with a JSON body. */
export function jsonReply(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
  contentType: string = JSON_TYPE,
): Reply {
  return { status, headers: { 'content-type': contentType, ...headers }, body: JSON.stringify(value) };
}

/** An answer without a body. */
export function emptyReply(status: number, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers, body: '' };
}

/** Reads a request body of at most `limit` bytes. The rest of a longer one is read and thrown away. */
export async function readBody(request: IncomingMessage, limit: number): Promise<{ body: Buffer; tooLarge: boolean }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // The answer 413 can only reach a client that has finished sending, so a long body is drained, not cut.
    if (size <= limit) chunks.push(chunk);
  }
  return size > limit ? { body: Buffer.alloc(0), tooLarge: true } : { body: Buffer.concat(chunks), tooLarge: false };
}

/** Path and query as a person would write them: percent signs decoded, `+` of the query read as a space. */
export function decodedPath(url: URL): string {
  return `${decodeOrKeep(url.pathname)}${decodeOrKeep(url.search.replaceAll('+', ' '))}`;
}

/** Percent-decodes text; text that is not valid percent encoding comes back as it is. */
export function decodeOrKeep(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The media type of a request without its parameters, in lower case. */
export function mediaType(exchange: Exchange): string {
  return (exchange.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** Parses JSON text; `undefined` when it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
