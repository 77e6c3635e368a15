import type { PATCH_OP } from './urns.ts';

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
