import { PATCH_OP } from './urns.ts';

/** The body of a PATCH (RFC 7644 section 3.5.2). */
export interface PatchRequest {
  readonly schemas: readonly [typeof PATCH_OP];
  readonly Operations: readonly PatchOperation[];
}

export interface PatchOperation {
  readonly op: 'add' | 'remove' | 'replace';
  readonly path?: string;
  readonly value?: unknown;
}

/** Adds members by id. Members that are there already stay as they are (RFC 7644 section 3.5.2.1). */
export function addMembersPatch(memberIds: readonly string[]): PatchRequest {
  return {
    schemas: [PATCH_OP],
    Operations: [{ op: 'add', path: 'members', value: memberIds.map((value) => ({ value })) }],
  };
}
