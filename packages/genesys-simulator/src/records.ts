import { z } from 'zod';

/** A group as a test or a person wants to see it. */
export const simulatedGroupSchema = z.object({
  id: z.string(),
  displayName: z.string(),
  externalId: z.string().optional(),
  members: z.array(z.string()),
  version: z.number(),
  /** The next three are set by Genesys' Groups API or a seed only. */
  description: z.string().optional(),
  visibility: z.enum(['public', 'owners', 'members']).optional(),
  type: z.enum(['official', 'social']).optional(),
});
export type SimulatedGroup = z.infer<typeof simulatedGroupSchema>;

/** One request that was answered or dropped. */
export const loggedRequestSchema = z.object({
  /** Order of arrival, from 1. */
  seq: z.number(),
  /** Time of arrival, ISO 8601. */
  at: z.string(),
  method: z.string(),
  /** Path and query, percent signs decoded. */
  path: z.string(),
  /** `dropped`: the client got no complete answer. */
  status: z.union([z.number(), z.literal('dropped')]),
  /** Kind of the fault that struck. */
  fault: z.string().optional(),
  /** For writes other than the token request: whether the write took effect, whatever the client was told. */
  committed: z.boolean().optional(),
  /** Parsed JSON body. Never kept for the token request; the oldest are given up when there are too many bytes. */
  body: z.unknown().optional(),
  /** From arrival to the end of the answer. */
  durationMs: z.number(),
});
export type LoggedRequest = z.infer<typeof loggedRequestSchema>;

/** Which log entries are wanted. */
export interface RequestFilter {
  /** In any case. */
  method?: string | undefined;
  /** A part of the decoded path and query. */
  path?: string | undefined;
  status?: number | 'dropped' | undefined;
}

/** A webhook that reached the sink. */
export const receivedWebhookSchema = z.object({
  /** Time of arrival, ISO 8601. */
  at: z.string(),
  /** Header names are lower case; `authorization` is left out. */
  headers: z.record(z.string(), z.string()),
  rawBody: z.string(),
  /** Parsed JSON, absent when the body is not JSON. */
  body: z.unknown().optional(),
  /** Absent when no secret is set. */
  signatureValid: z.boolean().optional(),
});
export type ReceivedWebhook = z.infer<typeof receivedWebhookSchema>;
