import { z } from 'zod';
import type { GroupFields } from './directory.ts';
import type { ScimErrorType } from './errors.ts';
import { FilterError, matchesFilter, parseFilter } from './scim-filter.ts';
import { PATCH_OP_URN, withoutGroupUrn } from './urns.ts';

/** A PATCH request (RFC 7644 section 3.5.2). Operation names are read without regard to case, as Entra ID needs. */
export const patchRequestSchema = z.looseObject({
  schemas: z.array(z.string()).refine((urns) => urns.some((urn) => urn.toLowerCase() === PATCH_OP_URN.toLowerCase()), {
    message: `must contain ${PATCH_OP_URN}`,
  }),
  Operations: z
    .array(
      z.looseObject({
        op: z
          .string()
          .toLowerCase()
          .pipe(z.enum(['add', 'remove', 'replace'])),
        path: z.string().min(1).max(2048).optional(),
        value: z.unknown().optional(),
      }),
    )
    .min(1)
    .max(10_000),
});

/** One operation after parsing. */
export interface PatchOperation {
  op: 'add' | 'remove' | 'replace';
  path?: string | undefined;
  value?: unknown;
}

/** An operation that cannot be applied. */
export class PatchError extends Error {
  readonly scimType: ScimErrorType;

  constructor(scimType: ScimErrorType, message: string) {
    super(message);
    this.name = 'PatchError';
    this.scimType = scimType;
  }
}

/** A member as a client sends it. Only `value` is stored, the rest is read from the directory. */
export const memberSchema = z.looseObject({
  value: z.string().min(1).max(256),
  $ref: z.string().max(2048).optional(),
  display: z.string().max(4096).optional(),
  type: z.string().max(64).optional(),
});

const memberListSchema = z.union([z.array(memberSchema), memberSchema.transform((member) => [member])]);

/** Attributes that only the server sets; a path-less operation may carry them, as Okta does with `id`. */
const READ_ONLY = new Set(['id', 'schemas', 'meta']);

/**
 * Applies all operations to a copy, in order.
 * Removing a member that is not there changes nothing, so a repeated request has the same result.
 * @throws PatchError with the SCIM keyword for the first operation that cannot be applied
 */
export function applyPatch(group: GroupFields, operations: readonly PatchOperation[]): GroupFields {
  return operations.reduce<GroupFields>(applyOperation, group);
}

/** How many member values a request carries, over all its operations. */
export function countMemberValues(operations: readonly PatchOperation[]): number {
  let count = 0;
  for (const { path, value } of operations) {
    const members = path === undefined ? memberProperty(value) : isMembersPath(path) ? value : undefined;
    count += Array.isArray(members) ? members.length : members === undefined ? 0 : 1;
  }
  return count;
}

function memberProperty(value: unknown): unknown {
  if (!isObject(value)) return undefined;
  return Object.entries(value).find(([name]) => isMembersPath(name))?.[1];
}

function isMembersPath(path: string): boolean {
  return withoutGroupUrn(path).toLowerCase() === 'members';
}

function applyOperation(group: GroupFields, operation: PatchOperation): GroupFields {
  const { op, path, value } = operation;
  if (path !== undefined) return applyAt(group, op, path, value);
  // RFC 7644 section 3.5.2.2: a remove without a path is an error with scimType noTarget.
  if (op === 'remove') throw new PatchError('noTarget', 'remove needs a path');
  if (!isObject(value)) throw new PatchError('invalidValue', `${op} without a path needs an object as value`);
  return Object.entries(value)
    .filter(([name]) => !READ_ONLY.has(name.toLowerCase()))
    .reduce<GroupFields>((next, [name, part]) => applyAt(next, op, name, part), group);
}

function applyAt(group: GroupFields, op: PatchOperation['op'], path: string, value: unknown): GroupFields {
  const name = withoutGroupUrn(path);
  const lower = name.toLowerCase();
  if (lower === 'displayname') return { ...group, displayName: toDisplayName(op, value) };
  if (lower === 'externalid') return { ...group, externalId: toExternalId(op, value) };
  if (lower === 'members') return { ...group, members: changeMembers(group.members, op, value) };
  if (lower.startsWith('members[')) return { ...group, members: changeMatching(group.members, op, name, value) };
  if (READ_ONLY.has(lower)) throw new PatchError('mutability', `${path} is read-only`);
  if (lower.startsWith('urn:')) return { ...group, extensions: changeExtension(group.extensions, op, name, value) };
  throw new PatchError('invalidPath', `${JSON.stringify(path)} is not a path of a group`);
}

