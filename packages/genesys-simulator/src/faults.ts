import { z } from 'zod';
import { describeIssues } from './errors.ts';

const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'not a header name');
const headerValue = z.string().regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'not a header value');
const headers = z.record(headerName, headerValue);
const body = z.string().max(10_000_000);
const milliseconds = z.number().int().min(0).max(3_600_000);
const status = z.number().int().min(200).max(599);

const common = {
  match: z
    .strictObject({
      method: z.string().max(16).optional(),
      path: z.string().max(4096).optional(),
      bodyIncludes: z.string().max(100_000).optional(),
    })
    .default({}),
  times: z.union([z.number().int().min(1), z.literal('always')]).default(1),
  skip: z.number().int().min(0).default(0),
};

const answer = { headers: headers.optional(), body: body.optional(), contentType: headerValue.optional() };

/**
 * A fault, told apart by `kind`.
 * `match`: method (any case), `path` (a part of the decoded path and query), `bodyIncludes` (a part of the raw body);
 * without it every request matches. `times`: how often it strikes (1). `skip`: how many matches pass before (0).
 */
export const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...common,
    kind: z.literal('rate-limited'),
    retryAfterSeconds: z.number().int().min(0).max(86_400).default(1),
    form: z.enum(['seconds', 'http-date', 'none']).default('seconds'),
  }),
  z.strictObject({ ...common, ...answer, kind: z.literal('respond'), status }),
  z.strictObject({ ...common, kind: z.literal('delay'), ms: milliseconds }),
  z.strictObject({ ...common, kind: z.literal('drop-before') }),
  z.strictObject({ ...common, kind: z.literal('drop-after-commit') }),
  z.strictObject({ ...common, ...answer, kind: z.literal('commit-then-respond'), status }),
  z.strictObject({
    ...common,
    kind: z.literal('slow-body'),
    chunkDelayMs: milliseconds,
    chunkBytes: z.number().int().min(1).max(1_000_000),
  }),
  z.strictObject({ ...common, kind: z.literal('expire-tokens') }),
  z.strictObject({ ...common, kind: z.literal('token-rate-limited') }),
  // The group is missing from reads, as after a create that has not reached every part of the vendor yet.
  z.strictObject({ ...common, kind: z.literal('hide-group'), name: z.string().min(1).max(4096) }),
  z.strictObject({
    ...common,
    kind: z.literal('create-first'),
    group: z.strictObject({
      displayName: z.string().min(1).max(4096),
      externalId: z.string().min(1).max(4096).optional(),
      members: z.array(z.string().min(1).max(256)).max(100_000).optional(),
    }),
  }),
]);

/** A fault as callers write it. */
export type Fault = z.input<typeof faultSchema>;
/** A fault with its defaults filled in. */
export type ParsedFault = z.output<typeof faultSchema>;

/** The part of a request that faults look at. */
export interface FaultSubject {
  method: string;
  /** Decoded path and query. */
  path: string;
  body: string;
}

/** @throws TypeError naming the JSON paths that are wrong */
export function parseFault(value: unknown): ParsedFault {
  const result = faultSchema.safeParse(value);
  if (!result.success) throw new TypeError(`not a fault: ${describeIssues(result.error)}`);
  return result.data;
}

/** Faults that wait for a request, in the order they were added. */
export class FaultQueue {
  #pending: { fault: ParsedFault; toSkip: number; left: number }[] = [];

  add(fault: ParsedFault): void {
    const left = fault.times === 'always' ? Number.POSITIVE_INFINITY : fault.times;
    this.#pending.push({ fault, toSkip: fault.skip, left });
  }

  clear(): void {
    this.#pending = [];
  }

  /** The first fault that matches and has not struck often enough; it counts as used. */
  take(subject: FaultSubject): ParsedFault | undefined {
    for (const entry of this.#pending) {
      if (!matches(entry.fault, subject)) continue;
      if (entry.toSkip > 0) {
        entry.toSkip -= 1;
        continue;
      }
      entry.left -= 1;
      if (entry.left <= 0) this.#pending = this.#pending.filter((other) => other !== entry);
      return entry.fault;
    }
    return undefined;
  }
}

function matches(fault: ParsedFault, subject: FaultSubject): boolean {
  const { method, path, bodyIncludes } = fault.match;
  if (method !== undefined && method.toUpperCase() !== subject.method) return false;
  if (path !== undefined && !subject.path.includes(path)) return false;
  if (bodyIncludes !== undefined && !subject.body.includes(bodyIncludes)) return false;
  // Spent on a request that reads no groups, it would have no effect.
  if (fault.kind === 'hide-group') return subject.method === 'GET' && /\/groups\b/i.test(subject.path);
  // Its answer exists on the token endpoint only.
  return fault.kind !== 'token-rate-limited' || subject.path.startsWith('/oauth/token');
}
