import type { z } from 'zod';
import { describeIssues, errorBody } from './errors.ts';
import { type Exchange, mediaType, parseJson, ReplyError } from './http.ts';

/**
 * Reads a JSON body the way Genesys' gateway does, before the service behind it sees the request.
 * @throws ReplyError with an `ErrorBody`: 415, or 400 `bad.request` (no JSON) or `constraint.validation` (wrong shape)
 */
export function readGatewayBody<T extends z.ZodType>(
  exchange: Exchange,
  schema: T,
  mediaTypes: readonly string[],
): z.output<T> {
  const type = mediaType(exchange);
  if (!mediaTypes.includes(type)) {
    const message = `Content type ${JSON.stringify(type)} is not supported; use ${mediaTypes.join(' or ')}`;
    throw new ReplyError(errorBody(exchange, 415, 'unsupported.media.type', message));
  }
  const value = parseJson(exchange.text);
  if (value === undefined) throw new ReplyError(errorBody(exchange, 400, 'bad.request', 'The body is not JSON'));
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new ReplyError(errorBody(exchange, 400, 'constraint.validation', describeIssues(result.error)));
}
