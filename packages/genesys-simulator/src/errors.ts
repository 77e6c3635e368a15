import type { z } from 'zod';
import { type Exchange, jsonReply, type Reply, SCIM_TYPE } from './http.ts';
import { ERROR_URN } from './urns.ts';

/** SCIM detail error keywords used here (RFC 7644 section 3.12, table 9). */
export type ScimErrorType =
  | 'invalidFilter'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue'
  | 'invalidVers'
  | 'tooMany';

/** Answer in the form of Genesys' gateway: `ErrorBody` of its published API description. */
export function errorBody(
  exchange: Pick<Exchange, 'correlationId'>,
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  const body = { message, code, status, contextId: exchange.correlationId, details: [], errors: [] };
  return jsonReply(status, body, headers);
}

/** Answer 429 with the text Genesys uses since 2021. `retryAfter` is the value of the header, if one is sent. */
export function tooManyRequests(
  exchange: Pick<Exchange, 'correlationId'>,
  seconds: number,
  retryAfter: string | undefined,
): Reply {
  if (retryAfter === undefined) {
    return errorBody(exchange, 429, 'too.many.requests', 'Rate limit exceeded the maximum.');
  }
  return errorBody(
    exchange,
    429,
    'too.many.requests.retry.after',
    `Rate limit exceeded the maximum. Retry the request in [${seconds}] seconds`,
    { 'retry-after': retryAfter },
  );
}

/** Answer in the form of RFC 7644 section 3.12: `status` is a string there. */
export function scimError(status: number, detail: string, scimType?: ScimErrorType): Reply {
  const body = {
    schemas: [ERROR_URN],
    status: String(status),
    ...(scimType === undefined ? {} : { scimType }),
    detail,
  };
  return jsonReply(status, body, {}, SCIM_TYPE);
}

/** Answer 405 with the methods that exist. */
export function methodNotAllowed(exchange: Exchange, allowed: readonly string[]): Reply {
  const message = `${exchange.method} is not possible on ${exchange.url.pathname}; possible: ${allowed.join(', ')}`;
  return errorBody(exchange, 405, 'method.not.allowed', message, { allow: allowed.join(', ') });
}

/** One line for a zod error: JSON path and text of each issue. At most five are named. */
export function describeIssues(error: z.ZodError): string {
  const named = error.issues.slice(0, 5).map((issue) => `${jsonPath(issue.path)}: ${issue.message}`);
  const rest = error.issues.length - named.length;
  return rest > 0 ? `${named.join('; ')}; and ${rest} more` : named.join('; ');
}

function jsonPath(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return text === '' ? '(body)' : text.replace(/^\./, '');
}
