import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { INPUT_LIMITS, type GroupDefinition, type MemberDefinition } from '@scim-onboarding/scim-core';
import type { PackedMembers, WireDefinition } from './input.ts';

/** Members whose JSON is larger than this are packed; smaller ones stay readable in the Temporal UI. */
const PACK_ABOVE_BYTES = 64 * 1024;

/** What unpacking may produce at most: 50 000 members with long ids and e-mails. */
const MAX_UNPACKED_BYTES = 32 * 1024 * 1024;

/** Makes a definition ready to travel. */
export function packDefinition(definition: GroupDefinition): WireDefinition {
  if (Buffer.byteLength(JSON.stringify(definition.members)) <= PACK_ABOVE_BYTES) return definition;
  const lines = definition.members.map(({ id, email }) => JSON.stringify(email === undefined ? [id] : [id, email]));
  const members: PackedMembers = {
    count: definition.members.length,
    gzip: gzipSync(lines.join('\n'), { level: 9 }).toString('base64'),
  };
  return { ...definition, members };
}

const lineSchema = z.tuple([z.string()]).or(z.tuple([z.string(), z.string()]));

/**
 * The definition as it was before {@link packDefinition}. What it holds is not validated here.
 *
 * @throws {Error} if the packed members cannot be read
 */
export function unpackDefinition(wire: WireDefinition): GroupDefinition {
  const { members, ...rest } = wire;
  if (!('gzip' in members)) return { ...rest, members };
  const text = gunzipSync(Buffer.from(members.gzip, 'base64'), { maxOutputLength: MAX_UNPACKED_BYTES }).toString(
    'utf8',
  );
  const unpacked = text.split('\n', INPUT_LIMITS.members + 1).map(readLine);
  if (unpacked.length !== members.count)
    throw new Error(`${unpacked.length} packed members instead of ${members.count}`);
  return { ...rest, members: unpacked };
}

function readLine(line: string): MemberDefinition {
  const [id, email] = lineSchema.parse(JSON.parse(line));
  return email === undefined ? { id } : { id, email };
}
