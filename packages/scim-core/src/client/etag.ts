/**
 * A version as `If-Match` takes it (RFC 9110 section 13.1.1). Genesys Cloud has `meta.version` 56 and the entity tag `"56"`; others
 * have the whole tag, weak or strong, in `meta.version` (RFC 7643 section 3.1).
 */
export function entityTag(version: string): string {
  return /^(?:W\/)?".*"$/u.test(version) ? version : `"${version}"`;
}