function toDisplayName(op: PatchOperation['op'], value: unknown): string {
  // RFC 7644 section 3.5.2.2: a required attribute cannot be removed; the keyword is mutability.
  if (op === 'remove') throw new PatchError('mutability', 'displayName is required and cannot be removed');
  if (typeof value !== 'string' || value.trim() === '') {
    throw new PatchError('invalidValue', 'displayName must be a string that is not empty');
  }
  return value;
}

function toExternalId(op: PatchOperation['op'], value: unknown): string | undefined {
  // RFC 7643 section 2.5: null and "no value" are the same.
  if (op === 'remove' || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw new PatchError('invalidValue', 'externalId must be a string');
  return value;
}

function changeMembers(members: readonly string[], op: PatchOperation['op'], value: unknown): readonly string[] {
  if (op === 'add') return [...new Set([...members, ...toMembers(value)])];
  if (op === 'replace') return value === null ? [] : [...new Set(toMembers(value))];
  // Entra ID lists the members to remove in `value`. Removing all of them instead would empty the group.
  if (value === undefined || value === null) return [];
  const gone = new Set(toMembers(value));
  return members.filter((member) => !gone.has(member));
}

function changeMatching(
  members: readonly string[],
  op: PatchOperation['op'],
  path: string,
  value: unknown,
): readonly string[] {
  if (op === 'add') throw new PatchError('invalidPath', `add cannot use the filter in ${JSON.stringify(path)}`);
  const matches = memberPredicate(path);
  const rest = members.filter((member) => !matches(member));
  if (op === 'remove') return rest;
  // RFC 7644 section 3.5.2.3: replace with a filter that matches nothing is an error with scimType noTarget.
  if (rest.length === members.length) throw new PatchError('noTarget', `${path} matches no member`);
  return [...new Set([...rest, ...toMembers(value)])];
}

function memberPredicate(path: string): (member: string) => boolean {
  try {
    const node = parseFilter(path);
    if (node.kind !== 'member') throw new PatchError('invalidPath', `${JSON.stringify(path)} is more than one path`);
    return (member) => matchesFilter(node, { id: '', displayName: '', members: [member] });
  } catch (error) {
    if (error instanceof FilterError) throw new PatchError('invalidPath', `${path}: ${error.message}`);
    throw error;
  }
}

function toMembers(value: unknown): string[] {
  const result = memberListSchema.safeParse(value);
  if (!result.success) throw new PatchError('invalidValue', 'members must be objects with a string "value"');
  return result.data.map((member) => member.value);
}

function changeExtension(
  extensions: GroupFields['extensions'],
  op: PatchOperation['op'],
  path: string,
  value: unknown,
): GroupFields['extensions'] {
  const [urn, attribute] = splitExtensionPath(extensions, path, value);
  const next = new Map(Object.entries(extensions));
  if (attribute === undefined) {
    const merged = op === 'add' && isObject(value) ? { ...objectAt(next, urn), ...value } : value;
    if (op === 'remove' || value === null) next.delete(urn);
    else next.set(urn, merged);
  } else {
    const inner = new Map(Object.entries(objectAt(next, urn)));
    if (op === 'remove' || value === null) inner.delete(attribute);
    else inner.set(attribute, value);
    if (inner.size === 0) next.delete(urn);
    else next.set(urn, Object.fromEntries(inner));
  }
  return Object.fromEntries(next);
}

/** A URN and an attribute are both joined by colons. A known URN or an object as value means the whole extension. */
function splitExtensionPath(
  extensions: GroupFields['extensions'],
  path: string,
  value: unknown,
): [urn: string, attribute: string | undefined] {
  if (Object.hasOwn(extensions, path)) return [path, undefined];
  const colon = path.lastIndexOf(':');
  const urn = path.slice(0, colon);
  if (Object.hasOwn(extensions, urn) || !isObject(value)) return [urn, path.slice(colon + 1)];
  return [path, undefined];
}

function objectAt(map: ReadonlyMap<string, unknown>, key: string): Record<string, unknown> {
  const value = map.get(key);
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
