import { createHash } from 'node:crypto';
import { packDefinition, unpackDefinition, type WireDefinition } from '@scim-onboarding/onboarding-contract';

/**
 * Replaces personal data in the JSON of a history, and leaves what a replay needs: every event, the results that steer the workflow,
 * failure types, and the number of members.
 *
 * Replaced, each value by a digest of itself, so that equal values stay equal:
 * - ids of the members of every definition, and wherever else those ids stand; their e-mails are left out
 * - e-mail addresses in any text, failure messages included
 * - `requestedBy` and `by`, and the text values of extensions and descriptions
 * - identities of clients and workers, and the queues that are named after them
 *
 * Emptied: stack traces, and the details that the Temporal UI shows.
 *
 * Payloads that are encrypted stay as they are; decrypt them first (`decryptHistory`). Names and externalIds of groups stay: they are what a run is about.
 *
 * @param json protobuf JSON of a history
 */
export function redactHistory(json: string): string {
  const history: unknown = JSON.parse(json);
  const ids = new Set<string>();
  walk(history, (payload) => collectMemberIds(decoded(payload), ids));
  const clean = textCleaner(ids);
  const redacted = walk(history, (payload) => {
    const value = decoded(payload);
    return value === undefined ? payload : encoded(payload, redactValue(value, clean));
  });
  return JSON.stringify(redactPlain(redacted, clean));
}

/** A payload in protobuf JSON: bytes in base64. */
export interface JsonPayload {
  readonly metadata: Readonly<Record<string, string>>;
  readonly data: string;
}

type Json = unknown;

/** A copy in which each payload is replaced by what the function returns; undefined keeps it. */
function walk(value: Json, onPayload: (payload: JsonPayload) => JsonPayload | void): Json {
  if (Array.isArray(value)) return value.map((entry) => walk(entry, onPayload));
  if (!isObject(value)) return value;
  if (isPayload(value)) return onPayload(value) ?? value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, walk(entry, onPayload)]));
}

/** True for an object that is no array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for what has the shape of a payload. */
export function isPayload(value: object): value is JsonPayload {
  return 'metadata' in value && 'data' in value && typeof value.data === 'string' && isObject(value.metadata);
}

/** The value of a payload that is plain JSON. */
function decoded({ metadata, data }: JsonPayload): unknown {
  const encoding = Buffer.from(metadata['encoding'] ?? '', 'base64').toString();
  if (encoding !== 'json/plain') return undefined;
  return JSON.parse(Buffer.from(data, 'base64').toString()) as unknown;
}

function encoded({ metadata }: JsonPayload, value: unknown): JsonPayload {
  return { metadata, data: Buffer.from(JSON.stringify(value)).toString('base64') };
}

/** A definition, packed or not, wherever it stands: in the input, or in a decision that amends it. */
function isDefinition(value: Record<string, unknown>): value is Record<string, unknown> & WireDefinition {
  const { externalId, members } = value;
  if (typeof externalId !== 'string') return false;
  return Array.isArray(members) || (isObject(members) && typeof members['gzip'] === 'string');
}

function collectMemberIds(value: unknown, ids: Set<string>): void {
  if (Array.isArray(value)) for (const entry of value) collectMemberIds(entry, ids);
  if (!isObject(value)) return;
  if (isDefinition(value)) for (const { id } of unpackDefinition(value).members) ids.add(id);
  for (const entry of Object.values(value)) collectMemberIds(entry, ids);
}

type Clean = (text: string) => string;

/** Values of these keys are people's names or free text. */
const NAMES = new Set(['requestedBy', 'by', 'description']);

function redactValue(value: unknown, clean: Clean): unknown {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) return value.map((entry) => redactValue(entry, clean));
  if (!isObject(value)) return value;
  if (isDefinition(value)) return redactDefinition(value, clean);
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key,
      NAMES.has(key) && typeof entry === 'string' ? digest(entry) : redactValue(entry, clean),
    ]),
  );
}

function redactDefinition(value: WireDefinition, clean: Clean): WireDefinition {
  const { members, description, extensions, ...rest } = unpackDefinition(value);
  return packDefinition({
    ...(redactValue(rest, clean) as typeof rest),
    ...(description !== undefined && { description: digest(description) }),
    ...(extensions !== undefined && { extensions: digestLeaves(extensions) as typeof extensions }),
    members: members.map(({ id }) => ({ id: digest(id) })),
  });
}

function digestLeaves(value: unknown): unknown {
  if (typeof value === 'string') return digest(value);
  if (Array.isArray(value)) return value.map(digestLeaves);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, digestLeaves(entry)]));
}

/** What stands in the events themselves, outside of payloads. */
function redactPlain(value: Json, clean: Clean, key = ''): Json {
  if (typeof value === 'string') {
    if (key === 'stackTrace') return '';
    if (key === 'identity') return digest(value);
    return key === 'message' || key === 'reason' ? clean(value) : value;
  }
  if (Array.isArray(value)) return value.map((entry) => redactPlain(entry, clean, key));
  if (!isObject(value)) return value;
  if (isPayload(value)) {
    if (key === 'details') return encodedText(value);
    // A memo or search attribute that is a person's name, not an object that holds one.
    return NAMES.has(key) && typeof decoded(value) === 'string'
      ? encoded(value, digest(String(decoded(value))))
      : value;
  }
  const entries = Object.entries(value).map(([name, entry]) => [name, redactPlain(entry, clean, name)] as const);
  // The queue of one worker is named after its process and host.
  const ofOneWorker = value['kind'] === 'TASK_QUEUE_KIND_STICKY' && typeof value['name'] === 'string';
  return { ...Object.fromEntries(entries), ...(ofOneWorker && { name: digest(String(value['name'])) }) };
}

/** The details of the UI name the requester in the middle of a text. */
function encodedText(payload: JsonPayload): JsonPayload {
  return decoded(payload) === undefined ? payload : encoded(payload, 'redacted');
}

const EMAIL = /[^\s"'<>()[\],;:]+@[^\s"'<>()[\],;:]+\.[A-Za-z]{2,}/gu;
const WORD = /[\p{L}\p{N}_.@+-]+/gu;

/** Digests e-mail addresses and member ids in a text. */
function textCleaner(ids: ReadonlySet<string>): Clean {
  // Ids with other characters than those of a word are looked for one by one.
  const odd = [...ids].filter((id) => id.match(WORD)?.[0] !== id);
  return (text) => {
    if (ids.has(text)) return digest(text);
    const words = text.replace(EMAIL, digest).replace(WORD, (word) => (ids.has(word) ? digest(word) : word));
    return odd.reduce((cleaned, id) => cleaned.replaceAll(id, digest(id)), words);
  };
}

/** Not secret: whoever has a list of ids can find out which of them it is. */
function digest(text: string): string {
  return `redacted-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}
