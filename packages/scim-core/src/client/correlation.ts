import * as z from 'zod';
import { cleanText } from '../errors.ts';

/** Headers that carry the id of a request, the vendor's first; the others are common on other SCIM servers. */
const HEADERS = ['inin-correlation-id', 'x-amzn-requestid', 'x-request-id', 'x-correlation-id'];

const bodySchema = z.object({ contextId: z.string().min(1).max(1000) });

/** The id under which the target's support finds a request: a header, or `contextId` of the vendor's error body. */
export function correlationIdOf(answer: {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}): string | undefined {
  const header = HEADERS.map((name) => answer.headers[name]).find((value) => value !== undefined && value !== '');
  const id =
    header ?? (answer.status >= 400 ? bodySchema.safeParse(parseJson(answer.body)).data?.contextId : undefined);
  return id === undefined ? undefined : cleanText(id, 200);
}

/** @returns undefined if the text is not JSON */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
